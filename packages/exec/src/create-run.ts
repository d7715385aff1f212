import { spawn } from "node:child_process";
import type { ChildProcessWithoutNullStreams } from "node:child_process";
import { existsSync } from "node:fs";
import { collectOutput } from "./_bounded-output.ts";
import { signalGroup } from "./_process-group.ts";
import { baseEnvironment } from "./environment.ts";
import type { Run, RunOptions, RunResult } from "./run.ts";

/** From SIGTERM to SIGKILL. */
const killAfterMs = 2000;
/** How long output may still come from descendants once the program itself has ended. */
const drainMs = 500;
/** The longest time a timer takes; more would fire at once. */
const maxTimerMs = 2 ** 31 - 1;

type Failure = NonNullable<RunResult["failure"]>;

/**
 * Makes a {@link Run} over child processes. Each program leads its own process group; a time-out, an abort and
 * too much output end the whole group (SIGTERM, SIGKILL after 2 s), and what is left of the group 500 ms after
 * the program ended is killed as well.
 * @param defaults - used where a call does not say otherwise.
 */
export function createRun(defaults: Omit<RunOptions, "signal" | "input"> = {}): Run {
  return (argv, options = {}) => {
    const startedAt = performance.now();
    const settled: RunOptions = {
      timeoutMs: options.timeoutMs ?? defaults.timeoutMs ?? 10_000,
      maxBytes: options.maxBytes ?? defaults.maxBytes ?? 4 * 2 ** 20,
      env: options.env ?? defaults.env ?? baseEnvironment(process.env),
      cwd: options.cwd ?? defaults.cwd,
      signal: options.signal,
      input: options.input,
    };
    const failed = (failure: Failure, stderr = ""): RunResult => ({
      ok: false,
      argv,
      stdout: "",
      stderr,
      failure,
      durationMs: performance.now() - startedAt,
    });
    if (settled.signal?.aborted) return Promise.resolve(failed("aborted"));
    const [program = "", ...args] = argv;
    let child: ChildProcessWithoutNullStreams;
    try {
      child = spawn(program, args, { cwd: settled.cwd, env: settled.env, detached: true, stdio: "pipe" });
    } catch (error) {
      return Promise.resolve(failed("not-found", startFailure(error, settled.cwd)));
    }
    return supervise(child, settled).then((end) =>
      end.error === undefined
        ? { ...end.result, argv, durationMs: performance.now() - startedAt }
        : failed(settled.signal?.aborted ? "aborted" : "not-found", startFailure(end.error, settled.cwd)),
    );
  };
}

interface End {
  readonly error?: unknown;
  readonly result: Omit<RunResult, "argv" | "durationMs">;
}

/** Resolves when the program and its output have ended, one way or another. */
function supervise(child: ChildProcessWithoutNullStreams, options: RunOptions): Promise<End> {
  const { maxBytes = 0, timeoutMs = 0, signal, input } = options;
  const { pid } = child;
  let failure: Failure | undefined;
  let killTimer: NodeJS.Timeout | undefined;
  let drainTimer: NodeJS.Timeout | undefined;
  const stop = (reason: Failure): void => {
    if (failure !== undefined || pid === undefined || child.exitCode !== null || child.signalCode !== null)
      return;
    failure = reason;
    signalGroup(pid, "SIGTERM");
    killTimer = setTimeout(() => signalGroup(pid, "SIGKILL"), killAfterMs);
  };
  const onAbort = (): void => stop("aborted");
  const stdout = collectOutput(child.stdout, maxBytes, () => stop("output-limit"));
  const stderr = collectOutput(child.stderr, maxBytes, () => stop("output-limit"));
  const deadline = setTimeout(() => stop("timeout"), Math.min(timeoutMs, maxTimerMs));
  signal?.addEventListener("abort", onAbort, { once: true });
  // EPIPE: a program need not read what it is given.
  child.stdin.on("error", () => child.stdin.destroy());
  child.stdin.end(input ?? "");

  return new Promise<End>((resolve) => {
    const finish = (error?: unknown): void => {
      for (const timer of [deadline, killTimer, drainTimer]) clearTimeout(timer);
      signal?.removeEventListener("abort", onAbort);
      const exitCode = child.exitCode ?? undefined;
      const killedBy = child.signalCode ?? undefined;
      const why = failure ?? (killedBy === undefined ? (exitCode === 0 ? undefined : "exit") : "signal");
      const result = {
        ok: why === undefined,
        stdout: stdout.text(),
        stderr: stderr.text(),
        ...(killedBy === undefined ? { exitCode } : { signal: killedBy }),
        ...(why === undefined ? {} : { failure: why }),
      };
      resolve({ error, result });
    };
    child.on("error", (error) => {
      if (pid === undefined) finish(error);
    });
    child.once("exit", () => {
      if (pid === undefined) return;
      if (failure !== undefined) signalGroup(pid, "SIGKILL");
      drainTimer = setTimeout(() => {
        signalGroup(pid, "SIGKILL");
        child.stdout.destroy();
        child.stderr.destroy();
      }, drainMs);
    });
    child.once("close", () => {
      if (pid !== undefined) signalGroup(pid, "SIGKILL");
      finish();
    });
  });
}

/** The system says ENOENT for a missing program and a missing directory alike. */
function startFailure(error: unknown, cwd: string | undefined): string {
  if (cwd !== undefined && !existsSync(cwd)) return `the directory ${cwd} does not exist`;
  const { code } = toSystemError(error);
  if (code === "ENOENT") return "";
  return code === "EACCES" ? "it is not an executable file" : toSystemError(error).message;
}

function toSystemError(error: unknown): NodeJS.ErrnoException {
  return error instanceof Error ? error : new Error(String(error));
}
