import type { Database as Client } from "better-sqlite3";
import { ParleyError } from "@parley/core";
import type { Committer } from "./_committer.ts";
import { createCommitter } from "./_committer.ts";
import type { Context } from "./_context.ts";
import { queueError } from "./_errors.ts";
import type { Feed } from "./_feed.ts";
import { createFeed } from "./_feed.ts";
import type { OpenFile } from "./_open.ts";
import { isNearlyFull, openFile } from "./_open.ts";
import { recover } from "./_recover.ts";
import type { Sql } from "./_sql.ts";
import { createSql } from "./_sql.ts";
import type { Statements } from "./_statements.ts";
import { prepareStatements } from "./_statements.ts";
import { isSweepDue, sweep } from "./_sweep.ts";
import { createSweeper } from "./_sweeper.ts";
import { createTime } from "./_time.ts";
import type { Unit } from "./_unit.ts";
import { createUnit } from "./_unit.ts";
import type { Waiters } from "./_waiters.ts";
import { createWaiters } from "./_waiters.ts";
import type { Settings } from "./options.ts";
import { createStats } from "./stats.ts";

/** The machinery under the commands of one open queue. */
export interface Core extends Pick<Waiters, "waitFor" | "drain" | "isDraining"> {
  readonly client: Client;
  readonly sql: Sql;
  readonly statements: Statements;
  readonly unit: Unit;
  readonly feed: Feed;
  readonly stats: ReturnType<typeof createStats>;
  readonly run: <Result>(work: (context: Context) => Result) => Promise<Result>;
  readonly readSafely: <Result>(read: () => Result) => Promise<Result>;
  readonly sweepAll: () => Promise<number>;
  readonly close: () => Promise<void>;
}

/** Ids of 128 random bits, drawn from the system for many at a time. */
function hexId({ randomBytes }: Settings): () => string {
  let pool = "";
  return () => {
    if (pool.length < 32) pool = Buffer.from(randomBytes(new Uint8Array(4096))).toString("hex");
    const id = pool.slice(0, 32);
    pool = pool.slice(32);
    return id;
  };
}

function readUnit(sql: Sql): { unit: Unit; lastEvent: number } {
  const head =
    sql<[], { seq: number; hash: string }>("SELECT seq, hash FROM events ORDER BY seq DESC LIMIT 1").get() ??
    anchorOf(sql);
  const counts = new Map<string, Map<string, { tasks: number }>>();
  const rows = sql<[], { queue: string; state: string; tasks: number }>("SELECT * FROM counts").all();
  for (const { queue, state, tasks } of rows) {
    const states = counts.get(queue) ?? new Map<string, { tasks: number }>();
    counts.set(queue, states.set(state, { tasks }));
  }
  return { unit: createUnit({ head, counts }), lastEvent: head.seq };
}

/** Also of tasks that only the log still knows: a number is never used twice. */
function lastTaskSeq(sql: Sql): number {
  const read = (text: string): number => sql<[], { seq: number | null }>(text).get()?.seq ?? 0;
  return Math.max(read("SELECT max(seq) AS seq FROM tasks"), read("SELECT max(taskSeq) AS seq FROM events"));
}

function anchorOf(sql: Sql): { seq: number; hash: string } {
  const stored = sql<[], { value: string }>("SELECT value FROM meta WHERE key = 'anchor'").get();
  return stored ? JSON.parse(stored.value) : { seq: 0, hash: "" };
}

/** Where ids, numbers and the room on the disk come from. */
function createSources(
  client: Client,
  { sql, settings }: { sql: Sql; settings: Settings },
): Pick<Context, "settings" | "newId" | "nextSeq" | "nearlyFull"> {
  let seq = lastTaskSeq(sql);
  return {
    settings,
    newId: hexId(settings),
    nextSeq: () => (seq += 1),
    nearlyFull: () => isNearlyFull(client, settings.maxBytes),
  };
}

/** One context for all calls of a transaction, which share its time. */
function createRun(committer: Committer, common: Omit<Context, "time">): Core["run"] {
  let context: Context | undefined;
  return (work) =>
    committer.run((time) => {
      if (context?.time !== time) context = { ...common, time };
      return work(context);
    });
}

/** Off the hot paths: what such a statement reads has been written before. */
const flushing = (sql: Sql, { flush }: Statements): Sql => {
  return (text) => {
    flush();
    return sql(text);
  };
};

function createReader(client: Client, path: string): Core["readSafely"] {
  // oxlint-disable-next-line typescript/require-await -- turns what SQLite throws into a rejection
  return async (read) => {
    if (!client.open) throw new ParleyError("E_DATABASE_IO", `The queue ${path} is closed: open it again.`);
    try {
      return read();
    } catch (error) {
      throw queueError(error, path);
    }
  };
}

function assemble(file: OpenFile, settings: Settings): Core {
  const { client } = file;
  const { path, maxWaiting, sweepMs } = settings;
  const sql = createSql(client);
  const statements = prepareStatements(sql);
  const { unit, lastEvent } = readUnit(sql);
  const time = createTime(settings);
  const feed = createFeed(sql, lastEvent);
  const stats = createStats({ sql, unit, time });
  const waiters = createWaiters({ unit, monotonicMs: settings.monotonicMs });
  const common = {
    sql: flushing(sql, statements),
    statements,
    unit,
    ...createSources(client, { sql, settings }),
  };
  const committer = createCommitter({
    client,
    statements,
    unit,
    time,
    path,
    maxWaiting,
    onCommit(rows) {
      stats.watch(rows);
      feed.publish(rows);
      waiters.notice(rows);
    },
  });
  const run = createRun(committer, common);

  const sweeper = createSweeper({
    everyMs: sweepMs,
    isDue: () => client.open && isSweepDue(statements, time()),
    step: () => run(sweep),
  });

  return {
    client,
    sql,
    statements,
    unit,
    feed,
    stats,
    run,
    sweepAll: sweeper.sweepAll,
    waitFor: waiters.waitFor,
    drain: waiters.drain,
    isDraining: waiters.isDraining,
    readSafely: createReader(client, path),
    // oxlint-disable-next-line typescript/require-await -- closing is synchronous today, and callers await it
    async close() {
      if (!client.open) return;
      sweeper.stop();
      committer.close();
      waiters.close();
      feed.close();
      file.close();
    },
  };
}

function assembleOrClose(file: OpenFile, settings: Settings): Core {
  try {
    return assemble(file, settings);
  } catch (error) {
    file.close();
    throw queueError(error, settings.path);
  }
}

/** Opens the file and makes it ready for commands. */
export async function createCore(settings: Settings): Promise<Core> {
  const core = assembleOrClose(await openFile(settings.path, settings), settings);
  try {
    await core.run(recover);
  } catch (error) {
    // A full disk must not keep anybody from reading.
    if (!ParleyError.isInstance(error) || error.code !== "E_QUEUE_DISK_FULL") {
      await core.close();
      throw error;
    }
  }
  return core;
}
