import { ParleyError, isoTime } from "@parley/core";
import type { ContentRow, EventRow, TaskRow } from "./_rows.ts";
import type { QueueEvent, Task } from "./schema.ts";

const parse = (text: string | null | undefined): unknown => {
  if (text === null || text === undefined) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return value;
  } catch (cause) {
    throw new ParleyError(
      "E_DATABASE_CORRUPT",
      "A stored task is no JSON: run check() and restore a backup.",
      { cause },
    );
  }
};

/** Only the fields that have a value. */
function present(fields: Readonly<Record<string, unknown>>): object {
  return Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== null && value !== undefined),
  );
}

const time = (milliseconds: number | null): string | undefined =>
  milliseconds === null ? undefined : isoTime(milliseconds);

/** A stored task as people and programs read it. */
export function viewTask(row: TaskRow, content: ContentRow | undefined): Task {
  const { id, seq, queue, kind, state, priority, attempt, failures, crashes, maxAttempts, waitingOn, actor } =
    row;
  return {
    id,
    seq,
    queue,
    kind,
    state,
    priority,
    attempt,
    failures,
    crashes,
    maxAttempts,
    waitingOn,
    actor,
    cancelRequested: row.cancelEnd !== null,
    createdAt: isoTime(row.createdAt),
    payload: parse(content?.payload) ?? null,
    notes: [],
    ...present({
      notes: parse(content?.notes),
      result: parse(content?.result),
      error: parse(content?.error),
      progress: parse(content?.progress),
      worker: row.worker,
      runAt: state === "scheduled" ? time(row.wakeAt) : undefined,
      deadlineAt: time(row.deadlineAt),
      startedAt: time(row.startedAt),
      finishedAt: time(row.finishedAt),
      concurrencyKey: row.concurrencyKey,
      redriveOf: row.redriveOf,
    }),
  };
}

/** A line of the log as people and programs read it. */
export function viewEvent({
  seq,
  at,
  type,
  queue,
  taskId,
  fromState,
  toState,
  attempt,
  actor,
  data,
}: EventRow): QueueEvent {
  return {
    seq,
    at: isoTime(at),
    type,
    queue,
    attempt,
    actor,
    data: { ...JSON.parse(data) },
    ...present({ taskId, from: fromState, to: toState }),
  };
}
