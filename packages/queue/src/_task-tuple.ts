import type { TaskRow } from "./_rows.ts";

/** The columns of `tasks` by position: naming 31 columns costs more than reading the row. */
export type TaskTuple = [
  seq: TaskRow["seq"],
  id: TaskRow["id"],
  queue: TaskRow["queue"],
  kind: TaskRow["kind"],
  state: TaskRow["state"],
  priority: TaskRow["priority"],
  rank: TaskRow["rank"],
  readyAt: TaskRow["readyAt"],
  parked: TaskRow["parked"],
  wakeAt: TaskRow["wakeAt"],
  token: TaskRow["token"],
  worker: TaskRow["worker"],
  leaseMs: TaskRow["leaseMs"],
  leaseUntil: TaskRow["leaseUntil"],
  attemptEnd: TaskRow["attemptEnd"],
  cancelEnd: TaskRow["cancelEnd"],
  alarmAt: TaskRow["alarmAt"],
  attempt: TaskRow["attempt"],
  failures: TaskRow["failures"],
  crashes: TaskRow["crashes"],
  maxAttempts: TaskRow["maxAttempts"],
  attemptTimeoutMs: TaskRow["attemptTimeoutMs"],
  deadlineAt: TaskRow["deadlineAt"],
  waitingOn: TaskRow["waitingOn"],
  onParentFailure: TaskRow["onParentFailure"],
  concurrencyKey: TaskRow["concurrencyKey"],
  actor: TaskRow["actor"],
  redriveOf: TaskRow["redriveOf"],
  createdAt: TaskRow["createdAt"],
  startedAt: TaskRow["startedAt"],
  finishedAt: TaskRow["finishedAt"],
];

/** The order of {@link TaskTuple}. */
export const taskColumns = [
  "seq", "id", "queue", "kind", "state", "priority", "rank", "readyAt", "parked", "wakeAt", "token", "worker", "leaseMs", "leaseUntil", "attemptEnd", "cancelEnd", "alarmAt", "attempt", "failures", "crashes", "maxAttempts", "attemptTimeoutMs", "deadlineAt", "waitingOn", "onParentFailure", "concurrencyKey", "actor", "redriveOf", "createdAt", "startedAt", "finishedAt"
] as const satisfies readonly (keyof TaskRow)[]; // prettier-ignore

/** A row from its columns; by number, as taking them apart in order would ask an iterator for each. */
export function toTaskRow(tuple: TaskTuple): TaskRow {
  return {
    seq: tuple[0],
    id: tuple[1],
    queue: tuple[2],
    kind: tuple[3],
    state: tuple[4],
    priority: tuple[5],
    rank: tuple[6],
    readyAt: tuple[7],
    parked: tuple[8],
    wakeAt: tuple[9],
    token: tuple[10],
    worker: tuple[11],
    leaseMs: tuple[12],
    leaseUntil: tuple[13],
    attemptEnd: tuple[14],
    cancelEnd: tuple[15],
    alarmAt: tuple[16],
    attempt: tuple[17],
    failures: tuple[18],
    crashes: tuple[19],
    maxAttempts: tuple[20],
    attemptTimeoutMs: tuple[21],
    deadlineAt: tuple[22],
    waitingOn: tuple[23],
    onParentFailure: tuple[24],
    concurrencyKey: tuple[25],
    actor: tuple[26],
    redriveOf: tuple[27],
    createdAt: tuple[28],
    startedAt: tuple[29],
    finishedAt: tuple[30],
  };
}
