import { spawn } from "node:child_process";
import { readFile } from "node:fs/promises";
import { createServer } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

/** A program under measurement that is not ours. */
export interface Program {
  readonly pid: number;
  /** What it has printed so far, for a failure. */
  said(): string;
  close(): Promise<void>;
}

const onExit = new Set<() => void>();
process.once("exit", () => {
  for (const kill of onExit) kill();
});

export function startProgram([command = "", ...args]: readonly string[]): Program {
  const child = spawn(command, args, { stdio: ["ignore", "pipe", "pipe"], detached: true });
  let text = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (chunk: Buffer) => {
      if (text.length < 20_000) text += chunk.toString();
    });
  }
  child.on("error", (error) => (text += error.message));
  const gone = new Promise<void>((resolve) => child.on("close", () => resolve()));
  const pid = child.pid ?? 0;
  const kill = (): void => {
    if (child.exitCode !== null || pid === 0) return;
    try {
      process.kill(-pid, "SIGKILL");
    } catch {
      child.kill("SIGKILL");
    }
  };
  onExit.add(kill);
  return {
    pid,
    said: () => text,
    async close() {
      onExit.delete(kill);
      kill();
      await gone;
    },
  };
}

export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === "object" && address !== null ? address.port : 0;
}

/** Tries until it works. @throws the last failure after `patienceMs` */
export async function eventually<Value>(work: () => Promise<Value>, patienceMs = 30_000): Promise<Value> {
  const end = performance.now() + patienceMs;
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (performance.now() > end) throw error;
      await sleep(50);
    }
  }
}

const ticksPerSecond = 100;

/** CPU seconds of a process and all below it; `undefined` where there is no /proc. */
export async function treeCpuSeconds(pid: number): Promise<number | undefined> {
  try {
    const stat = await readFile(`/proc/${pid}/stat`, "utf8");
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    const own = (Number(fields[11]) + Number(fields[12])) / ticksPerSecond;
    const sums = await Promise.all((await childrenOf(pid)).map(treeCpuSeconds));
    return sums.reduce<number>((sum, seconds) => sum + (seconds ?? 0), own);
  } catch {
    return undefined;
  }
}

/** Processes that a process has started and that still run; none where there is no /proc. */
export async function childrenOf(pid: number): Promise<readonly number[]> {
  const text = await readFile(`/proc/${pid}/task/${pid}/children`, "utf8").catch(() => "");
  return text
    .split(" ")
    .filter((one) => one.trim() !== "")
    .map(Number);
}
