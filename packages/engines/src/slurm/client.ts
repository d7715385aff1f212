import { ParleyError } from "@parley/core";
import type { ErrorCode } from "@parley/core";
import { redact } from "@parley/exec";
import type { Run, RunResult } from "@parley/exec";
import { deadlineOf } from "../_deadline.ts";
import type { Deadline } from "../_deadline.ts";
import type { EngineCallOptions } from "../engine.ts";

/** The programs of Slurm this engine runs. */
export type SlurmCommand = "sacct" | "sbatch" | "scancel" | "scontrol" | "sinfo" | "squeue";

/** What a command reads. */
interface SlurmInput {
  readonly input?: string | undefined;
}

/** Runs Slurm's commands under one deadline. */
export interface SlurmClient {
  /** Whether times are printed in UTC. */
  readonly utc: boolean;
  deadline(options: EngineCallOptions | undefined): Deadline;
  /** @param call - a deadline, with what goes to the program's standard input */
  run(command: SlurmCommand, args: readonly string[], call: Deadline & SlurmInput): Promise<RunResult>;
  /** Runs `sbatch`, which hands its environment on where `--export` says so. */
  submit(args: readonly string[], deadline: Deadline): Promise<RunResult>;
  /** @throws ParleyError `E_ENGINE_*`, `E_INTERRUPTED` */
  read(command: SlurmCommand, args: readonly string[], deadline: Deadline): Promise<string>;
}

const absent = /Could not establish a configuration source|ClusterName needs to be specified/i;
const unreachable =
  /Unable to contact slurm controller|is DOWN|Connection (?:refused|timed out|reset)|timed out|Communication connection failure|Zero Bytes were transmitted|authentication (?:error|failure)|Munge (?:en|de)code failed|Unexpected message received|Unable to (?:resolve|determine)/i;
const forbidden = /permission denied|access denied|not authorized|Invalid user id|User not permitted/i;
const unknownJob = /Invalid job id/i;
const notOut = new Set<string>(["timeout", "signal"]);

const kinds: readonly (readonly [RegExp, ErrorCode])[] = [
  [absent, "E_ENGINE_MISSING"],
  [unreachable, "E_ENGINE_UNREACHABLE"],
  [unknownJob, "E_ENGINE_JOB_UNKNOWN"],
  [forbidden, "E_ENGINE_FORBIDDEN"],
];

/** Slurm's own sentence, without the program's name, at most 500 characters. */
export function slurmSays(result: RunResult): string {
  const text = result.stderr.trim() === "" ? result.stdout : result.stderr;
  const lines = text.split("\n").map((line) => line.replace(/^\w+: (?:error: |fatal: )?|\*{2,}/g, "").trim());
  return lines
    .filter((line) => line !== "")
    .slice(0, 3)
    .join(" ")
    .slice(0, 500);
}

/** Which of the known failures a command that is not ok shows; `undefined` for any other. */
export function failureCode(result: RunResult): ErrorCode | undefined {
  if (result.failure === "not-found") return "E_ENGINE_MISSING";
  if (result.failure === "aborted") return "E_INTERRUPTED";
  if (result.failure === "output-limit") return "E_ENGINE_OUTPUT";
  if (result.failure !== undefined && notOut.has(result.failure)) return "E_ENGINE_UNREACHABLE";
  const text = `${result.stderr}\n${result.stdout.slice(0, 2000)}`;
  return kinds.find(([pattern]) => pattern.test(text))?.[1];
}

/** A failed command as an error that says what failed, on what, and what to do. */
export function toSlurmError(result: RunResult, fallback: ErrorCode): ParleyError {
  const code = failureCode(result) ?? fallback;
  const program = result.argv[0] ?? "slurm";
  const says = slurmSays(result);
  const messages: Partial<Record<ErrorCode, string>> = {
    E_ENGINE_MISSING:
      result.failure === "not-found"
        ? `Slurm's ${program} was not found: install the Slurm client or set PATH.`
        : "Slurm's commands are installed and find no slurm.conf: set SLURM_CONF.",
    E_INTERRUPTED: `${program} was interrupted.`,
    E_ENGINE_UNREACHABLE:
      result.failure === "timeout"
        ? `Slurm's ${program} did not answer within ${Math.round(result.durationMs)} ms: is slurmctld running?`
        : `Slurm's controller does not answer (${says}): is slurmctld running?`,
  };
  return new ParleyError(
    code,
    messages[code] ?? `${program} failed: ${says || (result.failure ?? "no reason given")}`,
    {
      details: {
        says,
        ...(result.exitCode === undefined ? {} : { exitCode: result.exitCode }),
        stdout: redact(result.stdout.slice(-2000)),
        stderr: redact(result.stderr.slice(-2000)),
      },
    },
  );
}

/** What {@link createSlurmClient} takes. */
export interface SlurmClientOptions {
  readonly run: Run;
  readonly environment?: Readonly<Record<string, string>> | undefined;
  readonly commands?: Readonly<Partial<Record<SlurmCommand, string>>> | undefined;
  readonly loginEnvironment: boolean;
  readonly timeoutMs: number;
  readonly now: () => number;
}

/** All of sbatch's environment that may end up in a job. */
const handedOn = new Set(["HOME", "LANG", "LOGNAME", "PATH", "SLURM_CONF", "USER"]);

export function createSlurmClient(options: SlurmClientOptions): SlurmClient {
  const { run, environment, commands = {}, loginEnvironment, timeoutMs, now } = options;
  const utc = environment !== undefined;
  const env = utc ? { ...environment, LC_ALL: "C", TZ: "UTC" } : undefined;
  // Without a login environment sbatch hands on its own.
  const ofSbatch =
    environment === undefined || loginEnvironment
      ? env
      : Object.fromEntries(Object.entries(environment).filter(([name]) => handedOn.has(name)));
  const runWith = (
    env: Readonly<Record<string, string>> | undefined,
    argv: readonly string[],
    { endsAt, signal, input }: Deadline & SlurmInput,
  ): Promise<RunResult> =>
    run(argv, { env, signal, input, timeoutMs: Math.max(1, endsAt - now()), maxBytes: 32 * 2 ** 20 });
  const client: SlurmClient = {
    utc,
    deadline: (call) => deadlineOf(call, { timeoutMs, now }),
    run: (command, args, deadline) => runWith(env, [commands[command] ?? command, ...args], deadline),
    submit: (args, deadline) => runWith(ofSbatch, [commands.sbatch ?? "sbatch", ...args], deadline),
    read: async (command, args, deadline) => {
      const result = await client.run(command, args, deadline);
      if (result.ok) return result.stdout;
      throw toSlurmError(result, "E_ENGINE_OUTPUT");
    },
  };
  return client;
}
