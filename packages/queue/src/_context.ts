import { ParleyError } from "@parley/core";
import type { TaskRow } from "./_rows.ts";
import type { Sql } from "./_sql.ts";
import type { Statements } from "./_statements.ts";
import type { QueueTime } from "./_time.ts";
import type { NewEvent, Unit } from "./_unit.ts";
import type { Settings } from "./options.ts";
import type { Outcome, Refusal } from "./schema.ts";
import type { TransitionName } from "./states.ts";
import { allows, isFinal, isLeased } from "./states.ts";

/** What every operation works with, inside one transaction. */
export interface Context {
  /** Statements off the hot paths, by their text. */
  readonly sql: Sql;
  readonly statements: Statements;
  readonly unit: Unit;
  readonly settings: Settings;
  readonly time: QueueTime;
  /** A fresh unguessable id: 128 random bits. */
  readonly newId: () => string;
  readonly nextSeq: () => number;
  /** Whether submissions should wait for room on the disk. */
  readonly nearlyFull: () => boolean;
}

/** How a row changes; what is absent stays. */
export interface Change {
  readonly name: TransitionName;
  readonly to: TaskRow["state"];
  readonly patch?: Partial<TaskRow> | undefined;
  readonly actor?: string | undefined;
  readonly data?: NewEvent["data"];
}

/** Fields that a task not in a worker's hands does not have. */
const unleased = {
  leaseUntil: null,
  attemptEnd: null,
  cancelEnd: null,
  alarmAt: null,
  leaseMs: null,
} as const;

/** A slot of a concurrency key became free, or a task that would have taken it went away: the next one steps up. */
function unpark({ statements }: Context, key: string): void {
  const seq = statements.bestParked.get(key);
  const parked = seq === undefined ? undefined : statements.taskBySeq.get(seq);
  if (parked) statements.updateTask(parked, { ...parked, parked: 0 });
}

function write(context: Context, row: TaskRow, next: TaskRow): void {
  const { leaseUntil, attemptEnd, cancelEnd } = next;
  next.rank = next.readyAt + next.priority * context.settings.agingMs;
  if (leaseUntil !== null)
    next.alarmAt = Math.min(leaseUntil, attemptEnd ?? leaseUntil, cancelEnd ?? leaseUntil);
  context.statements.updateTask(row, next);
}

/**
 * Moves a task to another state: the only place that writes one. Row, count and event belong to one transaction.
 * @throws {@link ParleyError} `E_INTERNAL` for a change the table does not have.
 */
export function transition(context: Context, row: TaskRow, change: Change): TaskRow {
  const { unit, time } = context;
  const { name, to, patch, actor, data } = change;
  const from = row.state;
  if (!allows(name, { from, to })) {
    throw new ParleyError("E_INTERNAL", `A task may not go from ${from} to ${to} by ${name}.`);
  }
  // Assigned to one copy: objects spread into each other cost more than the statement that writes the row.
  const next: TaskRow = { ...row, parked: 0 };
  if (!isLeased(to)) Object.assign(next, unleased);
  if (isFinal(to)) next.finishedAt = time.wall;
  if (to === "pending") next.readyAt = time.wall;
  if (isFinal(to) || to === "pending") next.wakeAt = null;
  Object.assign(next, patch);
  next.state = to;
  write(context, row, next);
  if (from !== to) {
    unit.count(row.queue, from, -1);
    unit.count(row.queue, to, 1);
  }
  unit.record({ type: name, queue: row.queue, task: next, from, to, actor, data }, time);
  const leavesKey =
    (from === "pending" && row.parked === 0 && to !== "running") || (isLeased(from) && !isLeased(to));
  if (row.concurrencyKey !== null && leavesKey) unpark(context, row.concurrencyKey);
  return next;
}

/** Changes fields of a task without changing its state. */
export function amend(context: Context, row: TaskRow, patch: Partial<TaskRow>): TaskRow {
  const next: TaskRow = { ...row, ...patch };
  write(context, row, next);
  return next;
}

/** Writes an event about a task whose state stays. */
export function note(context: Context, row: TaskRow, event: Omit<NewEvent, "queue" | "task">): void {
  context.unit.record({ ...event, queue: row.queue, task: row }, context.time);
}

/** The answer to a command that was carried out. */
export function done(
  { id, state, attempt }: TaskRow,
  more: Omit<Extract<Outcome, { ok: true }>, "ok" | "id" | "state" | "attempt"> = {},
): Outcome {
  return { ok: true, id, state, attempt, ...more };
}

/** The answer to a command that was not. */
export function refused(
  code: Refusal["code"],
  message: string,
  row?: Pick<TaskRow, "id"> & Partial<TaskRow>,
): Outcome {
  const { id, state, attempt } = row ?? {};
  return {
    ok: false,
    refusal: {
      code,
      message,
      ...(id === undefined ? {} : { id }),
      ...(state === undefined ? {} : { state, attempt }),
    },
  };
}

/** JSON of a value, or why it cannot be stored. */
export function encode(context: Context, value: unknown): { text: string } | { problem: string } {
  const { maxPayloadBytes } = context.settings;
  let text: string | undefined;
  try {
    text = JSON.stringify(value ?? null);
  } catch (error) {
    throw new ParleyError("E_ARGUMENT_INVALID", `A value is no JSON: ${String(error)}.`, { cause: error });
  }
  if (text === undefined) throw new ParleyError("E_ARGUMENT_INVALID", "A function or symbol is no JSON.");
  const bytes = text.length * 3 <= maxPayloadBytes ? text.length : Buffer.byteLength(text);
  if (bytes <= maxPayloadBytes) return { text };
  return {
    problem: `${bytes} bytes exceed the limit of ${maxPayloadBytes}: store it elsewhere and pass a reference`,
  };
}
