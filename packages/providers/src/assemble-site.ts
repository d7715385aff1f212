import { type Policy, type Prices, type ProbeReport, ParleyError, isoTime } from "@parley/core";
import type { Engine } from "@parley/engines";
import { createManifest } from "./_manifest.ts";
import { createRoster } from "./_roster.ts";
import { collectFacts } from "./_site-facts.ts";
import type { Provider } from "./provider.ts";
import type { Site, SiteTruth } from "./site.ts";

/** Options of {@link assembleSite}. */
export interface AssembleSiteOptions {
  readonly workerId: string;
  readonly providers: readonly Provider[];
  /** One report per provider; default: every provider is present. */
  readonly probes?: readonly ProbeReport[] | undefined;
  /** In order of preference. */
  readonly engines?: readonly Engine[] | undefined;
  readonly prices?: Prices | undefined;
  readonly policy?: Policy | undefined;
  /** What a simulated site imitates, for the truth export. */
  readonly archetype?: string | undefined;
  /** Milliseconds one probe may take. Default 3000. */
  readonly probeTimeoutMs?: number | undefined;
  /** Milliseconds one provider may take for facts or metadata. Default 10 000. */
  readonly callTimeoutMs?: number | undefined;
  /** Milliseconds until a provider that was out of reach is probed again. Default 30 000. */
  readonly reprobeMs?: number | undefined;
  /** Milliseconds since the epoch; default the machine's clock. */
  readonly now?: (() => number) | undefined;
}

/**
 * Makes a site of providers that are known already; simulated sites use it directly.
 * @throws {@link ParleyError} `E_CONFIG_INVALID` when two providers share a name
 */
export function assembleSite(options: AssembleSiteOptions): Site {
  const { workerId, engines = [], prices, policy, archetype, now = () => Date.now() } = options;
  const { probeTimeoutMs = 3000, callTimeoutMs = 10_000, reprobeMs = 30_000 } = options;
  refuseDuplicates(options.providers);
  const probes = options.probes ?? options.providers.map(presentReport);
  const roster = createRoster({ providers: options.providers, probes, probeTimeoutMs, reprobeMs, now });
  const manifest = createManifest({ roster, prices, policy, callTimeoutMs, now });
  let closed: Promise<void> | undefined;
  return {
    workerId,
    providers: roster.usable,
    get probes() {
      return roster.probes();
    },
    get engines() {
      const absent = new Set(
        roster.probes().flatMap((probe) => (probe.status === "absent" ? [probe.provider] : [])),
      );
      return engines.filter((engine) => !absent.has(engine.manager));
    },
    prices,
    policy,
    manifest: async (callOptions) => manifest.read(callOptions),
    async facts(query, callOptions = {}) {
      await roster.refresh(callOptions.signal);
      const collected = await collectFacts(roster, query, {
        timeoutMs: callOptions.timeoutMs ?? callTimeoutMs,
        signal: callOptions.signal,
      });
      return {
        schema: "facts/1",
        workerId,
        observedAt: isoTime(now()),
        ...collected,
        ...(prices === undefined ? {} : { prices }),
        ...(policy === undefined ? {} : { policy }),
      };
    },
    async truth(): Promise<SiteTruth> {
      return {
        truth: await manifest.truth(),
        registry: registry(roster.usable),
        metadata: archetype === undefined ? {} : { archetype },
      };
    },
    async close() {
      closed ??= closeAll(engines);
      return closed;
    },
  };
}

function refuseDuplicates(providers: readonly Provider[]): void {
  const names = new Set<string>();
  for (const { name, category } of providers) {
    if (names.has(name)) {
      throw new ParleyError(
        "E_CONFIG_INVALID",
        `Two providers are called ${name}, one of them in ${category}: names are prefixes of tools, rename one.`,
      );
    }
    names.add(name);
  }
}

function presentReport({ name, category, scope }: Provider): ProbeReport {
  return { provider: name, category, status: "present", scope };
}

function registry(providers: ReadonlyMap<string, Provider>): Record<string, string[]> {
  const tools: Record<string, string[]> = {};
  for (const provider of providers.values()) {
    const names = provider.tools.map((tool) => `${provider.name}.${tool.name}`);
    tools[provider.category] = [...(tools[provider.category] ?? []), ...names];
  }
  return tools;
}

async function closeAll(engines: readonly Engine[]): Promise<void> {
  await Promise.allSettled(engines.map(async (engine) => engine.close()));
}
