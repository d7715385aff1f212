import type { ProbeReport } from "@parley/core";
import { isUsable, probeProvider } from "./_probe.ts";
import type { Provider } from "./provider.ts";

/** Which providers of a site can be asked, and what the probes of the others said. */
export interface Roster {
  readonly usable: ReadonlyMap<string, Provider>;
  probes(): readonly ProbeReport[];
  /** Probes again what was neither usable nor absent, when the last attempt is long enough ago. Never throws. */
  refresh(signal?: AbortSignal): Promise<void>;
}

interface RosterOptions {
  readonly providers: readonly Provider[];
  readonly probes: readonly ProbeReport[];
  readonly probeTimeoutMs: number;
  readonly reprobeMs: number;
  readonly now: () => number;
}

export function createRoster(options: RosterOptions): Roster {
  const { providers, probeTimeoutMs, reprobeMs, now } = options;
  const reports = new Map(options.probes.map((probe) => [probe.provider, probe]));
  const usable = new Map<string, Provider>();
  let probedAtMs = now();
  settle();

  function settle(): void {
    for (const provider of providers) {
      const report = reports.get(provider.name);
      if (report !== undefined && isUsable(report)) usable.set(provider.name, provider);
    }
  }

  return {
    usable,
    probes: () => [...reports.values()],
    async refresh(signal) {
      const waiting = providers.filter(({ name }) => {
        const status = reports.get(name)?.status;
        return status === "unreachable" || status === "forbidden" || status === "failed";
      });
      if (waiting.length === 0 || now() - probedAtMs < reprobeMs) return;
      probedAtMs = now();
      const answers = await Promise.all(
        waiting.map(async (provider) => probeProvider(provider, probeTimeoutMs, signal)),
      );
      for (const answer of answers) reports.set(answer.provider, answer);
      settle();
    },
  };
}
