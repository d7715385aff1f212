import { timingSafeEqual } from "node:crypto";
import { isoTime } from "@parley/core";
import { backoffMs } from "./_backoff.ts";
import type { Context } from "./_context.ts";
import { amend, done, encode, note, refused, transition } from "./_context.ts";
import { end } from "./_dependants.ts";
import { findTask } from "./_ids.ts";
import { addNote } from "./_notes.ts";
import type { TaskRow } from "./_rows.ts";
import type { Failure, LeaseRef, Outcome } from "./schema.ts";
import type { TaskState } from "./states.ts";
import { isLeased } from "./states.ts";

function sameToken(stored: string | null, given: string): boolean {
  if (stored === null || stored.length !== given.length) return false;
  const [left, right] = [Buffer.from(stored), Buffer.from(given)];
  return left.length === right.length && timingSafeEqual(left, right);
}

interface Held {
  readonly row: TaskRow;
}

interface Fence {
  readonly lease: LeaseRef;
  readonly command: string;
  /** States in which the same lease has already done what is asked. */
  readonly repeats?: readonly TaskState[] | undefined;
}

/** The task of a lease while that lease holds; otherwise the refusal, and an event that says so. */
function hold(
  context: Context,
  { lease, command, repeats = [] }: Fence,
): Held | { outcome: Outcome; ended?: TaskRow } {
  const row = findTask(context.statements, lease.id);
  if (!row)
    return { outcome: refused("unknown_task", `No task ${JSON.stringify(lease.id)}.`, { id: lease.id }) };
  const mine = sameToken(row.token, lease.token);
  if (mine && isLeased(row.state)) return { row };
  if (mine && repeats.includes(row.state)) return { outcome: done(row, { repeated: true }) };
  note(context, row, { type: "stale_rejected", data: { command } });
  const now = isLeased(row.state) ? `attempt ${row.attempt} holds it` : `it is ${row.state}`;
  const message = `The lease on ${row.id} is over (${now}): stop, and do not use what this attempt made.`;
  const outcome = refused("stale_lease", message, row);
  return mine ? { outcome, ended: row } : { outcome };
}

/** Steady time an attempt has taken. */
function elapsedMs({ time }: Context, { attemptEnd, attemptTimeoutMs }: TaskRow): number {
  return Math.max(0, time.steady - ((attemptEnd ?? time.steady) - attemptTimeoutMs));
}

/** Ends a task well; the result, the state, the event and the children's counters are one transaction. */
export function complete(context: Context, { lease, result }: { lease: LeaseRef; result: unknown }): Outcome {
  const encoded = encode(context, result);
  if ("problem" in encoded) {
    return refused("payload_too_large", `The result was not taken: ${encoded.problem}.`, { id: lease.id });
  }
  const held = hold(context, { lease, command: "complete", repeats: ["completed"] });
  if ("outcome" in held) {
    if (held.ended?.state === "cancelled") {
      context.statements.setContent.result(encoded.text, held.ended.seq);
      note(context, held.ended, { type: "late_result" });
    }
    return held.outcome;
  }
  const { row } = held;
  // A result that says nothing is shown as none, so that none is as good.
  if (encoded.text !== "null") context.statements.setContent.result(encoded.text, row.seq);
  const data = { execMs: elapsedMs(context, row) };
  return done(end(context, row, { name: "completed", to: "completed", actor: row.worker ?? "", data }));
}

/** Renews a lease, and tells the worker whether it should stop. */
export function heartbeat(
  context: Context,
  { lease, progress }: { lease: LeaseRef; progress?: unknown },
): Outcome {
  const encoded = encode(context, progress);
  if ("problem" in encoded) {
    return refused("payload_too_large", `The progress was not taken: ${encoded.problem}.`, { id: lease.id });
  }
  const held = hold(context, { lease, command: "heartbeat" });
  if ("outcome" in held) return held.outcome;
  const { time, settings } = context;
  const length = held.row.leaseMs ?? settings.leaseMs;
  const row = amend(context, held.row, { leaseUntil: time.steady + length });
  if (progress !== undefined) {
    context.statements.setContent.progress(encoded.text, row.seq);
    note(context, row, { type: "progress", actor: row.worker ?? "" });
  }
  const leaseUntil = isoTime(time.wall + length);
  return done(row, row.cancelEnd === null ? { leaseUntil } : { leaseUntil, cancelRequested: true });
}

/** Writes down why an attempt failed. */
function writeError(context: Context, row: TaskRow, { class: kind, message, feedback }: Failure): void {
  context.statements.setContent.error(JSON.stringify({ class: kind, message }), row.seq);
  if (feedback !== undefined) addNote(context, row.seq, { kind: "feedback", value: feedback });
  if (kind === "needs_input") addNote(context, row.seq, { kind: "question", value: message });
}

/** Counts a failure and decides between another attempt and the end. */
export function failAttempt(
  context: Context,
  row: TaskRow,
  more: { name: "attempt_failed" | "timed_out"; failure: Failure; fence?: boolean },
): TaskRow {
  const { name, failure, fence } = more;
  writeError(context, row, failure);
  const failures = row.failures + 1;
  const data = { class: failure.class, message: failure.message, execMs: elapsedMs(context, row) };
  const token = fence === true ? null : row.token;
  const actor = row.worker ?? "";
  if (failure.class === "permanent" || failures >= row.maxAttempts) {
    return end(context, row, { name, to: "failed", actor, data, patch: { failures, token } });
  }
  const pause = Math.max(failure.retryAfterMs ?? 0, backoffMs(failures, context.settings));
  const wakeAt = context.time.steady + pause;
  return transition(context, row, {
    name,
    to: "retry_wait",
    actor,
    data,
    patch: { failures, token, wakeAt },
  });
}

/** Ends an attempt badly; the class of the failure decides what is next. */
export function fail(context: Context, { lease, failure }: { lease: LeaseRef; failure: Failure }): Outcome {
  const repeats = ["retry_wait", "failed", "input_required", "cancelled"] as const;
  const held = hold(context, { lease, command: "fail", repeats });
  if ("outcome" in held) return held.outcome;
  const { row } = held;
  const actor = row.worker ?? "";
  if (row.cancelEnd !== null) return done(end(context, row, { name: "cancelled", to: "cancelled", actor }));
  if (failure.class === "needs_input") {
    writeError(context, row, failure);
    return done(transition(context, row, { name: "input_required", to: "input_required", actor }));
  }
  if (failure.class === "rate_limited") {
    writeError(context, row, failure);
    const wakeAt = context.time.steady + (failure.retryAfterMs ?? backoffMs(1, context.settings));
    return done(
      transition(context, row, { name: "rate_limited", to: "retry_wait", actor, patch: { wakeAt } }),
    );
  }
  return done(failAttempt(context, row, { name: "attempt_failed", failure }));
}

/** Says that the work is done and being checked; the lease goes on. */
export function verify(context: Context, { lease }: { lease: LeaseRef }): Outcome {
  const held = hold(context, { lease, command: "verify" });
  if ("outcome" in held) return held.outcome;
  const { row } = held;
  if (row.state === "verifying") return done(row, { repeated: true });
  return done(transition(context, row, { name: "verifying", to: "verifying", actor: row.worker ?? "" }));
}

/** Gives a task back untouched: no failure is counted. */
export function release(context: Context, { lease }: { lease: LeaseRef }): Outcome {
  const held = hold(context, { lease, command: "release" });
  if ("outcome" in held) return held.outcome;
  const { row } = held;
  const change =
    row.cancelEnd === null
      ? ({ name: "released", to: "pending" } as const)
      : ({ name: "cancelled", to: "cancelled" } as const);
  return done(end(context, row, { ...change, actor: row.worker ?? "", patch: { token: null } }));
}

/** The worker has stopped as asked. */
export function confirmCancel(context: Context, { lease }: { lease: LeaseRef }): Outcome {
  const held = hold(context, { lease, command: "confirm_cancel", repeats: ["cancelled"] });
  if ("outcome" in held) return held.outcome;
  const { row } = held;
  if (row.cancelEnd === null)
    return refused("wrong_state", `Nobody asked to cancel ${row.id}: release or fail it.`, row);
  return done(end(context, row, { name: "cancelled", to: "cancelled", actor: row.worker ?? "" }));
}
