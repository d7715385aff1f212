import { writeFile } from "node:fs/promises";
import { ParleyError, isoTime } from "@parley/core";
import type { JobSpec } from "@parley/core";
import type { Deadline } from "../_deadline.ts";
import type { JobStore } from "../_job-store.ts";
import { loadArguments } from "../_software-loads.ts";
import type { Submitted } from "../engine.ts";
import { environmentFile, installBatchScript } from "./batch-script.ts";
import { slurmSays, toSlurmError } from "./client.ts";
import type { SlurmClient } from "./client.ts";
import { findJob, jobIdPattern } from "./lookup.ts";
import type { SlurmExtras } from "./extras.ts";
import { extraOptions } from "./extras.ts";
import { parseShape, sbatchArguments, sbatchOptions } from "./submission.ts";
import type { ClusterShape } from "./submission.ts";
import { requireController } from "./workload.ts";

/** What the calls of one engine share. */
export interface SlurmParts {
  readonly client: SlurmClient;
  readonly store: JobStore;
  readonly now: () => number;
  readonly stateDir: string;
  readonly loginEnvironment: boolean;
  /** Runs submissions of one tag one after another. */
  inTurn<Value>(this: void, key: string, act: () => Promise<Value>): Promise<Value>;
}

/** An argument array as a person would type it. */
export const asTyped = (argv: readonly string[]): string =>
  argv.map((text) => (/^[\w./:=@%+,-]+$/.test(text) ? text : JSON.stringify(text))).join(" ");

/** What a person would type, with the command last. Values of environment variables never occur in it. */
const commandLine = (options: readonly string[], spec: JobSpec): string =>
  asTyped(["sbatch", ...options, "--", ...loadArguments(spec.load), ...spec.command]);

/** What a submission has to know of the cluster. @throws ParleyError `E_ENGINE_UNREACHABLE` */
export async function readShape(
  client: SlurmClient,
  queue: string | undefined,
  deadline: Deadline,
): Promise<ClusterShape> {
  await requireController(client, deadline);
  const answer = await client.run("sinfo", ["-h", "-o", "%P|%c|%m|%G"], deadline);
  return parseShape(answer.ok ? answer.stdout : "", queue);
}

/** The options of a submission; the cluster is asked what it has. */
export async function prepare(
  { client, loginEnvironment }: SlurmParts,
  spec: JobSpec,
  { deadline, extras = {} }: { readonly deadline: Deadline; readonly extras?: SlurmExtras | undefined },
): Promise<string[]> {
  const shape = await readShape(client, spec.queue, deadline);
  return [
    ...sbatchOptions(spec, shape),
    ...extraOptions(extras),
    `--export=${loginEnvironment ? "NONE" : "ALL"}`,
  ];
}

/** Submits, or finds the job that was submitted under the tag before. */
export async function submitOnce(
  parts: SlurmParts,
  spec: JobSpec,
  call: { tag: string; deadline: Deadline; extras?: SlurmExtras | undefined },
): Promise<Submitted> {
  const { store, stateDir } = parts;
  const { tag } = call;
  const options = await prepare(parts, spec, call);
  const variables = environmentFile(spec.environment);
  return sendOnce(parts, call, {
    commandText: commandLine(options, spec),
    argumentsFor: async () => {
      const files = await store.intend(tag);
      if (variables !== "") await writeFile(files.environment, variables, { mode: 0o600 });
      const script = await installBatchScript(stateDir, spec);
      return sbatchArguments(spec, options, { tag, files, script });
    },
  });
}

/** A submission that is ready to go. */
export interface Prepared {
  /** What a person would type. */
  readonly commandText: string;
  /** Writes what the job needs and says the arguments of `sbatch`; called only if the tag has no job yet. */
  argumentsFor(this: void): Promise<readonly string[]>;
}

/** Runs `sbatch`, unless the tag has its job already. @throws ParleyError `E_ENGINE_*` */
export async function sendOnce(
  parts: SlurmParts,
  call: { readonly tag: string; readonly deadline: Deadline },
  { commandText, argumentsFor }: Prepared,
): Promise<Submitted> {
  const { client, store, now } = parts;
  const { tag, deadline } = call;
  const known = await findJob(client, store, call);
  const keep = async (siteJobId: string): Promise<Submitted> => {
    await store.keep({ tag, siteJobId, spec: commandText, submittedAt: isoTime(now()) });
    return { siteJobId, spec: commandText };
  };
  if (known !== undefined) return keep(known);
  const result = await client.submit(await argumentsFor(), deadline);
  if (!result.ok) {
    // A command that was cut off may have reached the controller all the same.
    const inDoubt =
      result.failure === "timeout" || result.failure === "aborted" || result.failure === "signal";
    const anew = { endsAt: now() + 5000, signal: undefined };
    const found = inDoubt
      ? await findJob(client, store, { tag, deadline: anew }).catch(() => undefined)
      : undefined;
    if (found !== undefined) return keep(found);
    throw refusal(toSlurmError(result, "E_ENGINE_REFUSED"), slurmSays(result));
  }
  const siteJobId = /^(\d+)(?:;\S+)?\s*$/m.exec(result.stdout)?.[1] ?? "";
  if (!jobIdPattern.test(siteJobId)) {
    throw new ParleyError(
      "E_ENGINE_OUTPUT",
      `sbatch printed no job id but ${JSON.stringify(result.stdout.slice(0, 200))}.`,
    );
  }
  return keep(siteJobId);
}

const hints: readonly (readonly [RegExp, string])[] = [
  [/time limit is invalid/i, "ask for less walltime or another partition"],
  [/partition/i, "see the partitions with sinfo"],
  [/generic resource|gres/i, "see what GPUs there are with sinfo -o '%P %G'"],
  [/node count|node configuration|cpu count/i, "ask for fewer or smaller nodes"],
  [/account/i, "see your accounts with sacctmgr show associations user=$USER"],
  [/memory/i, "ask for less memory per node"],
];

/** Adds to Slurm's own sentence what to do about it. */
export function refusal(error: ParleyError, says: string): ParleyError {
  if (error.code !== "E_ENGINE_REFUSED") return error;
  const hint = hints.find(([pattern]) => pattern.test(says))?.[1] ?? "change the request and submit again";
  return new ParleyError(
    "E_ENGINE_REFUSED",
    `Slurm refused the job: ${says.replace(/\.$/, "")}. To go on, ${hint}.`,
    { details: { ...error.details, says } },
  );
}
