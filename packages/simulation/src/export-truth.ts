import { systemClock, toParleyError, type Clock } from "@parley/core";
import type { Site, SiteTruth } from "@parley/providers";

/** A site that could not say its truth. */
export interface TruthError {
  readonly type: "error";
  readonly message: string;
}

/** The seed's ground-truth file. */
export interface TruthExport {
  /** Seconds since the epoch, with a fraction. */
  readonly timestamp: number;
  readonly ground_truth: Readonly<Record<string, SiteTruth | TruthError>>;
  /** Sites per archetype. */
  readonly archetypes: Readonly<Record<string, number>>;
  /** Sites per provider, by category. */
  readonly counts: Readonly<Record<string, Readonly<Record<string, number>>>>;
}

async function truthOf(site: Site): Promise<SiteTruth | TruthError> {
  try {
    return await site.truth();
  } catch (error) {
    return { type: "error", message: toParleyError(error).message };
  }
}

function increment(counts: Map<string, number>, name: string): void {
  counts.set(name, (counts.get(name) ?? 0) + 1);
}

/** Collects the truth of sites into the seed's file; a site that fails is an entry of type `error`. */
export async function exportTruth(
  sites: readonly Site[],
  { clock = systemClock }: { readonly clock?: Clock | undefined } = {},
): Promise<TruthExport> {
  const entries = await Promise.all(sites.map(async (site) => [site.workerId, await truthOf(site)] as const));
  const archetypes = new Map<string, number>();
  const counts = new Map<string, Map<string, number>>();
  for (const [, entry] of entries) {
    if ("type" in entry) continue;
    if (entry.metadata.archetype !== undefined) increment(archetypes, entry.metadata.archetype);
    for (const [category, providers] of Object.entries(entry.truth)) {
      const perProvider = counts.get(category) ?? new Map<string, number>();
      counts.set(category, perProvider);
      for (const name of Object.keys(providers)) increment(perProvider, name);
    }
  }
  return {
    timestamp: clock.now() / 1000,
    ground_truth: Object.fromEntries(entries),
    archetypes: Object.fromEntries(archetypes),
    counts: Object.fromEntries(Array.from(counts, ([name, inner]) => [name, Object.fromEntries(inner)])),
  };
}
