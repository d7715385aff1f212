import type { Context } from "./_context.ts";
import { amend, done, encode, note, refused, transition } from "./_context.ts";
import { end, readyState } from "./_dependants.ts";
import { findTask } from "./_ids.ts";
import { addNote } from "./_notes.ts";
import type { TaskRow } from "./_rows.ts";
import type { Outcome, Refusal } from "./schema.ts";
import { isFinal, isLeased } from "./states.ts";

/** A person's or program's word about one task. */
export interface Control {
  readonly id: string;
  readonly actor?: string | undefined;
  readonly reason?: string | undefined;
}

type Found = { readonly row: TaskRow } | { readonly outcome: Outcome };

function find(context: Context, id: string): Found {
  const row = findTask(context.statements, id);
  return row ? { row } : { outcome: refused("unknown_task", `No task ${JSON.stringify(id)}.`, { id }) };
}

function wrongState(row: TaskRow, what: string): Outcome {
  const code: Refusal["code"] = "wrong_state";
  return refused(code, `The task ${row.id} is ${row.state} and cannot be ${what}.`, row);
}

const reasonOf = ({ reason }: Control): { reason: string } | undefined =>
  reason === undefined ? undefined : { reason };

/** Ends a task that waits; asks the worker of one that runs to stop, and fences it after the grace. */
export function cancel(context: Context, control: Control): Outcome {
  const found = find(context, control.id);
  if ("outcome" in found) return found.outcome;
  const { row } = found;
  const { actor } = control;
  if (row.state === "cancelled") return done(row, { repeated: true });
  if (isFinal(row.state)) return wrongState(row, "cancelled");
  if (!isLeased(row.state)) {
    return done(end(context, row, { name: "cancelled", to: "cancelled", actor, data: reasonOf(control) }));
  }
  if (row.cancelEnd !== null) return done(row, { repeated: true, cancelRequested: true });
  const asked = amend(context, row, { cancelEnd: context.time.steady + context.settings.cancelGraceMs });
  note(context, asked, { type: "cancel_requested", actor, data: reasonOf(control) });
  return done(asked, { cancelRequested: true });
}

/** Holds a waiting task back until it is resumed. */
export function pause(context: Context, control: Control): Outcome {
  const found = find(context, control.id);
  if ("outcome" in found) return found.outcome;
  const { row } = found;
  const { actor } = control;
  if (row.state === "paused") return done(row, { repeated: true });
  if (isFinal(row.state) || isLeased(row.state) || row.state === "input_required")
    return wrongState(row, "paused");
  const patch = row.state === "retry_wait" ? { wakeAt: null } : {};
  return done(
    transition(context, row, { name: "paused", to: "paused", actor, data: reasonOf(control), patch }),
  );
}

/** Lets a paused task go on. */
export function resume(context: Context, control: Control): Outcome {
  const found = find(context, control.id);
  if ("outcome" in found) return found.outcome;
  const { row } = found;
  if (row.state !== "paused") return wrongState(row, "resumed");
  const to = readyState(row, context.time.wall);
  return done(transition(context, row, { name: "resumed", to, actor: control.actor }));
}

/** Ends the pause before a task's next attempt, and says something to it. */
export function retry(
  context: Context,
  control: Control & { readonly feedback?: string | undefined },
): Outcome {
  const found = find(context, control.id);
  if ("outcome" in found) return found.outcome;
  const { row } = found;
  const waits = row.state === "retry_wait" || row.state === "pending";
  if (!waits) return wrongState(row, "tried again");
  if (control.feedback !== undefined) {
    addNote(context, row.seq, { kind: "feedback", value: control.feedback });
  }
  if (row.state === "pending") return done(row, { repeated: true });
  const { actor } = control;
  return done(transition(context, row, { name: "due", to: "pending", actor, data: reasonOf(control) }));
}

/** Takes a task from its worker, whose lease is over; no failure is counted. */
export function revoke(context: Context, control: Control): Outcome {
  const found = find(context, control.id);
  if ("outcome" in found) return found.outcome;
  const { row } = found;
  if (!isLeased(row.state)) return wrongState(row, "taken from a worker");
  const { actor } = control;
  const patch = { token: null };
  if (row.cancelEnd !== null) {
    return done(end(context, row, { name: "cancelled", to: "cancelled", actor, patch }));
  }
  return done(
    transition(context, row, { name: "released", to: "pending", actor, data: reasonOf(control), patch }),
  );
}

/** Answers the question of a task that waits for input; the next attempt reads it among its notes. */
export function provideInput(
  context: Context,
  { input, ...control }: Control & { readonly input: unknown },
): Outcome {
  const found = find(context, control.id);
  if ("outcome" in found) return found.outcome;
  const { row } = found;
  if (row.state !== "input_required") return wrongState(row, "given input");
  const encoded = encode(context, input);
  if ("problem" in encoded)
    return refused("payload_too_large", `The input was not taken: ${encoded.problem}.`, row);
  addNote(context, row.seq, { kind: "input", value: JSON.parse(encoded.text) });
  return done(transition(context, row, { name: "input_given", to: "pending", actor: control.actor }));
}

/** Stops or allows claims from a whole queue; tasks in workers' hands go on. */
export function setQueuePaused(
  context: Context,
  change: { queue: string; paused: boolean; reason: string; actor: string },
): void {
  const { queue, paused, reason, actor } = change;
  const { sql, time, unit } = context;
  const changed = paused
    ? sql<[string, string, number]>("INSERT OR IGNORE INTO pauses VALUES (?, ?, ?)").run(
        queue,
        reason,
        time.wall,
      )
    : sql<[string]>("DELETE FROM pauses WHERE queue = ?").run(queue);
  if (changed.changes === 0) return;
  context.statements.forget();
  unit.record({ type: paused ? "queue_paused" : "queue_resumed", queue, actor, data: { reason } }, time);
}
