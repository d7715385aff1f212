import { link, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { ParleyError } from "@parley/core";
import { errorCode } from "./_files.ts";
import type { Owner } from "./_owner.ts";
import { isAlive, newToken, parseOwner, thisProcess } from "./_owner.ts";

/** A writer from another realm cannot be asked whether it lives: its lock is void after this time. */
const foreignLockMs = 15_000;
/** A holder that was suspended this long writes no more; well under {@link foreignLockMs}. */
const longestHoldMs = 7_000;
/** Each crash of a process that was taking over a lock adds one level. */
const deepestTakeover = 8;

/** Exclusive use of a path among all processes that share a store. */
export interface Locks {
  /** Runs work while holding the lock; the work calls `assertHeld` right before it changes anything. */
  hold<Result>(path: string, work: (assertHeld: () => void) => Promise<Result>): Promise<Result>;
}

interface LockOptions {
  /** Where half-made lock files live; on the file system of the locks. */
  readonly temporary: string;
  /** How long to wait for another holder. */
  readonly waitMs: number;
}

interface Attempt {
  readonly path: string;
  /** Our finished lock file, to be linked into place. */
  readonly ours: string;
  readonly realm: string;
}

interface Found {
  readonly token: string;
  readonly owner: Owner | undefined;
  readonly mtimeMs: number;
}

async function inspect(path: string): Promise<Found | undefined> {
  try {
    const [text, { ino, mtimeMs }] = await Promise.all([readFile(path, "utf8"), stat(path)]);
    const owner = parseOwner(text);
    return { token: owner?.token ?? `broken${ino}`, owner, mtimeMs };
  } catch (error) {
    if (errorCode(error) === "ENOENT") return undefined;
    throw error;
  }
}

async function isStale(found: Found, attempt: Attempt): Promise<boolean> {
  const { owner } = found;
  if (owner === undefined) return true;
  if (owner.realm === attempt.realm) return !(await isAlive(owner));
  const { mtimeMs } = await stat(attempt.ours);
  return mtimeMs - found.mtimeMs > foreignLockMs;
}

/**
 * Takes the lock if it is free or its owner is gone. Of all that find the same dead owner, the one that makes
 * the file named after that owner's token may replace the lock, and only while it still is that owner's.
 */
async function tryTake(attempt: Attempt, depth = 0): Promise<boolean> {
  const { path, ours } = attempt;
  try {
    await link(ours, path);
    return true;
  } catch (error) {
    if (errorCode(error) !== "EEXIST") throw error;
  }
  const found = await inspect(path);
  if (found === undefined || depth > deepestTakeover || !(await isStale(found, attempt))) return false;
  const claim = `${path}.${found.token}`;
  if (!(await tryTake({ ...attempt, path: claim }, depth + 1))) return false;
  if ((await inspect(path))?.token === found.token) {
    await rename(claim, path);
    return true;
  }
  await rm(claim, { force: true });
  return false;
}

async function take(attempt: Attempt, waitMs: number): Promise<void> {
  const deadline = performance.now() + waitMs;
  for (let pause = 1; !(await tryTake(attempt)); pause = Math.min(pause * 2, 20)) {
    if (performance.now() > deadline) {
      throw new ParleyError(
        "E_DATABASE_IO",
        `The lock ${attempt.path} was not free within ${waitMs} ms: another process holds it; try again.`,
        { retryable: true, details: { path: attempt.path } },
      );
    }
    await sleep(pause * (0.5 + (process.hrtime()[1] % 1000) / 1000));
  }
}

function heldSince(path: string): () => void {
  const start = performance.now();
  return () => {
    if (performance.now() - start <= longestHoldMs) return;
    throw new ParleyError(
      "E_DATABASE_IO",
      `Nothing was written: this process stood still too long while it held ${path}; try again.`,
      { retryable: true, details: { path } },
    );
  };
}

/** Locks between processes; within this one, waiting calls for a path run in the order they came. */
export async function createLocks({ temporary, waitMs }: LockOptions): Promise<Locks> {
  const self = await thisProcess();
  const lastOf = new Map<string, Promise<unknown>>();

  const holdAmongProcesses: Locks["hold"] = async (path, work) => {
    const token = newToken();
    const ours = join(temporary, `${token}.lock`);
    await writeFile(ours, JSON.stringify({ token, ...self }), { flag: "wx", mode: 0o600 });
    try {
      await take({ path, ours, realm: self.realm }, waitMs);
    } finally {
      await rm(ours, { force: true });
    }
    try {
      return await work(heldSince(path));
    } finally {
      if ((await inspect(path))?.token === token) await rm(path, { force: true });
    }
  };

  return {
    async hold(path, work) {
      const turn = (lastOf.get(path) ?? Promise.resolve()).then(() => holdAmongProcesses(path, work));
      const ended = turn.catch(() => {});
      lastOf.set(path, ended);
      try {
        return await turn;
      } finally {
        if (lastOf.get(path) === ended) lastOf.delete(path);
      }
    },
  };
}
