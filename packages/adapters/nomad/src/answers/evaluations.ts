import { z } from "zod";
import { number, numbers, text, texts } from "./fields.ts";

/** Why a group could not be placed, as Nomad counts it. */
export const PlacementMetric = z.object({
  NodesEvaluated: number,
  NodesFiltered: number,
  NodesExhausted: number,
  NodesInPool: number,
  NodesAvailable: numbers,
  ClassFiltered: numbers,
  ClassExhausted: numbers,
  ConstraintFiltered: numbers,
  DimensionExhausted: numbers,
  QuotaExhausted: texts,
  CoalescedFailures: number,
});
export type PlacementMetric = z.infer<typeof PlacementMetric>;

const failedGroups = z
  .record(z.string(), PlacementMetric)
  .nullish()
  .transform((found) => found ?? {});

export const Evaluation = z.object({
  ID: z.string(),
  JobID: text,
  Status: text,
  StatusDescription: text,
  TriggeredBy: text,
  CreateIndex: number,
  ModifyIndex: number,
  CreateTime: number,
  BlockedEval: text,
  NextEval: text,
  PreviousEval: text,
  FailedTGAllocs: failedGroups,
  QueuedAllocations: numbers,
});
export type Evaluation = z.infer<typeof Evaluation>;

/** The answer of register, stop, evaluate, revert and scale. */
export const Registered = z.object({ EvalID: text, JobModifyIndex: number, Warnings: text });

export const Planned = z.object({
  Annotations: z
    .object({
      DesiredTGUpdates: z
        .record(
          z.string(),
          z.object({
            Place: number,
            Stop: number,
            InPlaceUpdate: number,
            DestructiveUpdate: number,
            Migrate: number,
            Canary: number,
            Ignore: number,
            Preemptions: number,
          }),
        )
        .nullish()
        .transform((found) => found ?? {}),
    })
    .nullish(),
  FailedTGAllocs: failedGroups,
  JobModifyIndex: number,
  NextPeriodicLaunch: text,
  Warnings: text,
  Diff: z.unknown().optional(),
});
