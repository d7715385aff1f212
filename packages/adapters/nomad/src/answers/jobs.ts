import { z } from "zod";
import { number, text, texts, truth } from "./fields.ts";

const TaskCounts = z.object({
  Queued: number,
  Starting: number,
  Running: number,
  Failed: number,
  Complete: number,
  Lost: number,
  Unknown: number,
});

export const JobSummary = z.object({
  Summary: z
    .record(z.string(), TaskCounts)
    .nullish()
    .transform((found) => found ?? {}),
  Children: z.object({ Pending: number, Running: number, Dead: number }).nullish(),
});
export type JobSummary = z.infer<typeof JobSummary>;

export const JobStub = z.object({
  ID: z.string(),
  Name: text,
  Namespace: text,
  ParentID: text,
  Type: text,
  Priority: number,
  Status: text,
  StatusDescription: text,
  Stop: truth,
  Periodic: truth,
  ParameterizedJob: truth,
  SubmitTime: number,
  JobSummary: JobSummary.nullish(),
});

/** A job whole: it goes back to Nomad as it came, so nothing is dropped. */
export const RawJob = z.record(z.string(), z.unknown());
export type RawJob = z.infer<typeof RawJob>;

/** The fields of a job that are looked at. */
export const Job = z.object({
  ID: text,
  Name: text,
  ParentID: text,
  Namespace: text,
  Region: text,
  Type: text,
  Status: text,
  StatusDescription: text,
  Stop: truth,
  Stable: truth,
  Priority: number,
  Version: number,
  JobModifyIndex: number,
  SubmitTime: number,
  Datacenters: texts,
  Periodic: z.unknown().optional(),
  ParameterizedJob: z
    .object({ Payload: text, MetaRequired: texts, MetaOptional: texts })
    .nullish()
    .transform((found) => found ?? undefined),
  TaskGroups: z
    .array(
      z.object({
        Name: text,
        Count: z.number().nullish(),
        Tasks: z
          .array(
            z.object({
              Name: text,
              Driver: text,
              Config: z.record(z.string(), z.unknown()).nullish(),
              Resources: z.object({ CPU: number, MemoryMB: number }).nullish(),
            }),
          )
          .nullish()
          .transform((found) => found ?? []),
      }),
    )
    .nullish()
    .transform((found) => found ?? []),
});
export type Job = z.infer<typeof Job>;
