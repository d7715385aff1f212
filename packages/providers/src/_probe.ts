import type { ProbeReport } from "@parley/core";
import { withDeadline } from "./_bounded.ts";
import type { Provider, ProviderCallOptions } from "./provider.ts";

/** Probes one provider; one that throws or hangs is `failed`. */
export async function probeProvider(
  provider: Provider,
  timeoutMs: number,
  signal?: AbortSignal,
): Promise<ProbeReport> {
  const { name, category, scope } = provider;
  const what = `Provider ${name}`;
  try {
    const { status, detail } = await withDeadline(
      { timeoutMs, signal, what },
      async (options: ProviderCallOptions) => provider.probe(options),
    );
    return { provider: name, category, scope, status, ...(detail === undefined ? {} : { detail }) };
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    return { provider: name, category, scope, status: "failed", detail };
  }
}

/** Whether a provider with this answer can be asked for facts. */
export function isUsable({ status }: ProbeReport): boolean {
  return status === "present" || status === "empty";
}
