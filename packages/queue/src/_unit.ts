import { hash } from "node:crypto";
import type { EventRow, TaskRow } from "./_rows.ts";
import type { Statements } from "./_statements.ts";
import type { QueueTime } from "./_time.ts";
import type { NoteName, TransitionName } from "./states.ts";

type Counts = Map<string, Map<string, number>>;

/** An event before it has a number; `task` absent for events of a queue. */
export interface NewEvent {
  readonly type: TransitionName | NoteName;
  readonly queue: string;
  readonly task?: TaskRow | undefined;
  readonly from?: TaskRow["state"] | undefined;
  readonly to?: TaskRow["state"] | undefined;
  readonly actor?: string | undefined;
  readonly data?: Readonly<Record<string, unknown>> | undefined;
}

/** Gets its number and hash when it is written. */
type Draft = EventRow & { seq: number; hash: string };
type Delta = readonly [queue: string, state: string, tasks: number];

/** What one transaction will write beside its rows, undoable to a mark. */
export interface Unit {
  readonly record: (event: NewEvent, time: QueueTime) => void;
  readonly count: (queue: string, state: string, tasks: number) => void;
  readonly tasksIn: (queue: string, state: string) => number;
  readonly mark: () => readonly [events: number, deltas: number];
  readonly reset: (mark: readonly [events: number, deltas: number]) => void;
  /** Writes events and counts; the returned function makes them this unit's past, after the commit. */
  readonly write: (statements: Statements) => () => readonly EventRow[];
  readonly counts: () => Counts;
}

/** Where the log stands: number and hash of its last event. */
export interface LogHead {
  readonly seq: number;
  readonly hash: string;
}

/** The hash that chains an event to the one before it. */
export function chainHash(previous: string, event: Omit<EventRow, "hash">): string {
  const { seq, at, type, queue, taskId, fromState, toState, attempt, actor, data } = event;
  const line = JSON.stringify([
    previous,
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
  ]);
  return hash("sha256", line, "base64url");
}

function draft({ type, queue, task, from, to, actor, data }: NewEvent, { wall }: QueueTime): Draft {
  return {
    seq: 0,
    at: wall,
    type,
    queue,
    taskSeq: task?.seq ?? null,
    taskId: task?.id ?? null,
    fromState: from ?? null,
    toState: to ?? null,
    attempt: task?.attempt ?? 0,
    actor: actor ?? "",
    data: data === undefined ? "{}" : JSON.stringify(data),
    hash: "",
  };
}

/** Collects events and counts for the transaction at hand. */
export function createUnit(start: { head: LogHead; counts: Counts }): Unit {
  let head = start.head;
  const counts = start.counts;
  const drafts: Draft[] = [];
  const deltas: Delta[] = [];

  const add = ([queue, state, tasks]: Delta): void => {
    let states = counts.get(queue);
    if (!states) counts.set(queue, (states = new Map<string, number>()));
    states.set(state, (states.get(state) ?? 0) + tasks);
  };

  const sums = (): Delta[] => {
    const byKey = new Map<string, Delta>();
    for (const [queue, state, tasks] of deltas) {
      const key = `${state} ${queue}`;
      byKey.set(key, [queue, state, tasks + (byKey.get(key)?.[2] ?? 0)]);
    }
    return [...byKey.values()].filter(([, , tasks]) => tasks !== 0);
  };

  return {
    record: (event, time) => void drafts.push(draft(event, time)),
    count: (...delta) => {
      deltas.push(delta);
      add(delta);
    },
    tasksIn: (queue, state) => counts.get(queue)?.get(state) ?? 0,
    mark: () => [drafts.length, deltas.length],
    reset: ([events, kept]) => {
      drafts.length = events;
      for (const [queue, state, tasks] of deltas.splice(kept)) add([queue, state, -tasks]);
    },
    write(statements) {
      let { seq, hash: chain } = head;
      const rows = [...drafts];
      for (const row of rows) {
        row.seq = seq += 1;
        row.hash = chain = chainHash(chain, row);
      }
      statements.insertEvents(rows);
      for (const delta of sums()) statements.addCount.run(...delta);
      return () => {
        head = { seq, hash: chain };
        drafts.length = 0;
        deltas.length = 0;
        return rows;
      };
    },
    counts: () => counts,
  };
}
