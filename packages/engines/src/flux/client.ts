import { ParleyError } from "@parley/core";
import type { ErrorCode } from "@parley/core";
import { redact } from "@parley/exec";
import type { Run, RunResult } from "@parley/exec";
import { deadlineOf } from "../_deadline.ts";
import type { Deadline } from "../_deadline.ts";
import type { EngineCallOptions } from "../engine.ts";

/** What one command is given beside its arguments. */
interface FluxRunExtra {
  /** Added to the environment; only where {@link FluxClient.takesVariables}. */
  readonly variables?: Readonly<Record<string, string>> | undefined;
  /** Its standard input. */
  readonly input?: string | undefined;
}

/** Runs `flux` under one deadline. */
export interface FluxClient {
  deadline(options: EngineCallOptions | undefined): Deadline;
  run(args: readonly string[], deadline: Deadline, extra?: FluxRunExtra): Promise<RunResult>;
  /** @throws ParleyError `E_ENGINE_*`, `E_INTERRUPTED` */
  read(args: readonly string[], deadline: Deadline, extra?: FluxRunExtra): Promise<string>;
  /** Whether the environment of a command can be added to. */
  readonly takesVariables: boolean;
}

const kinds: readonly (readonly [RegExp, ErrorCode])[] = [
  [/unknown job id|JobID \S+ unknown|invalid job ?id|error parsing jobid/i, "E_ENGINE_JOB_UNKNOWN"],
  [
    /Unable to connect to Flux|flux_open|broker socket|No service matching|Connection (?:refused|reset)|lost connection|timed out/i,
    "E_ENGINE_UNREACHABLE",
  ],
  [
    /Operation not permitted|requires owner credentials|Permission denied|access denied/i,
    "E_ENGINE_FORBIDDEN",
  ],
];

/** Flux's own sentence, without the program's name and errno, at most 500 characters. */
export function fluxSays({ stderr, stdout }: RunResult): string {
  const lines = (stderr.trim() === "" ? stdout : stderr).split("\n").map((line) =>
    line
      .replace(/^flux(?:-\w+)?: (?:ERROR: )?/, "")
      .replace(/^\[Errno \d+\] /, "")
      .trim(),
  );
  const said = lines.filter((line) => line !== "").slice(0, 3);
  return said.join(" ").slice(0, 500);
}

/** Which of the known failures a command that is not ok shows; `undefined` for any other. */
export function failureCode(result: RunResult): ErrorCode | undefined {
  if (result.failure === "not-found") return "E_ENGINE_MISSING";
  if (result.failure === "aborted") return "E_INTERRUPTED";
  if (result.failure === "output-limit") return "E_ENGINE_OUTPUT";
  if (result.failure === "timeout" || result.failure === "signal") return "E_ENGINE_UNREACHABLE";
  return kinds.find(([pattern]) => pattern.test(result.stderr))?.[1];
}

/** A failed command as an error that says what failed, on what, and what to do. */
export function toFluxError(result: RunResult, fallback: ErrorCode): ParleyError {
  const code = failureCode(result) ?? fallback;
  const says = fluxSays(result);
  const messages: Partial<Record<ErrorCode, string>> = {
    E_ENGINE_MISSING: "Flux's flux command was not found: install flux-core or set PATH.",
    E_INTERRUPTED: "flux was interrupted.",
    E_ENGINE_UNREACHABLE:
      result.failure === "timeout"
        ? `flux did not answer within ${Math.round(result.durationMs)} ms: is its broker running?`
        : `No Flux instance answers (${says}): start one, or set FLUX_URI.`,
  };
  const what = result.argv.slice(0, 3).join(" ");
  const message = messages[code] ?? `${what} failed: ${says || (result.failure ?? "no reason given")}`;
  const { exitCode, stdout, stderr } = result;
  const output = { stdout: redact(stdout.slice(0, 2000)), stderr: redact(stderr.slice(0, 2000)) };
  return new ParleyError(code, message, {
    details: { says, ...(exitCode === undefined ? {} : { exitCode }), ...output },
  });
}

/** What {@link createFluxClient} takes. */
export interface FluxClientOptions {
  readonly run: Run;
  readonly environment?: Readonly<Record<string, string>> | undefined;
  readonly uri?: string | undefined;
  readonly command: string;
  readonly timeoutMs: number;
  readonly now: () => number;
}

export function createFluxClient(options: FluxClientOptions): FluxClient {
  const { run, environment, uri, command, timeoutMs, now } = options;
  const base = environment ?? (uri === undefined ? undefined : { PATH: "/usr/local/bin:/usr/bin:/bin" });
  const env = base && {
    ...base,
    LC_ALL: "C",
    NO_COLOR: "1",
    ...(uri === undefined ? {} : { FLUX_URI: uri }),
  };
  const client: FluxClient = {
    takesVariables: env !== undefined,
    deadline: (call) => deadlineOf(call, { timeoutMs, now }),
    run: (args, { endsAt, signal }, extra) =>
      run([command, ...args], {
        env: env && { ...extra?.variables, ...env },
        input: extra?.input,
        signal,
        timeoutMs: Math.max(1, endsAt - now()),
        maxBytes: 32 * 2 ** 20,
      }),
    read: async (args, deadline, extra) => {
      const result = await client.run(args, deadline, extra);
      if (result.ok) return result.stdout;
      throw toFluxError(result, "E_ENGINE_OUTPUT");
    },
  };
  return client;
}
