import { z } from "zod";

/** What Nomad answers, only the fields in use. Go writes null for what is empty, and versions differ. */

const text = z
  .string()
  .nullish()
  .transform((found) => found ?? "");
const number = z
  .number()
  .nullish()
  .transform((found) => found ?? 0);
const truth = z
  .boolean()
  .nullish()
  .transform((found) => found ?? false);
const texts = z
  .array(z.string())
  .nullish()
  .transform((found) => found ?? []);
const numbers = z
  .record(z.string(), z.number())
  .nullish()
  .transform((found) => found ?? {});
const labels = z
  .record(z.string(), z.string())
  .nullish()
  .transform((found) => found ?? {});

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

const TaskEvent = z.object({
  Type: text,
  Time: number,
  DisplayMessage: text,
  Message: text,
  ExitCode: number,
  Signal: number,
  Details: labels,
});

export const TaskState = z.object({
  State: text,
  Failed: truth,
  Restarts: number,
  StartedAt: text,
  FinishedAt: text,
  Events: z
    .array(TaskEvent)
    .nullish()
    .transform((found) => found ?? []),
});
export type TaskState = z.infer<typeof TaskState>;

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

export const Allocation = z.object({
  ID: z.string(),
  EvalID: text,
  Name: text,
  Namespace: text,
  NodeID: text,
  NodeName: text,
  JobID: text,
  JobType: text,
  JobVersion: z.number().nullish(),
  Job: z.object({ Version: number }).nullish(),
  TaskGroup: text,
  DesiredStatus: text,
  DesiredDescription: text,
  ClientStatus: text,
  ClientDescription: text,
  TaskStates: z
    .record(z.string(), TaskState)
    .nullish()
    .transform((found) => found ?? {}),
  DeploymentStatus: z.object({ Healthy: z.boolean().nullish(), Canary: truth }).nullish(),
  FollowupEvalID: text,
  NextAllocation: text,
  PreemptedByAllocation: text,
  CreateIndex: number,
  CreateTime: number,
  ModifyTime: number,
});
export type Allocation = z.infer<typeof Allocation>;

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

export const Deployment = z.object({
  ID: z.string(),
  JobID: text,
  JobVersion: number,
  Namespace: text,
  Status: text,
  StatusDescription: text,
  TaskGroups: z
    .record(
      z.string(),
      z.object({
        DesiredTotal: number,
        DesiredCanaries: number,
        PlacedAllocs: number,
        HealthyAllocs: number,
        UnhealthyAllocs: number,
        Promoted: truth,
      }),
    )
    .nullish()
    .transform((found) => found ?? {}),
});
export type Deployment = z.infer<typeof Deployment>;

const Device = z.object({
  Vendor: text,
  Type: text,
  Name: text,
  Instances: z
    .array(z.unknown())
    .nullish()
    .transform((found) => found ?? []),
});

export const Node = z.object({
  ID: z.string(),
  Name: text,
  Datacenter: text,
  NodeClass: text,
  NodePool: text,
  Status: text,
  StatusDescription: text,
  SchedulingEligibility: text,
  Drain: truth,
  Version: text,
  Attributes: labels,
  Drivers: z
    .record(z.string(), z.object({ Detected: truth, Healthy: truth, HealthDescription: text }))
    .nullish()
    .transform((found) => found ?? {}),
  NodeResources: z
    .object({
      Cpu: z.object({ CpuShares: number }).nullish(),
      Memory: z.object({ MemoryMB: number }).nullish(),
      Disk: z.object({ DiskMB: number }).nullish(),
      Devices: z
        .array(Device)
        .nullish()
        .transform((found) => found ?? []),
    })
    .nullish(),
});
export type Node = z.infer<typeof Node>;

export const NamespaceAnswer = z.object({ Name: z.string(), Description: text, Quota: text, Meta: labels });

export const VariableStub = z.object({
  Path: z.string(),
  Namespace: text,
  CreateTime: number,
  ModifyTime: number,
  ModifyIndex: number,
});
export const Variable = VariableStub.extend({ Items: labels });

export const Ignored = z.unknown();
