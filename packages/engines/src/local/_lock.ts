import { randomUUID } from "node:crypto";
import { mkdir, readFile, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { processIdentity, writeExclusive } from "./_files.js";
import { isProcessRecord } from "./_record.ts";

/** Lets one engine of a state directory schedule. */
export interface Lock {
  /** Whether this engine is the one; takes over from a holder that is dead. */
  hold(): Promise<boolean>;
  release(): Promise<void>;
}

const namePattern = /^scheduler\.(\d{1,15})\.json$/;

/**
 * Each holder creates the lock of the next number; the highest number counts. Two that find the same dead
 * holder compete for one number, and only one file of that name can be created.
 */
export function createLock(stateDir: string): Lock {
  const token = randomUUID();
  let mine: number | undefined;
  const pathOf = (turn: number): string => join(stateDir, `scheduler.${turn}.json`);
  const turns = async (): Promise<number[]> => {
    const names = await readdir(stateDir);
    return names
      .flatMap((name) => namePattern.exec(name)?.[1] ?? [])
      .map(Number)
      .toSorted((left, right) => right - left);
  };
  const lives = async (turn: number): Promise<boolean> => {
    try {
      const holder: unknown = JSON.parse(await readFile(pathOf(turn), "utf8"));
      return isProcessRecord(holder) && processIdentity(holder.pid) === holder.identity;
    } catch {
      return false;
    }
  };
  const release = async (): Promise<void> => {
    if (mine !== undefined) await rm(pathOf(mine), { force: true });
    mine = undefined;
  };
  return {
    release,
    hold: async () => {
      await mkdir(stateDir, { recursive: true, mode: 0o700 });
      const [highest = 0] = await turns();
      if (highest > 0 && highest === mine) return true;
      await release();
      if (highest > 0 && (await lives(highest))) return false;
      const next = highest + 1;
      const self = { pid: process.pid, identity: processIdentity(process.pid) ?? "unknown", token };
      if (!writeExclusive(pathOf(next), self)) return false;
      mine = next;
      const [top, ...older] = await turns();
      if (top !== next) {
        await release();
        return false;
      }
      for (const turn of older) await rm(pathOf(turn), { force: true });
      return true;
    },
  };
}
