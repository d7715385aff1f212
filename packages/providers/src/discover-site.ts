import { mapLimited } from "./_bounded.ts";
import { probeProvider } from "./_probe.ts";
import { type AssembleSiteOptions, assembleSite } from "./assemble-site.ts";
import type { Site } from "./site.ts";
import { createWorkloadProvider } from "./workload/workload.ts";

/** Options of {@link discoverSite}. */
export interface DiscoverSiteOptions extends Omit<AssembleSiteOptions, "probes"> {
  /** Most probes at once. Default 16. */
  readonly concurrency?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Probes providers and makes a site of what is there. An engine without a provider of its name gets one. A provider
 * that throws or hangs is a `failed` probe, never an exception.
 * @throws {@link ParleyError} `E_CONFIG_INVALID` when two providers share a name
 */
export async function discoverSite(options: DiscoverSiteOptions): Promise<Site> {
  const { engines = [], probeTimeoutMs = 3000, concurrency = 16, signal, now } = options;
  const named = new Set(options.providers.map((provider) => provider.name));
  const wrapped = engines
    .filter((engine) => !named.has(engine.manager))
    .map((engine) => createWorkloadProvider(engine, { now }));
  const providers = [...wrapped, ...options.providers];
  const probes = await mapLimited(providers, concurrency, async (provider) =>
    probeProvider(provider, probeTimeoutMs, signal),
  );
  return assembleSite({ ...options, providers, probes });
}
