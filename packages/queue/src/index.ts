/** A durable queue over SQLite: leases, fencing, retries, dependencies, events. */

export { createQueue } from "./queue.ts";
export { accept } from "./accept.ts";
export type { By, Queue, WaitOptions } from "./port.ts";
export type { Limits, QueueOptions, RateLimit } from "./options.ts";

export {
  ClaimRequest,
  Dedup,
  Failure,
  FlowTask,
  Lease,
  LeaseRef,
  Note,
  Outcome,
  QueueEvent,
  Refusal,
  Task,
  TaskInput,
} from "./schema.ts";
export type { FlowSubmission, TaskSubmission } from "./schema.ts";
export { Command } from "./_commands.ts";
export { PruneRequest, RedriveRequest } from "./_bulk.ts";
export { ResetRequest } from "./_reset.ts";
export type { ResetPlan } from "./_reset.ts";
export type { BulkPlan } from "./_bulk.ts";
export { TaskQuery } from "./_read.ts";
export type { TaskPage } from "./_read.ts";
export { EventQuery } from "./_feed.ts";
export type { SubscribeOptions } from "./_feed.ts";
export type { CheckReport } from "./_check.ts";
export { QueueStats, Stats } from "./stats.ts";

export { FinalState, TaskState, isFinal, isLeased, notes, transitions } from "./states.ts";
export type { NoteName, TransitionName } from "./states.ts";
export { replay } from "./replay.ts";
export type { ReplayProblem, ReplayedTask } from "./replay.ts";
