import { z } from "zod";
import { TaskState } from "./states.ts";

const Name = z.string().min(1).max(200);
const Text = z.string().max(4096);
const IsoTime = z.iso.datetime();
const Milliseconds = z
  .int()
  .min(0)
  .max(366 * 86_400_000);

/** Who asked, for the audit trail; the subject of a token, never the token. */
const Actor = z.string().max(200);

/** How to treat a submission whose like is already there; kept per queue. */
export const Dedup = z.strictObject({
  key: Name,
  /** `simple`: while the other is unfinished; `throttle`: for `windowMs`; `debounce`: replaces it and waits anew. */
  mode: z.enum(["simple", "throttle", "debounce"]),
  /** Default 5 s. */
  windowMs: Milliseconds.min(1).default(5000),
});
export type Dedup = z.infer<typeof Dedup>;

/** A task as submitted. */
export const TaskInput = z.strictObject({
  queue: Name.default("default"),
  kind: Name.default("task"),
  /** Any JSON, at most the queue's `maxPayloadBytes`. */
  payload: z.unknown().optional(),
  /** 1 is claimed first, 10 last; one step is worth `agingMs` of waiting. */
  priority: z.int().min(1).max(10).default(5),
  /** Not before this time. */
  runAt: IsoTime.optional(),
  /** Failures, not crashes, before the task is failed. Default of the queue: 3. */
  maxAttempts: z.int().min(1).max(1000).optional(),
  /** Longest single attempt. Default of the queue: 15 min. */
  attemptTimeoutMs: Milliseconds.min(1).optional(),
  /** The task fails when it is unfinished at this time. */
  deadlineAt: IsoTime.optional(),
  /** Tasks of one key run at most `limits.perKey` at a time. */
  concurrencyKey: Name.optional(),
  /** Ids of tasks that must finish first. */
  dependsOn: z.array(Name).max(1000).default([]),
  /** What a failed, cancelled or skipped parent does to this task. */
  onParentFailure: z.enum(["fail", "skip", "continue"]).default("fail"),
  /** The same key with the same content gives the same task for 7 days, per actor and queue. */
  idempotencyKey: Name.optional(),
  dedup: Dedup.optional(),
  actor: Actor.default(""),
});
export type TaskInput = z.infer<typeof TaskInput>;
export type TaskSubmission = z.input<typeof TaskInput>;

/** One task of a flow; `dependsOn` names refs of the flow or ids of stored tasks. */
export const FlowTask = TaskInput.extend({ ref: Name });
export type FlowTask = z.infer<typeof FlowTask>;
export type FlowSubmission = z.input<typeof FlowTask>;

/** What proves that a worker holds a task. */
export const LeaseRef = z.object({ id: Name, token: Name });
export type LeaseRef = z.infer<typeof LeaseRef>;

/** Why an attempt failed, which decides what happens next. */
export const Failure = z.strictObject({
  /** `rate_limited` waits and counts no failure; `permanent` ends the task at once. */
  class: z.enum(["retryable", "permanent", "rate_limited", "needs_input"]),
  message: Text,
  /** Wait at least this long before the next attempt. */
  retryAfterMs: Milliseconds.optional(),
  /** Given to the next attempt; the last three are kept, 4 kB each. */
  feedback: Text.optional(),
});
export type Failure = z.infer<typeof Failure>;

/** What a claim asks for. */
export const ClaimRequest = z.strictObject({
  worker: Name,
  queues: z.array(Name).min(1).max(100).default(["default"]),
  /** Those tasks and no others, out of their turn; one that is not pending is left out. */
  ids: z.array(Name).min(1).max(1000).optional(),
  limit: z.int().min(1).max(1000).default(1),
  /** Default of the queue: 30 s. Renew at a third of it. */
  leaseMs: Milliseconds.min(1).optional(),
});
export type ClaimRequest = z.infer<typeof ClaimRequest>;

/** Something said about a task for its next attempt. */
export const Note = z.object({ kind: z.enum(["feedback", "question", "input"]), value: z.unknown() });
export type Note = z.infer<typeof Note>;

/** A task in a worker's hands. */
export const Lease = LeaseRef.extend({
  queue: Name,
  kind: Name,
  /** Counts claims: two leases of one task differ in it. */
  attempt: z.int(),
  leaseUntil: IsoTime,
  leaseMs: Milliseconds,
  payload: z.unknown(),
  priority: z.int(),
  failures: z.int(),
  notes: z.array(Note),
  deadlineAt: IsoTime.optional(),
});
export type Lease = z.infer<typeof Lease>;

/** A task as stored. */
export const Task = z.object({
  id: Name,
  seq: z.int(),
  queue: Name,
  kind: Name,
  state: TaskState,
  priority: z.int(),
  attempt: z.int(),
  failures: z.int(),
  /** Leases that ran out. */
  crashes: z.int(),
  maxAttempts: z.int(),
  /** Parents that have not finished. */
  waitingOn: z.int(),
  cancelRequested: z.boolean(),
  actor: Actor,
  createdAt: IsoTime,
  payload: z.unknown(),
  result: z.unknown().optional(),
  error: Failure.partial({ class: true }).optional(),
  progress: z.unknown().optional(),
  notes: z.array(Note),
  worker: Name.optional(),
  runAt: IsoTime.optional(),
  deadlineAt: IsoTime.optional(),
  startedAt: IsoTime.optional(),
  finishedAt: IsoTime.optional(),
  concurrencyKey: Name.optional(),
  /** The dead task this one was made from. */
  redriveOf: Name.optional(),
});
export type Task = z.infer<typeof Task>;

/** Why the queue did not do what was asked; nothing but the event was written. */
export const Refusal = z.object({
  code: z.enum([
    "stale_lease",
    "unknown_task",
    "wrong_state",
    "idempotency_conflict",
    "dependency_unknown",
    "dependency_cycle",
    "duplicate_ref",
    "payload_too_large",
    "not_done",
  ]),
  message: z.string(),
  id: Name.optional(),
  state: TaskState.optional(),
  /** The attempt that holds the task now. */
  attempt: z.int().optional(),
});
export type Refusal = z.infer<typeof Refusal>;

/** What became of one command. */
export const Outcome = z.discriminatedUnion("ok", [
  z.object({
    ok: z.literal(true),
    id: Name,
    state: TaskState,
    attempt: z.int(),
    /** An earlier command answers: this one was its repetition, or its duplicate. */
    repeated: z.literal(true).optional(),
    leaseUntil: IsoTime.optional(),
    /** The worker should stop and call `confirmCancel`. */
    cancelRequested: z.literal(true).optional(),
  }),
  z.object({ ok: z.literal(false), refusal: Refusal }),
]);
export type Outcome = z.infer<typeof Outcome>;

/** One line of the event log. Payloads and results never enter it. */
export const QueueEvent = z.object({
  seq: z.int(),
  at: IsoTime,
  type: z.string(),
  queue: z.string(),
  /** Absent for events of a whole queue. */
  taskId: Name.optional(),
  from: TaskState.optional(),
  to: TaskState.optional(),
  attempt: z.int(),
  actor: Actor,
  data: z.record(z.string(), z.unknown()),
});
export type QueueEvent = z.infer<typeof QueueEvent>;
