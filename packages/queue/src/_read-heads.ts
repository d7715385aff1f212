import type { Head } from "./_heads.ts";
import type { TaskRow } from "./_rows.ts";
import type { Sql } from "./_sql.ts";

/** Content up to this size is read ahead with its task. */
const smallBytes = 2048;

/** What the rows of pending tasks differ in: being pending says the rest. */
type HeadTuple = [
  seq: number,
  id: string,
  kind: string,
  priority: number,
  rank: number,
  readyAt: number,
  wakeAt: number | null,
  token: string | null,
  worker: string | null,
  attempt: number,
  failures: number,
  crashes: number,
  maxAttempts: number,
  attemptTimeoutMs: number,
  deadlineAt: number | null,
  waitingOn: number,
  onParentFailure: TaskRow["onParentFailure"],
  concurrencyKey: string | null,
  actor: string,
  redriveOf: string | null,
  createdAt: number,
  startedAt: number | null,
  payload: string | null,
];

const columns =
  "tasks.seq, id, kind, priority, rank, readyAt, wakeAt, token, worker, attempt, failures, crashes, maxAttempts, " +
  "attemptTimeoutMs, deadlineAt, waitingOn, onParentFailure, concurrencyKey, actor, redriveOf, createdAt, startedAt";

function toRow(queue: string, tuple: HeadTuple): TaskRow {
  return {
    seq: tuple[0],
    id: tuple[1],
    queue,
    kind: tuple[2],
    state: "pending",
    priority: tuple[3],
    rank: tuple[4],
    readyAt: tuple[5],
    parked: 0,
    wakeAt: tuple[6],
    token: tuple[7],
    worker: tuple[8],
    leaseMs: null,
    leaseUntil: null,
    attemptEnd: null,
    cancelEnd: null,
    alarmAt: null,
    attempt: tuple[9],
    failures: tuple[10],
    crashes: tuple[11],
    maxAttempts: tuple[12],
    attemptTimeoutMs: tuple[13],
    deadlineAt: tuple[14],
    waitingOn: tuple[15],
    onParentFailure: tuple[16],
    concurrencyKey: tuple[17],
    actor: tuple[18],
    redriveOf: tuple[19],
    createdAt: tuple[20],
    startedAt: tuple[21],
    finishedAt: null,
  };
}

/** Reads the first tasks of a queue, best rank first, with what a worker is told of them. */
export function prepareReadHeads(sql: Sql): (queue: string, limit: number) => readonly Head[] {
  const first = sql<[string, number], HeadTuple>(
    `SELECT ${columns}, CASE WHEN notes IS NULL AND octet_length(payload) <= ${smallBytes} THEN payload END
       FROM tasks CROSS JOIN contents ON contents.seq = tasks.seq
       WHERE state = 'pending' AND parked = 0 AND queue = ? ORDER BY rank, tasks.seq LIMIT ?+0`,
  ).raw();
  return (queue, limit) =>
    first.all(queue, limit).map((tuple) => ({ row: toRow(queue, tuple), payload: tuple[22] }));
}
