import { spawn } from "node:child_process";
import type { ChildProcessWithoutNullStreams } from "node:child_process";
import type { Readable, Writable } from "node:stream";
import { killAtExit } from "./_exit-hook.ts";
import { signalGroup } from "./_process-group.ts";
import { baseEnvironment } from "./environment.ts";

/** Options of {@link startProcess}. */
export interface StartOptions {
  readonly cwd?: string | undefined;
  /** Added to {@link baseEnvironment} of this process, without `LC_ALL`. */
  readonly env?: Readonly<Record<string, string>> | undefined;
  /** From the end of its input to SIGTERM, and from there to SIGKILL (default 2,000). */
  readonly graceMs?: number | undefined;
}

/** How a program ended: it never started, or its status. */
export interface ProcessEnd {
  readonly error?: NodeJS.ErrnoException | undefined;
  readonly exitCode?: number | undefined;
  readonly signal?: NodeJS.Signals | undefined;
}

/** A program that runs until it is stopped, as the leader of its own process group. */
export interface RunningProcess {
  readonly pid: number | undefined;
  readonly stdin: Writable;
  readonly stdout: Readable;
  readonly stderr: Readable;
  /** Resolves once it ended and what was left of its group was killed. */
  readonly ended: Promise<ProcessEnd>;
  /** Ends its input, then the group by SIGTERM, then by SIGKILL. Safe to call twice. */
  stop(): Promise<ProcessEnd>;
}

/** Waits for a promise, or until the time is over. */
async function within(work: Promise<unknown>, ms: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<false>((resolve) => (timer = setTimeout(resolve, ms, false)));
  try {
    return await Promise.race([work.then(() => true), late]);
  } finally {
    clearTimeout(timer);
  }
}

/** How long what was written may still be read once the program has ended. */
const drainMs = 500;

/** Resolves when the leader is gone and its output was read; its descendants go with it. */
async function watch(child: ChildProcessWithoutNullStreams, pid: number | undefined): Promise<ProcessEnd> {
  const closed = new Promise<void>((resolve) => child.once("close", () => resolve()));
  if (pid === undefined)
    return await new Promise((resolve) => child.once("error", (error) => resolve({ error })));
  const release = killAtExit(pid);
  const end = await new Promise<ProcessEnd>((resolve) => {
    child.once("exit", (code, signal) =>
      resolve({ exitCode: code ?? undefined, signal: signal ?? undefined }),
    );
  });
  signalGroup(pid, "SIGKILL");
  release();
  if (!(await within(closed, drainMs))) {
    child.stdout.destroy();
    child.stderr.destroy();
  }
  return end;
}

/**
 * Starts a program to talk to over its standard streams. Nothing of its process group outlives it, nor this process.
 * The streams are not bounded here: whoever reads them does that.
 */
export function startProcess(argv: readonly string[], options: StartOptions = {}): RunningProcess {
  const { cwd, graceMs = 2000 } = options;
  const env = baseEnvironment(process.env, { LC_ALL: undefined, ...options.env });
  const [program = "", ...args] = argv;
  const child = spawn(program, args, { cwd, env, detached: true, stdio: "pipe" });
  const { pid, stdin, stdout, stderr } = child;
  // EPIPE: a program need not read what it is given.
  stdin.on("error", () => stdin.destroy());
  // A kill that fails is no reason to end this process; the program's end is told all the same.
  child.on("error", () => {});
  const ended = watch(child, pid);

  const stop = async (): Promise<ProcessEnd> => {
    stdin.end();
    if (pid === undefined || (await within(ended, graceMs))) return await ended;
    signalGroup(pid, "SIGTERM");
    if (!(await within(ended, graceMs))) signalGroup(pid, "SIGKILL");
    return await ended;
  };
  let stopping: Promise<ProcessEnd> | undefined;
  return { pid, stdin, stdout, stderr, ended, stop: () => (stopping ??= stop()) };
}
