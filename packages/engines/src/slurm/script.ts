import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { ParleyError } from "@parley/core";
import type { JobSpec } from "@parley/core";
import type { Deadline } from "../_deadline.ts";
import type { JobFiles } from "../_job-store.ts";
import type { StartEstimate, Submitted } from "../engine.ts";
import { slurmSays, toSlurmError } from "./client.ts";
import type { SlurmExtras } from "./extras.ts";
import { extraOptions } from "./extras.ts";
import type { ClusterShape } from "./submission.ts";
import { checked, gresOption, literalPath, option } from "./submission.ts";
import type { SlurmParts } from "./submit.ts";
import { asTyped, readShape, refusal, sendOnce } from "./submit.ts";
import { formatSlurmSeconds, parseSlurmTime } from "./walltime.ts";

/** A batch script with what is to win over its own `#SBATCH` lines. */
export interface SlurmScript extends Partial<
  Pick<JobSpec, "name" | "directory" | "resources" | "walltimeSeconds" | "queue" | "account">
> {
  /** Begins with `#!`. */
  readonly script: string;
  readonly args?: readonly string[] | undefined;
  readonly extras?: SlurmExtras | undefined;
}

const maxScriptBytes = 2 ** 20;

/** @throws ParleyError `E_ENGINE_REFUSED` */
function checkScript({ script, args = [] }: SlurmScript): void {
  const problem =
    !script.startsWith("#!") ? "does not begin with #! and an interpreter"
    : script.includes("\0") || args.some((arg) => arg.includes("\0")) ? "holds a NUL"
    : Buffer.byteLength(script) > maxScriptBytes ? "is larger than 1 MiB"
    : /^#![^\n]*\r\n/.test(script) ? "has line ends of DOS"
    : undefined; // prettier-ignore
  if (problem !== undefined) throw new ParleyError("E_ENGINE_REFUSED", `The batch script ${problem}.`);
}

/** Whether the script's `#SBATCH` lines, which end at its first command, set an option. */
function hasDirective(script: string, long: string, short?: string): boolean {
  const head = script.split("\n").slice(1);
  const end = head.findIndex((line) => !/^\s*(?:#|$)/.test(line));
  const words = head
    .slice(0, end === -1 ? head.length : end)
    .flatMap((line) => /^#SBATCH\s+(.*)/.exec(line)?.[1]?.split(/\s+/) ?? []);
  return words.some(
    (word) =>
      word === `--${long}` ||
      word.startsWith(`--${long}=`) ||
      (short !== undefined && word.startsWith(`-${short}`) && !word.startsWith("--")),
  );
}

/** Only what was asked for: the rest is the script's own. @throws ParleyError `E_ENGINE_REFUSED` */
function scriptOptions(spec: SlurmScript, shape: ClusterShape): string[] {
  const { name, directory, resources = {}, walltimeSeconds, queue, account, extras = {} } = spec;
  const { memoryBytesPerNode: memory } = resources;
  if (directory !== undefined && (!directory.startsWith("/") || directory.includes("\0")))
    throw new ParleyError("E_ENGINE_REFUSED", "The directory of the script is not absolute.");
  return [
    ...option("job-name", name && checked("job name", name)),
    ...option("nodes", resources.nodes),
    ...option("ntasks", resources.tasks),
    ...option("ntasks-per-node", resources.tasksPerNode),
    ...option("cpus-per-task", resources.coresPerTask),
    ...gresOption(resources, shape),
    ...option("mem", memory && `${Math.ceil(memory / 2 ** 20)}M`),
    ...(resources.exclusive === true ? ["--exclusive"] : []),
    ...option("time", walltimeSeconds && formatSlurmSeconds(walltimeSeconds)),
    ...option("partition", queue && checked("partition", queue)),
    ...option("account", account && checked("account", account)),
    ...extraOptions(extras),
  ];
}

/** Where the job works and writes, unless the script says. The tasks of an array write a file each. */
function placeOptions({ script, directory, extras }: SlurmScript, files: JobFiles): string[] {
  const suffix = extras?.array !== undefined || hasDirective(script, "array", "a") ? "-%a" : "";
  const output = (path: string): string => `${literalPath(path)}${suffix}`;
  const ownOutput = hasDirective(script, "output", "o");
  return [
    ...(directory === undefined && hasDirective(script, "chdir", "D")
      ? []
      : [`--chdir=${directory ?? files.directory}`]),
    ...(ownOutput ? [] : [`--output=${output(files.stdout)}`]),
    // Where the script names its output, errors go there too, as Slurm has it.
    ...(ownOutput || hasDirective(script, "error", "e") ? [] : [`--error=${output(files.stderr)}`]),
  ];
}

async function prepareScript(
  { client, loginEnvironment }: SlurmParts,
  spec: SlurmScript,
  deadline: Deadline,
): Promise<string[]> {
  checkScript(spec);
  const shape = await readShape(client, spec.queue, deadline);
  const own = hasDirective(spec.script, "export");
  return [
    ...scriptOptions(spec, shape),
    ...(own ? [] : [`--export=${loginEnvironment ? "NONE" : "ALL"}`]),
    "--no-requeue",
  ];
}

/** Submits a script, or finds the job that was submitted under the tag before. @throws ParleyError `E_ENGINE_*` */
export async function submitScript(
  parts: SlurmParts,
  spec: SlurmScript,
  call: { readonly tag: string; readonly deadline: Deadline },
): Promise<Submitted> {
  const options = await prepareScript(parts, spec, call.deadline);
  const args = spec.args ?? [];
  return sendOnce(parts, call, {
    commandText: asTyped(["sbatch", ...options, "SCRIPT", ...args]),
    argumentsFor: async () => {
      const files = await parts.store.intend(call.tag);
      const path = join(files.directory, "script");
      await writeFile(path, spec.script, { mode: 0o600 });
      const comment = `--comment=parley:${call.tag}`;
      return ["--parsable", comment, ...options, ...placeOptions(spec, files), path, ...args];
    },
  });
}

/** The scheduler's dry run of a script. @throws ParleyError `E_ENGINE_REFUSED` with the scheduler's own words */
export async function estimateScript(
  parts: SlurmParts,
  spec: SlurmScript,
  deadline: Deadline,
): Promise<StartEstimate | undefined> {
  const { client } = parts;
  const options = await prepareScript(parts, spec, deadline);
  const result = await client.run("sbatch", ["--test-only", ...options], {
    ...deadline,
    input: spec.script,
  });
  if (!result.ok) throw refusal(toSlurmError(result, "E_ENGINE_REFUSED"), slurmSays(result));
  const startAt = parseSlurmTime(/ to start at (\S+)/.exec(result.stderr)?.[1], client.utc);
  return startAt === undefined ? undefined : { startAt, basis: "scheduler" };
}
