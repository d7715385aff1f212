import { ParleyError, formatDuration } from "@parley/core";
import type { ErrorCode } from "@parley/core";
import { redact } from "./redact.ts";
import type { Run, RunOptions, RunResult } from "./run.ts";

const codes = {
  "not-found": "E_EXEC_NOT_FOUND",
  exit: "E_EXEC_FAILED",
  signal: "E_EXEC_FAILED",
  timeout: "E_EXEC_TIMEOUT",
  aborted: "E_INTERRUPTED",
  "output-limit": "E_EXEC_OUTPUT_LIMIT",
} as const satisfies Record<NonNullable<RunResult["failure"]>, ErrorCode>;

const maxMessageLength = 300;

/** The line of a program's complaint that says most: the first, or the last of a Python traceback. */
function usefulLine(stderr: string): string | undefined {
  const lines = stderr
    .slice(0, 64 * 1024)
    // eslint-disable-next-line no-control-regex -- terminal colours and other control characters are removed
    .replace(/\u001b\[[0-9;]*[A-Za-z]|[\u0000-\u0008\u000b-\u001f\u007f]/g, "")
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => /[\p{L}\p{N}]/u.test(line));
  const line = lines[0]?.startsWith("Traceback (most recent call last)") ? lines.at(-1) : lines[0];
  if (line === undefined) return undefined;
  const shown = redact(line);
  return shown.length > maxMessageLength ? `${shown.slice(0, maxMessageLength)}...` : shown;
}

/**
 * One sentence on how a program failed, with the first useful line of its stderr; secrets are hidden and the
 * arguments left out.
 */
export function describeFailure(result: RunResult): string {
  const name = redact(result.argv[0] ?? "").slice(0, 200) || "(no program)";
  const after = formatDuration(result.durationMs / 1000);
  const line = usefulLine(result.stderr);
  const words = line === undefined ? "." : `: ${line}`;
  switch (result.failure) {
    case undefined:
      return `${name} ended well.`;
    case "not-found":
      return `${name} could not be started${words === "." ? "; install it or correct PATH." : words}`;
    case "timeout":
      return `${name} did not end within its time-out and was killed after ${after}${words}`;
    case "aborted":
      return `${name} was interrupted.`;
    case "output-limit":
      return `${name} printed more than is kept and was killed${words}`;
    case "signal":
      return `${name} was ended by ${result.signal ?? "a signal"}${words}`;
    default:
      return `${name} ended with status ${result.exitCode ?? "unknown"}${words}`;
  }
}

/**
 * Runs a program and returns its result only when it ended with status 0.
 * @throws {@link ParleyError} `E_EXEC_NOT_FOUND`, `E_EXEC_TIMEOUT`, `E_EXEC_OUTPUT_LIMIT`, `E_EXEC_FAILED`,
 * `E_INTERRUPTED`; details are `program`, `exitCode`, `signal` and `durationMs`.
 */
export async function runOrThrow(
  run: Run,
  argv: readonly string[],
  options: RunOptions = {},
): Promise<RunResult> {
  const result = await run(argv, options);
  if (result.ok) return result;
  const { exitCode, signal, durationMs } = result;
  throw new ParleyError(codes[result.failure ?? "exit"], describeFailure(result), {
    details: {
      program: argv[0] ?? "",
      durationMs,
      ...(exitCode === undefined ? {} : { exitCode }),
      ...(signal === undefined ? {} : { signal }),
    },
  });
}
