import { hostname } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import type BetterSqlite3 from "better-sqlite3";
import { ParleyError } from "@parley/core";

interface OwnerOptions {
  readonly Client: typeof BetterSqlite3;
  readonly path: string;
  readonly waitMs: number;
  readonly monotonicMs: () => number;
}

/** Sole ownership of a queue file. */
export interface Ownership {
  release(): void;
}

const isBusy = (error: unknown): boolean =>
  error instanceof Error && "code" in error && String(error.code).startsWith("SQLITE_BUSY");

function tryOwn(Client: typeof BetterSqlite3, file: string): BetterSqlite3.Database | undefined {
  const client = new Client(file, { timeout: 0 });
  try {
    client.pragma("journal_mode = DELETE");
    client.exec(
      `BEGIN IMMEDIATE; CREATE TABLE IF NOT EXISTS owner (pid INTEGER, host TEXT); DELETE FROM owner`,
    );
    client.prepare("INSERT INTO owner VALUES (?, ?)").run(process.pid, hostname());
    client.exec("COMMIT; BEGIN IMMEDIATE");
    return client;
  } catch (error) {
    client.close();
    if (isBusy(error)) return undefined;
    throw error;
  }
}

function describeOwner(Client: typeof BetterSqlite3, file: string): string {
  const client = new Client(file, { timeout: 0 });
  try {
    const row = client.prepare<[], { pid: number; host: string }>("SELECT pid, host FROM owner").get();
    return row ? `process ${row.pid} on ${row.host}` : "another process";
  } catch {
    return "another process";
  } finally {
    client.close();
  }
}

/**
 * Makes this process the only writer of a queue. The lock is SQLite's own write lock on `PATH.owner`: the
 * kernel drops it when its process dies, however it dies, and keeps it while that process is only stopped.
 * @throws {@link ParleyError} `E_QUEUE_OWNED` after `waitMs`.
 */
export async function own({ Client, path, waitMs, monotonicMs }: OwnerOptions): Promise<Ownership> {
  const file = `${path}.owner`;
  const deadline = monotonicMs() + waitMs;
  for (;;) {
    const client = tryOwn(Client, file);
    if (client) return { release: () => client.close() };
    if (monotonicMs() >= deadline) break;
    await sleep(25);
  }
  const owner = describeOwner(Client, file);
  throw new ParleyError(
    "E_QUEUE_OWNED",
    `The queue ${path} belongs to ${owner}: stop that one, or reach the queue through it.`,
    { details: { path, owner } },
  );
}
