import { readFileSync } from "node:fs";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { JobSpec, isTerminal } from "@parley/core";
import type { JobStatus } from "@parley/core";
import { createLocalEngine } from "@parley/engines/local";
import type { LocalEngineOptions } from "@parley/engines/local";
import type { Engine } from "@parley/engines";
import { afterEach } from "vitest";

const cleanups: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
});

export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "parley-local-"));
  cleanups.push(() => rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 }));
  return folder;
}

/** An engine that is closed when the test ends. */
export function engineOn(stateDir: string, options: Partial<LocalEngineOptions> = {}): Engine {
  const allow = ["sh", "sleep", "true"];
  const engine = createLocalEngine({
    stateDir,
    allow,
    cores: 1,
    memoryBytes: 2 ** 30,
    pollMs: 50,
    ...options,
  });
  cleanups.push(() => engine.close());
  return engine;
}

export const shell = (script: string, part: Partial<JobSpec> = {}): JobSpec => ({
  ...JobSpec.parse({ command: ["sh", "-c", script] }),
  ...part,
});

let tags = 0;
/** Submits a job that is cancelled when the test ends before it does. */
export async function submit(engine: Engine, spec: JobSpec, tag = `t${(tags += 1)}`): Promise<string> {
  const { siteJobId } = await engine.submit(spec, { tag });
  cleanups.push(() => engine.cancel(siteJobId).catch(() => undefined));
  return siteJobId;
}

/** A script that waits until a file is there. */
export const waitFor = (gate: string): string => `while [ ! -e ${gate} ]; do sleep 0.02; done`;

export const pause = (milliseconds = 20): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, milliseconds);
  });

export async function until<T>(look: () => Promise<T | undefined | false>): Promise<T> {
  for (let turn = 0; turn < 600; turn += 1) {
    const found = await look();
    if (found !== undefined && found !== false) return found;
    await pause();
  }
  throw new Error("It never came to pass");
}

export function ended(engine: Engine, id: string): Promise<JobStatus> {
  return until(async () => {
    const status = await engine.status(id);
    return isTerminal(status.state) && status;
  });
}

export function active(engine: Engine, id: string): Promise<JobStatus> {
  return until(async () => {
    const status = await engine.status(id);
    return status.state === "ACTIVE" && status;
  });
}

/** Whether a process runs; a zombie does not. */
export function runs(pid: number): boolean {
  try {
    return !/\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, "utf8"));
  } catch {
    return false;
  }
}

/** The pid a job wrote, once it has. */
export function pidIn(path: string): Promise<number> {
  return until(async () => {
    const text = await readFile(path, "utf8").catch(() => "");
    return text.endsWith("\n") && Number(text);
  });
}

export async function recordOf(stateDir: string, id: string, name: string): Promise<Record<string, unknown>> {
  return JSON.parse(await readFile(join(stateDir, "jobs", id, name), "utf8"));
}
