import { ParleyError, type ErrorCode } from "@parley/core";
import { type RunResult, baseEnvironment, describeFailure, redact } from "@parley/exec";
import type { Call } from "./call.ts";

/** How {@link execute} runs a program. */
export interface ExecuteOptions {
  /** Variables of the call's environment the program needs beside PATH, HOME and their like; `SPACK_*` is a family. */
  readonly pass?: readonly string[] | undefined;
  /** Variables set for the program. */
  readonly set?: Readonly<Record<string, string>> | undefined;
  /** Milliseconds; default the call's. */
  readonly timeoutMs?: number | undefined;
  /** Bytes of each stream; the program is killed when it prints more. Default 4 MiB. */
  readonly maxBytes?: number | undefined;
  readonly cwd?: string | undefined;
  /** Written to standard input. */
  readonly input?: string | undefined;
}

/** Characters of each stream that an error carries. */
const shownCharacters = 4000;

const codes: Readonly<Record<NonNullable<RunResult["failure"]>, ErrorCode>> = {
  "not-found": "E_EXEC_NOT_FOUND",
  exit: "E_EXEC_FAILED",
  signal: "E_EXEC_FAILED",
  timeout: "E_EXEC_TIMEOUT",
  aborted: "E_INTERRUPTED",
  "output-limit": "E_EXEC_OUTPUT_LIMIT",
};

/** Runs a program without a shell, with a small environment, within the call's time and signal. It never rejects. */
export async function execute(
  call: Call,
  argv: readonly string[],
  options: ExecuteOptions = {},
): Promise<RunResult> {
  const { pass = [], set = {}, timeoutMs = call.timeoutMs, maxBytes, cwd, input } = options;
  const env = baseEnvironment(call.env, { ...passed(call.env, pass), ...set });
  return call.run(argv, { env, timeoutMs, maxBytes, cwd, input, signal: call.signal });
}

/** As {@link execute}, and only for a program that ends with status 0. @throws as {@link programError} says */
export async function executeOrThrow(
  call: Call,
  argv: readonly string[],
  options?: ExecuteOptions,
): Promise<RunResult> {
  const result = await execute(call, argv, options);
  if (result.ok) return result;
  throw programError(result);
}

/**
 * A failed program as an error; its details hold `exitCode`, `stdout` and `stderr`, bounded and without secrets.
 * `E_EXEC_NOT_FOUND`, `E_EXEC_FAILED`, `E_EXEC_TIMEOUT`, `E_EXEC_OUTPUT_LIMIT` or `E_INTERRUPTED`.
 * @param message - default one sentence with the first useful line of standard error
 */
export function programError(result: RunResult, message = describeFailure(result)): ParleyError {
  return new ParleyError(codes[result.failure ?? "exit"], message, { details: programDetails(result) });
}

/** What an error says of a program. */
export function programDetails(result: RunResult): Record<string, unknown> {
  const { argv, exitCode, signal, stdout, stderr } = result;
  return {
    program: argv[0] ?? "",
    ...(exitCode === undefined ? {} : { exitCode }),
    ...(signal === undefined ? {} : { signal }),
    stdout: endOf(stdout),
    stderr: endOf(stderr),
  };
}

/** The end of what a program printed, where the reason stands, without what looks like a secret. */
export function endOf(text: string, characters = shownCharacters): string {
  const shown = redact(text);
  return shown.length > characters ? `...${shown.slice(-characters)}` : shown;
}

function passed(env: Call["env"], names: readonly string[]): Record<string, string | undefined> {
  const fits = (name: string): boolean =>
    names.some((wanted) => (wanted.endsWith("*") ? name.startsWith(wanted.slice(0, -1)) : name === wanted));
  return Object.fromEntries(Object.entries(env).filter(([name]) => fits(name)));
}
