import type { Database as Client } from "better-sqlite3";
import { ParleyError } from "@parley/core";
import { isRare } from "./_statements.ts";
import { TaskState, isFinal, isLeased } from "./states.ts";

/** One step of the layout, both ways. A released step is never edited. */
export interface Migration {
  readonly up: string;
  readonly down: string;
}

function shapeOf(state: TaskState): string {
  if (isFinal(state)) return "finishedAt IS NOT NULL AND leaseUntil IS NULL AND alarmAt IS NULL";
  if (isLeased(state)) {
    return "finishedAt IS NULL AND leaseUntil IS NOT NULL AND alarmAt IS NOT NULL AND token IS NOT NULL";
  }
  const own =
    state === "blocked"
      ? " AND waitingOn > 0"
      : state === "scheduled" || state === "retry_wait"
        ? " AND wakeAt IS NOT NULL"
        : "";
  return `finishedAt IS NULL AND leaseUntil IS NULL AND alarmAt IS NULL${own}`;
}

/** Which columns each state has; the common states first, because the first match decides. */
const shapes = [...new Set<TaskState>(["pending", "running", "completed", ...TaskState.options])]
  .map((state) => `WHEN '${state}' THEN ${shapeOf(state)}`)
  .join(" ");

/** The condition of `tasks_rare` in the first layout. */
const wasRare = "state NOT IN ('pending', 'running', 'completed')";

const indexRare = (condition: string): string =>
  `DROP INDEX tasks_rare; CREATE INDEX tasks_rare ON tasks (state, wakeAt, seq) WHERE ${condition};`;

/**
 * The layout of a queue. `rank` orders claims: when the task became ready, plus what its priority is worth in waiting.
 * `seq` is part of every id, so that ids need no index of their own. `alarmAt` is the
 * earliest of lease end, attempt end and end of the cancel grace.
 */
export const migrations: readonly Migration[] = [
  {
    up: `
CREATE TABLE tasks (
  seq INTEGER PRIMARY KEY, id TEXT NOT NULL, queue TEXT NOT NULL, kind TEXT NOT NULL,
  state TEXT NOT NULL,
  priority INTEGER NOT NULL,
  rank INTEGER NOT NULL, readyAt INTEGER NOT NULL, parked INTEGER NOT NULL DEFAULT 0, wakeAt INTEGER,
  token TEXT, worker TEXT, leaseMs INTEGER, leaseUntil INTEGER, attemptEnd INTEGER, cancelEnd INTEGER, alarmAt INTEGER,
  attempt INTEGER NOT NULL DEFAULT 0, failures INTEGER NOT NULL DEFAULT 0, crashes INTEGER NOT NULL DEFAULT 0,
  maxAttempts INTEGER NOT NULL, attemptTimeoutMs INTEGER NOT NULL, deadlineAt INTEGER,
  waitingOn INTEGER NOT NULL DEFAULT 0, onParentFailure TEXT NOT NULL,
  concurrencyKey TEXT, actor TEXT NOT NULL, redriveOf TEXT,
  createdAt INTEGER NOT NULL, startedAt INTEGER, finishedAt INTEGER,
  CHECK (CASE state ${shapes} ELSE 0 END)
);
CREATE INDEX tasks_pending ON tasks (queue, rank, seq, readyAt) WHERE state = 'pending' AND parked = 0;
CREATE INDEX tasks_parked ON tasks (concurrencyKey, rank, seq) WHERE parked = 1;
CREATE INDEX tasks_key ON tasks (concurrencyKey) WHERE alarmAt IS NOT NULL AND concurrencyKey IS NOT NULL;
CREATE INDEX tasks_alarm ON tasks (alarmAt) WHERE alarmAt IS NOT NULL;
CREATE INDEX tasks_deadline ON tasks (deadlineAt) WHERE deadlineAt IS NOT NULL AND finishedAt IS NULL;
CREATE INDEX tasks_finished ON tasks (finishedAt) WHERE finishedAt IS NOT NULL;
CREATE INDEX tasks_rare ON tasks (state, wakeAt, seq) WHERE ${wasRare};
CREATE INDEX tasks_redrive ON tasks (redriveOf) WHERE redriveOf IS NOT NULL;
CREATE TABLE contents (
  seq INTEGER PRIMARY KEY, payload TEXT NOT NULL, result TEXT, error TEXT, progress TEXT, notes TEXT
);
CREATE TABLE parents (
  child INTEGER NOT NULL, parent INTEGER NOT NULL, PRIMARY KEY (child, parent)
) WITHOUT ROWID;
CREATE INDEX parents_parent ON parents (parent);
CREATE TABLE idempotency (
  actor TEXT NOT NULL, queue TEXT NOT NULL, key TEXT NOT NULL, hash TEXT NOT NULL, seq INTEGER NOT NULL,
  expiresAt INTEGER NOT NULL, PRIMARY KEY (actor, queue, key)
) WITHOUT ROWID;
CREATE INDEX idempotency_expires ON idempotency (expiresAt);
CREATE TABLE dedup (
  queue TEXT NOT NULL, key TEXT NOT NULL, seq INTEGER NOT NULL, until INTEGER NOT NULL, PRIMARY KEY (queue, key)
) WITHOUT ROWID;
CREATE TABLE buckets (queue TEXT PRIMARY KEY, tokens REAL NOT NULL, at INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE pauses (queue TEXT PRIMARY KEY, reason TEXT NOT NULL, at INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE counts (
  queue TEXT NOT NULL, state TEXT NOT NULL, tasks INTEGER NOT NULL, PRIMARY KEY (queue, state)
) WITHOUT ROWID;
CREATE TABLE events (
  seq INTEGER PRIMARY KEY, at INTEGER NOT NULL, type TEXT NOT NULL, queue TEXT NOT NULL, taskSeq INTEGER, taskId TEXT,
  fromState TEXT, toState TEXT, attempt INTEGER NOT NULL, actor TEXT NOT NULL, data TEXT NOT NULL, hash TEXT NOT NULL
);
CREATE INDEX events_task ON events (taskSeq) WHERE taskSeq IS NOT NULL;
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;`,
    down: [
      "tasks",
      "contents",
      "parents",
      "idempotency",
      "dedup",
      "buckets",
      "pauses",
      "counts",
      "events",
      "meta",
    ]
      .map((table) => `DROP TABLE ${table};`)
      .join("\n"),
  },
  { up: indexRare(isRare), down: indexRare(wasRare) },
];

/** "PqUE", so that a file of something else is not taken for a queue. */
const applicationId = 0x50715545;

interface MigrateOptions {
  readonly path: string;
  readonly steps?: readonly Migration[] | undefined;
  /** Layout to reach; the newest when absent, an older one goes down. */
  readonly target?: number | undefined;
}

function pragmaNumber(client: Client, name: string): number {
  return Number(client.pragma(name, { simple: true }));
}

/**
 * Brings a file to a layout in one transaction.
 * @throws {@link ParleyError} `E_DATABASE_IO` when the file is not a queue or a newer release wrote it.
 */
export function migrate(
  client: Client,
  { path, steps = migrations, target = steps.length }: MigrateOptions,
): void {
  const version = pragmaNumber(client, "user_version");
  const refuse = (why: string): never => {
    throw new ParleyError("E_DATABASE_IO", `The file ${path} cannot be opened as a queue: ${why}.`);
  };
  if (version > steps.length) refuse(`it has layout ${version}; use a release that knows it`);
  const foreign = pragmaNumber(client, "application_id") !== applicationId;
  const { tables } = client
    .prepare<[], { tables: number }>("SELECT count(*) AS tables FROM sqlite_master")
    .get() ?? { tables: 0 };
  if (foreign && tables > 0) refuse("it holds other tables");
  if (version === target) return;
  const statements =
    version < target
      ? steps.slice(version, target).map(({ up }) => up)
      : steps
          .slice(target, version)
          .toReversed()
          .map(({ down }) => down);
  const apply = client.transaction(() => {
    for (const statement of statements) client.exec(statement);
    client.pragma(`application_id = ${applicationId}`);
    client.pragma(`user_version = ${target}`);
  });
  apply.immediate();
}
