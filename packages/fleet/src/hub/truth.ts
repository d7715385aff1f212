import { z } from "zod";
import { answerOf, errorOf } from "../wire/answer.ts";
import type { HubSettings } from "./config.ts";
import { fanOut } from "./fan-out.ts";
import type { Roster } from "./roster.ts";

/** The truth export in the seed's format: ground truth per worker, and how many of what there are. */
export interface FleetTruth {
  /** Seconds since the epoch. */
  readonly timestamp: number;
  readonly ground_truth: Readonly<Record<string, unknown>>;
  readonly archetypes: Readonly<Record<string, number>>;
  readonly counts: Readonly<Record<string, Readonly<Record<string, number>>>>;
}

const Truth = z.object({
  truth: z.record(z.string(), z.record(z.string(), z.unknown())),
  registry: z.record(z.string(), z.array(z.string())).default({}),
  metadata: z.object({ archetype: z.string().optional() }).default({}),
});

export interface TruthOptions {
  readonly now: () => number;
  readonly signal?: AbortSignal | undefined;
}

/** Collects what every worker knows to be so; one that does not answer is an error entry. */
export async function exportTruth(
  roster: Roster,
  settings: HubSettings,
  options: TruthOptions,
): Promise<FleetTruth> {
  const outcomes = await fanOut(
    roster.pick().map((member) => ({ id: member.record.id, member })),
    {
      mode: settings.fanOut,
      timeoutMs: settings.askTimeoutMs,
      now: options.now,
      signal: options.signal,
      ask: async ({ member }, signal) => {
        const result = await member.link.callTool("export_provider_metadata", {}, { signal });
        if (result.isError) throw errorOf(result, member.record.id);
        const value = answerOf(result);
        return Truth.parse(typeof value === "string" ? JSON.parse(value) : value);
      },
    },
  );
  const archetypes = new Map<string, number>();
  const counts = new Map<string, Map<string, number>>();
  const entries = outcomes.map((outcome): [string, unknown] => {
    if (!outcome.ok)
      return [outcome.id, { type: "error", code: outcome.error.code, message: outcome.error.message }];
    const { archetype } = outcome.value.metadata;
    if (archetype !== undefined) count(archetypes, archetype);
    for (const [category, providers] of Object.entries(outcome.value.truth)) {
      const tally = counts.get(category) ?? new Map<string, number>();
      counts.set(category, tally);
      for (const provider of Object.keys(providers)) count(tally, provider);
    }
    return [outcome.id, outcome.value];
  });
  return {
    timestamp: options.now() / 1000,
    ground_truth: Object.fromEntries(entries),
    archetypes: Object.fromEntries(archetypes),
    counts: Object.fromEntries(
      Array.from(counts, ([category, tally]) => [category, Object.fromEntries(tally)]),
    ),
  };
}

function count(tally: Map<string, number>, name: string): void {
  tally.set(name, (tally.get(name) ?? 0) + 1);
}
