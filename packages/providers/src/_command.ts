import { ParleyError, type ProbeStatus } from "@parley/core";
import type { RunResult } from "@parley/exec";
import type { ProviderCallOptions, ProviderContext } from "./provider.ts";

/** A program name or software name that may become one argument: no leading dash, no separator, no shell sign. */
const safeName = /^[A-Za-z0-9][A-Za-z0-9._+-]*$/;

export function isSafeName(name: string): boolean {
  return name.length <= 128 && safeName.test(name);
}

/** An absolute path without control characters; it follows `--` in every argument list. */
export function isSafePath(path: string): boolean {
  // oxlint-disable-next-line no-control-regex -- control characters are what is refused here
  return path.length <= 4096 && path.startsWith("/") && !/[\u0000-\u001f\u007f]/.test(path);
}

/** The first executable of that name on the context's PATH; relative PATH entries are not searched. */
export async function findExecutable(context: ProviderContext, name: string): Promise<string | undefined> {
  if (!isSafeName(name)) return undefined;
  const directories = (context.env["PATH"] ?? "").split(":").filter((entry) => entry.startsWith("/"));
  for (const directory of new Set(directories)) {
    const path = `${directory.replace(/\/+$/, "")}/${name}`;
    if (await context.isExecutable(path)) return path;
  }
  return undefined;
}

/** The first of several programs that is on PATH. */
export async function findFirstExecutable(
  context: ProviderContext,
  names: readonly string[],
): Promise<string | undefined> {
  for (const name of names) {
    const path = await findExecutable(context, name);
    if (path !== undefined) return path;
  }
  return undefined;
}

const baseEnvironment = ["PATH", "HOME", "USER", "LOGNAME", "TZ", "TMPDIR"];

export interface ProgramOptions extends ProviderCallOptions {
  /** Variables passed on beside the base set: exact names, or a prefix ending in `*`. */
  readonly pass?: readonly string[] | undefined;
  readonly maxBytes?: number | undefined;
}

/** Runs a program with a small environment taken from the context; 10 s unless the caller has less. */
export async function runProgram(
  context: ProviderContext,
  argv: readonly string[],
  options: ProgramOptions = {},
): Promise<RunResult> {
  const { pass = [], maxBytes, signal, timeoutMs = 10_000 } = options;
  const wanted = [...baseEnvironment, ...pass];
  const env: Record<string, string> = { LC_ALL: "C" };
  for (const [name, value] of Object.entries(context.env)) {
    const passed = wanted.some((want) =>
      want.endsWith("*") ? name.startsWith(want.slice(0, -1)) : want === name,
    );
    if (passed && value !== undefined) env[name] = value;
  }
  return context.run(argv, { env, signal, timeoutMs, maxBytes });
}

/** Remote words made safe to show: one line, no control or escape characters, at most 200 characters. */
export function oneLine(text: string): string {
  // oxlint-disable-next-line no-control-regex -- removes terminal escapes
  const plain = text.replace(/\u001b\[[0-9;?]*[A-Za-z]/g, "").replace(/[\u0000-\u001f\u007f-\u009f]+/g, " ");
  const squeezed = plain.replace(/\s+/g, " ").trim();
  return squeezed.length > 200 ? `${squeezed.slice(0, 199)}…` : squeezed;
}

const forbiddenWords = /permission denied|insufficient permission|not permitted|access denied/i;
const unreachableWords =
  /cannot connect|connection refused|couldn't communicate|is the docker daemon running|no route to host|timed out/i;

/** Which of the probe answers a run that is not ok stands for. */
export function failureStatus(result: RunResult): ProbeStatus {
  if (result.failure === "not-found") return "absent";
  if (result.failure === "timeout") return "unreachable";
  const words = `${result.stderr}\n${result.stdout}`;
  if (forbiddenWords.test(words)) return "forbidden";
  return unreachableWords.test(words) ? "unreachable" : "failed";
}

/** One sentence on why a run is not ok. */
export function failureDetail(result: RunResult): string {
  const program = result.argv[0]?.split("/").at(-1) ?? "program";
  if (result.failure === "timeout") return `${program} did not end in time.`;
  if (result.failure === "aborted") return `${program} was interrupted.`;
  if (result.failure === "output-limit") return `${program} printed more than the limit.`;
  const words = oneLine(result.stderr) || oneLine(result.stdout);
  const code =
    result.exitCode === undefined ? (result.signal ?? result.failure) : `status ${result.exitCode}`;
  return words === "" ? `${program} ended with ${code}.` : `${program}: ${words}`;
}

/** The output of a run that must have worked. @throws {@link ParleyError} `E_PROVIDER_*`, `E_INTERRUPTED` */
export function requireOk(result: RunResult): RunResult {
  if (result.ok) return result;
  const code =
    result.failure === "timeout"
      ? "E_PROVIDER_TIMEOUT"
      : result.failure === "aborted"
        ? "E_INTERRUPTED"
        : "E_PROVIDER_FAILED";
  throw new ParleyError(code, failureDetail(result), { details: { exitCode: result.exitCode } });
}
