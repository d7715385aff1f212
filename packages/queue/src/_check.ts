import type { ReplayedTask } from "./replay.ts";
import { replay } from "./replay.ts";
import type { EventRow, TaskRow } from "./_rows.ts";
import type { Sql } from "./_sql.ts";
import { chainHash } from "./_unit.ts";
import { viewEvent } from "./_views.ts";

/** Problems shown; more are only counted. */
const shown = 20;

/** What a check found. */
export interface CheckReport {
  readonly ok: boolean;
  readonly tasks: number;
  readonly events: number;
  /** The first twenty, one sentence each. */
  readonly problems: readonly string[];
}

interface Anchor {
  readonly seq: number;
  readonly hash: string;
}

function checkChain(events: readonly EventRow[], anchor: Anchor): string[] {
  const problems: string[] = [];
  let { seq, hash } = anchor;
  for (const event of events) {
    if (event.seq !== seq + 1) problems.push(`Event ${seq + 1} is missing.`);
    else if (chainHash(hash, event) !== event.hash) problems.push(`Event ${event.seq} was changed.`);
    ({ seq, hash } = event);
  }
  return problems;
}

function differences(row: TaskRow, told: ReplayedTask | undefined): string[] {
  if (!told) return [`The log has no task ${row.id}.`];
  const stored: ReplayedTask = {
    queue: row.queue,
    state: row.state,
    attempt: row.attempt,
    failures: row.failures,
    crashes: row.crashes,
    cancelRequested: row.cancelEnd !== null,
  };
  const fields = ["queue", "state", "attempt", "failures", "crashes", "cancelRequested"] as const;
  return fields
    .filter((field) => stored[field] !== told[field])
    .map((field) => `${row.id}: ${field} is ${stored[field]}, the log says ${told[field]}.`);
}

function checkCounts(sql: Sql): string[] {
  return sql<[], { queue: string; state: string }>(
    `SELECT queue, state FROM (
       SELECT queue, state, tasks FROM counts WHERE tasks <> 0
       UNION ALL SELECT queue, state, -count(*) FROM tasks GROUP BY queue, state
     ) GROUP BY queue, state HAVING sum(tasks) <> 0`,
  )
    .all()
    .map(({ queue, state }) => `The count of ${state} tasks of ${queue} is wrong.`);
}

function checkParents(sql: Sql): string[] {
  return sql<[], { id: string }>(
    `SELECT id FROM tasks WHERE finishedAt IS NULL AND waitingOn <> (
       SELECT count(*) FROM parents JOIN tasks AS parent ON parent.seq = parents.parent
       WHERE parents.child = tasks.seq AND parent.finishedAt IS NULL)`,
  )
    .all()
    .map(({ id }) => `${id} waits for another number of parents than it has.`);
}

/** Reads everything: the file's structure, the hash chain of the log, and whether the log tells the tables. */
export function checkQueue(sql: Sql): CheckReport {
  const structure = sql<[], { integrity_check: string }>("PRAGMA integrity_check(20)")
    .all()
    .map((row) => row.integrity_check)
    .filter((line) => line !== "ok");
  const stored = sql<[], { value: string }>("SELECT value FROM meta WHERE key = 'anchor'").get();
  const anchor: Anchor = stored ? JSON.parse(stored.value) : { seq: 0, hash: "" };
  const events = sql<[], EventRow>("SELECT * FROM events ORDER BY seq").all();
  const rows = sql<[], TaskRow>("SELECT * FROM tasks ORDER BY seq").all();
  const told = replay(events.map(viewEvent));
  const problems = [
    ...structure,
    ...checkChain(events, anchor),
    ...told.problems.map(({ seq, problem }) => `Event ${seq}: ${problem}.`),
    ...rows.flatMap((row) => differences(row, told.tasks.get(row.id))),
    ...checkCounts(sql),
    ...checkParents(sql),
  ];
  return {
    ok: problems.length === 0,
    tasks: rows.length,
    events: events.length,
    problems: problems.slice(0, shown),
  };
}
