import type { Context } from "./_context.ts";
import { transition } from "./_context.ts";
import { end } from "./_dependants.ts";
import { failAttempt } from "./_lease.ts";
import type { TaskRow } from "./_rows.ts";
import type { Statements } from "./_statements.ts";
import { tasksOf } from "./_statements.ts";
import type { QueueTime } from "./_time.ts";

/** Rows of one kind that one transaction looks after. */
const sweepRows = 500;

/** Whether time has come for any task; costs four look-ups in indexes and no write. */
export function isSweepDue(statements: Statements, { wall, steady }: QueueTime): boolean {
  return (
    statements.alarms.get(steady, 1) !== undefined ||
    statements.dueScheduled.get(wall, 1) !== undefined ||
    statements.dueRetries.get(steady, 1) !== undefined ||
    statements.pastDeadline.get(wall, 1) !== undefined
  );
}

/** Makes tasks ready whose time has come; returns how many. */
export function promoteDue(context: Context, limit: number): number {
  const { statements, time } = context;
  const due = [
    ...statements.dueScheduled.all(time.wall, limit),
    ...statements.dueRetries.all(time.steady, limit),
  ];
  for (const row of tasksOf(statements, due))
    transition(context, row, { name: "due", to: "pending", patch: { readyAt: readySince(row, time) } });
  return due.length;
}

/** A late sweep takes nothing from the age of a task. */
function readySince(row: TaskRow, { wall, steady }: QueueTime): number {
  const dueAt = row.wakeAt ?? wall;
  return row.state === "scheduled" ? dueAt : wall - (steady - dueAt);
}

/** A lost worker is no fault of the task, until it has lost too many: then the task is the likelier cause. */
function expire(context: Context, row: TaskRow): void {
  const crashes = row.crashes + 1;
  const common = { actor: row.worker ?? "", data: { crashes } };
  const patch = { crashes, token: null };
  if (crashes < context.settings.maxCrashes) {
    transition(context, row, { name: "lease_expired", to: "pending", ...common, patch });
    return;
  }
  const message = `Its worker was lost ${crashes} times: find out what it does to workers before running it again.`;
  context.statements.setContent.error(JSON.stringify({ message }), row.seq);
  end(context, row, { name: "lease_expired", to: "failed", ...common, patch });
}

function ring(context: Context, row: TaskRow): void {
  const { steady } = context.time;
  const leaseOver = row.leaseUntil !== null && row.leaseUntil <= steady;
  if (row.cancelEnd !== null && (leaseOver || row.cancelEnd <= steady)) {
    end(context, row, { name: "cancelled", to: "cancelled", data: { fenced: true } });
  } else if (leaseOver) expire(context, row);
  else {
    const message = `The attempt took longer than ${row.attemptTimeoutMs} ms.`;
    failAttempt(context, row, { name: "timed_out", failure: { class: "retryable", message }, fence: true });
  }
}

function failLate(context: Context, row: TaskRow): void {
  // A parent that ended a moment ago may have taken it along.
  if (row.finishedAt !== null) return;
  const error = { message: "The task was unfinished at its deadline." };
  context.statements.setContent.error(JSON.stringify(error), row.seq);
  end(context, row, { name: "deadline_passed", to: "failed", patch: { token: null } });
}

/** Looks after leases, schedules and deadlines; returns how many tasks moved. */
export function sweep(context: Context): number {
  const { statements, time } = context;
  const alarms = statements.alarms.all(time.steady, sweepRows);
  for (const row of tasksOf(statements, alarms)) ring(context, row);
  const late = statements.pastDeadline.all(time.wall, sweepRows);
  for (const row of tasksOf(statements, late)) failLate(context, row);
  return alarms.length + late.length + promoteDue(context, sweepRows);
}
