import { type ProcessEnd, type RunResult, baseEnvironment, startProcess } from "@parley/exec";
import type { Readable } from "node:stream";
import type { Call } from "./call.ts";
import { passed } from "./execute.ts";

/** How {@link listen} runs a program. */
export interface ListenOptions {
  /** Variables of the call's environment the program needs; `DOCKER_*` is a family. */
  readonly pass?: readonly string[] | undefined;
  readonly set?: Readonly<Record<string, string>> | undefined;
  readonly cwd?: string | undefined;
  /** Milliseconds until the program's whole process group is ended. */
  readonly timeoutMs: number;
  /** Called with each line as it comes, of standard output and standard error alike, cut at 4,000 characters. */
  readonly onLine: (line: string, from: "stdout" | "stderr") => void;
}

const maxLine = 4000;
/** From the end of a program's input to SIGTERM, and from there to SIGKILL. */
const graceMs = 500;

/**
 * Runs a program without a shell and hands on its lines as they come. The call's signal and the time-out end its whole
 * process group. It never rejects; the result's streams are empty.
 */
export async function listen(
  call: Call,
  argv: readonly string[],
  options: ListenOptions,
): Promise<Pick<RunResult, "ok" | "exitCode" | "failure">> {
  const { pass = [], set = {}, cwd, timeoutMs, onLine } = options;
  if (call.signal.aborted) return { ok: false, failure: "aborted" };
  const env = baseEnvironment(call.env, { ...passed(call.env, pass), ...set });
  const start = call.options.start ?? startProcess;
  const child = start(argv, { env, cwd, graceMs });
  child.stdin.end();
  let failure: RunResult["failure"];
  const stop = (reason: NonNullable<RunResult["failure"]>): void => {
    failure ??= reason;
    void child.stop();
  };
  const onAbort = (): void => stop("aborted");
  call.signal.addEventListener("abort", onAbort, { once: true });
  const timer = setTimeout(() => stop("timeout"), Math.min(timeoutMs, 2 ** 31 - 1));
  try {
    const reading = [
      readLines(child.stdout, (line) => onLine(line, "stdout")),
      readLines(child.stderr, (line) => onLine(line, "stderr")),
    ];
    const end = await child.ended;
    await Promise.all(reading);
    return outcome(end, failure);
  } finally {
    clearTimeout(timer);
    call.signal.removeEventListener("abort", onAbort);
  }
}

function outcome(
  end: ProcessEnd,
  failure: RunResult["failure"],
): Pick<RunResult, "ok" | "exitCode" | "failure"> {
  if (failure !== undefined) return { ok: false, failure };
  if (end.error !== undefined) return { ok: false, failure: "not-found" };
  if (end.exitCode === undefined) return { ok: false, failure: "signal" };
  return end.exitCode === 0
    ? { ok: true, exitCode: 0 }
    : { ok: false, exitCode: end.exitCode, failure: "exit" };
}

/** Resolves at the end of the stream, or when it is torn down. */
async function readLines(stream: Readable, onLine: (line: string) => void): Promise<void> {
  let rest = "";
  const give = (line: string): void => {
    if (line.trim() !== "") onLine(line.slice(0, maxLine));
  };
  stream.setEncoding("utf8").on("data", (piece: string) => {
    // A progress bar rewrites its line.
    const lines = (rest + piece).split(/\r\n|\n|\r/);
    rest = (lines.pop() ?? "").slice(0, maxLine);
    for (const line of lines) give(line);
  });
  await new Promise<void>((resolve) => {
    stream
      .once("end", resolve)
      .once("close", resolve)
      .once("error", () => resolve());
  });
  give(rest);
}
