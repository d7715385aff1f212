import { JobSpec } from "@parley/core";
import { z } from "zod";

const Milliseconds = z.number().nonnegative();

/** A job of a simulated engine. Its whole course is settled when it is submitted; the clock only reveals it. */
export const SimulatedJob = z.object({
  siteJobId: z.string(),
  tag: z.string(),
  spec: JobSpec,
  /** Units of the site it occupies from start to end. */
  units: z.number().int().positive(),
  submittedAtMs: Milliseconds,
  startAtMs: Milliseconds,
  endAtMs: Milliseconds,
  exitCode: z.number().int(),
  /** Ended by its walltime. */
  timedOut: z.boolean(),
  canceledAtMs: Milliseconds.optional(),
});
export type SimulatedJob = z.infer<typeof SimulatedJob>;

/** Keeps the jobs of a simulated site over a restart. */
export interface JobStore {
  /** What {@link JobStore.save} was last given; validated before use. Absent when there is nothing. */
  load(): Promise<unknown>;
  save(jobs: readonly SimulatedJob[]): Promise<void>;
}
