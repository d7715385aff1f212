import { z } from "zod";
import { labels, number, text, truth } from "./fields.ts";

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
