import { hash } from "node:crypto";
import type { EventRow, TaskRow } from "./_rows.ts";
import type { Statements } from "./_statements.ts";
import type { QueueTime } from "./_time.ts";
import type { NoteName, TransitionName } from "./states.ts";

/** Tasks of a queue in a state; `added` since the last commit. */
interface Cell {
  readonly queue: string;
  readonly state: string;
  tasks: number;
  added: number;
}

/** States by queue. */
type Counts = ReadonlyMap<string, ReadonlyMap<string, Pick<Cell, "tasks">>>;

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

/** An event with what it says, for those who would read it out of its text again. */
export interface RecordedEvent extends EventRow {
  readonly said: NewEvent["data"];
}

/** Gets its number and hash when it is written. */
type Draft = RecordedEvent & { seq: number; hash: string };
type Delta = readonly [cell: Cell, tasks: number];

/** What one transaction will write beside its rows, undoable to a mark. */
export interface Unit {
  readonly record: (event: NewEvent, time: QueueTime) => void;
  readonly count: (queue: string, state: string, tasks: number) => void;
  readonly tasksIn: (queue: string, state: string) => number;
  readonly mark: () => readonly [events: number, deltas: number];
  readonly reset: (mark: readonly [events: number, deltas: number]) => void;
  /** Writes events and counts; the returned function makes them this unit's past, after the commit. */
  readonly write: (statements: Statements) => () => readonly RecordedEvent[];
  readonly counts: () => Counts;
}

/** Where the log stands: number and hash of its last event. */
export interface LogHead {
  readonly seq: number;
  readonly hash: string;
}

/** Texts that are their own JSON between quotes. */
const plain = /^[\w:.-]*$/;

const json = (text: string | null): string =>
  text !== null && plain.test(text) ? `"${text}"` : JSON.stringify(text);

/**
 * The hash that chains an event to the one before it: SHA-256 of the JSON of its fields in a list, which is put
 * together here because that takes half the time of having a list written.
 */
export function chainHash(previous: string, event: Omit<EventRow, "hash">): string {
  const { seq, at, type, queue, taskId, fromState, toState, attempt, actor, data } = event;
  const states = `${json(fromState)},${json(toState)}`;
  const line = `[${json(previous)},${seq},${at},${json(type)},${json(queue)},${json(taskId)},${states},${attempt},${json(actor)},${JSON.stringify(data)}]`;
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
    said: data,
  };
}

/** How many tasks of each queue are in each state. */
function createCells(start: Counts) {
  const cells = new Map<string, Map<string, Cell>>();
  const cellOf = (queue: string, state: string): Cell => {
    let states = cells.get(queue);
    if (!states) cells.set(queue, (states = new Map<string, Cell>()));
    let cell = states.get(state);
    if (!cell) states.set(state, (cell = { queue, state, tasks: 0, added: 0 }));
    return cell;
  };
  for (const [queue, states] of start)
    for (const [state, { tasks }] of states) cellOf(queue, state).tasks = tasks;
  return {
    cellOf,
    tasksIn: (queue: string, state: string): number => cells.get(queue)?.get(state)?.tasks ?? 0,
    counts: (): Counts => cells,
  };
}

function add(cell: Cell, tasks: number): void {
  cell.tasks += tasks;
  cell.added += tasks;
}

/** Collects events and counts for the transaction at hand. */
export function createUnit(start: { head: LogHead; counts: Counts }): Unit {
  let head = start.head;
  const { cellOf, tasksIn, counts } = createCells(start.counts);
  const drafts: Draft[] = [];
  const deltas: Delta[] = [];

  return {
    record: (event, time) => void drafts.push(draft(event, time)),
    count(queue, state, tasks) {
      const cell = cellOf(queue, state);
      deltas.push([cell, tasks]);
      add(cell, tasks);
    },
    tasksIn,
    mark: () => [drafts.length, deltas.length],
    reset: ([events, kept]) => {
      drafts.length = events;
      for (const [cell, tasks] of deltas.splice(kept)) add(cell, -tasks);
    },
    write(statements) {
      let { seq, hash: chain } = head;
      const rows = [...drafts];
      for (const row of rows) {
        row.seq = seq += 1;
        row.hash = chain = chainHash(chain, row);
      }
      statements.insertEvents(rows);
      const changed = new Set(deltas.map(([cell]) => cell));
      for (const { queue, state, added } of changed)
        if (added !== 0) statements.addCount.run(queue, state, added);
      return () => {
        head = { seq, hash: chain };
        drafts.length = 0;
        deltas.length = 0;
        for (const cell of changed) cell.added = 0;
        return rows;
      };
    },
    counts,
  };
}
