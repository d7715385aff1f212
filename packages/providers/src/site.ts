import type { Facts, Manifest, Policy, Prices, ProbeReport } from "@parley/core";
import type { Engine } from "@parley/engines";
import type { FactsQuery, Provider, ProviderCallOptions } from "./provider.ts";

/** Everything known about one computing site, real or simulated: its providers, its engines, its operator's rules. */
export interface Site {
  readonly workerId: string;
  /** Present and empty providers only, by name; one that was out of reach joins when it answers. */
  readonly providers: ReadonlyMap<string, Provider>;
  /** What every probe answered, absent ones included. */
  readonly probes: readonly ProbeReport[];
  /** Engines that may run jobs, in order of preference. */
  readonly engines: readonly Engine[];
  readonly prices?: Prices | undefined;
  readonly policy?: Policy | undefined;
  /** Static facts by category and provider, each with `scope` and `observedAt`; prices and policy under `site`. */
  manifest(options?: ProviderCallOptions): Promise<Manifest>;
  /** Current facts, merged; one provider that fails is a probe report, never an exception. */
  facts(query: FactsQuery, options?: ProviderCallOptions): Promise<Facts>;
  /** Ground truth in the seed's form; real providers answer with their metadata. */
  truth(): Promise<SiteTruth>;
  close(): Promise<void>;
}

/** One worker's entry of the truth export, in the seed's form. */
export interface SiteTruth {
  readonly truth: Manifest;
  readonly registry: Readonly<Record<string, readonly string[]>>;
  readonly metadata: { readonly archetype?: string };
}
