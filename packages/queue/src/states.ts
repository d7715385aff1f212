import { z } from "zod";

/** Where a task stands. The last four are terminal: nothing leaves them. */
export const TaskState = z.enum([
  "scheduled",
  "blocked",
  "pending",
  "running",
  "verifying",
  "input_required",
  "retry_wait",
  "paused",
  "completed",
  "failed",
  "cancelled",
  "skipped",
]);
export type TaskState = z.infer<typeof TaskState>;

/** The states that nothing leaves. */
export const FinalState = TaskState.extract(["completed", "failed", "cancelled", "skipped"]);
export type FinalState = z.infer<typeof FinalState>;

interface Transition {
  /** Absent for the first transition of a task. */
  readonly from: readonly TaskState[];
  readonly to: readonly TaskState[];
}

const leased = ["running", "verifying"] as const;
const waiting = ["scheduled", "blocked", "pending", "input_required", "retry_wait", "paused"] as const;
const unfinished = [...waiting, ...leased] as const;

/**
 * Every change of state there is, by the type of the event that records it. The one function that writes a
 * state refuses whatever is not in this table.
 */
export const transitions = {
  submitted: { from: [], to: ["pending", "scheduled", "blocked"] },
  due: { from: ["scheduled", "retry_wait"], to: ["pending"] },
  unblocked: { from: ["blocked"], to: ["pending", "scheduled"] },
  parent_failed: { from: ["blocked", "paused"], to: ["failed"] },
  skipped: { from: ["blocked", "paused"], to: ["skipped"] },
  claimed: { from: ["pending"], to: ["running"] },
  released: { from: leased, to: ["pending"] },
  verifying: { from: ["running"], to: ["verifying"] },
  completed: { from: leased, to: ["completed"] },
  attempt_failed: { from: leased, to: ["retry_wait", "failed"] },
  rate_limited: { from: leased, to: ["retry_wait"] },
  timed_out: { from: leased, to: ["retry_wait", "failed"] },
  lease_expired: { from: leased, to: ["pending", "failed"] },
  input_required: { from: leased, to: ["input_required"] },
  input_given: { from: ["input_required"], to: ["pending"] },
  paused: { from: ["scheduled", "blocked", "pending", "retry_wait"], to: ["paused"] },
  resumed: { from: ["paused"], to: ["pending", "scheduled", "blocked"] },
  cancelled: { from: unfinished, to: ["cancelled"] },
  deadline_passed: { from: unfinished, to: ["failed"] },
} as const satisfies Record<string, Transition>;

export type TransitionName = keyof typeof transitions;

/** Events that record something without changing a state. */
export const notes = [
  "cancel_requested",
  "late_result",
  "leases_renewed",
  "progress",
  "queue_paused",
  "queue_resumed",
  "redriven",
  "replaced",
  "stale_rejected",
] as const;
export type NoteName = (typeof notes)[number];

/** Whether a state is final. */
export function isFinal(state: TaskState): boolean {
  return state === "completed" || state === "failed" || state === "cancelled" || state === "skipped";
}

/** Whether a worker holds a task of that state. */
export function isLeased(state: TaskState): boolean {
  return state === "running" || state === "verifying";
}

/** Whether the table has that change; `undefined` as `from` means a new task. */
export function allows(
  name: TransitionName,
  change: { from: TaskState | undefined; to: TaskState },
): boolean {
  const { from, to }: Transition = transitions[name];
  return (
    to.includes(change.to) && (change.from === undefined ? from.length === 0 : from.includes(change.from))
  );
}
