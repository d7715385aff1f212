import { JobSpec, ParleyError, isoTime } from "@parley/core";
import { redact } from "@parley/exec";
import { stat } from "node:fs/promises";
import { isAbsolute } from "node:path";
import type { SubmitOptions, Submitted } from "../engine.ts";
import { resolveProgram } from "./_allow-list.ts";
import { heed } from "./_context.ts";
import type { Context } from "./_context.ts";
import { checkInvocation, checkLoad, demandOf } from "./_demand.ts";
import type { JobRecord } from "./_record.ts";
import { idOfTag } from "./_store.ts";

export async function submitJob(context: Context, spec: JobSpec, call: SubmitOptions): Promise<Submitted> {
  const { store, index, scheduler, maxJobs } = context;
  heed(call.signal);
  if (!/^[A-Za-z0-9_-]{1,128}$/.test(call.tag)) {
    throw new ParleyError("E_ARGUMENT_INVALID", "A submit tag is 1 to 128 letters, digits, '_' and '-'.");
  }
  const checked = JobSpec.safeParse(spec);
  if (!checked.success) {
    const [issue] = checked.error.issues;
    throw new ParleyError(
      "E_ARGUMENT_INVALID",
      `The job specification does not hold: ${issue?.path.join(".") ?? ""}: ${issue?.message ?? "invalid"}.`,
    );
  }
  const id = idOfTag(call.tag);
  const before = await store.job(id);
  if (before !== undefined) return { siteJobId: id, spec: describeCommand(before.spec) };
  const record = await planJob(context, checked.data, call.tag);
  await index.refresh();
  const { queued, running } = index.load();
  if (queued + running >= maxJobs) {
    throw new ParleyError(
      "E_ENGINE_REFUSED",
      `This machine has ${queued + running} unfinished jobs and takes ${maxJobs}; try again when some have ended.`,
      { details: { unfinished: queued + running, maxJobs }, retryable: true },
    );
  }
  heed(call.signal);
  await store.add({ ...record, sequence: index.nextSequence() }, spec.directory);
  scheduler.wake();
  return { siteJobId: id, spec: describeCommand(spec) };
}

/** Everything about a job that can be refused, before anything is written. */
async function planJob(
  context: Context,
  spec: JobSpec,
  tag: string,
): Promise<Omit<JobRecord, "directory" | "sequence">> {
  const { allow, environment, capacity, now } = context;
  checkLoad(spec);
  const program = await resolveProgram(spec.command[0] ?? "", allow, environment["PATH"] ?? "");
  checkInvocation(spec);
  const demand = demandOf(spec, capacity);
  await checkDirectory(spec.directory);
  const id = idOfTag(tag);
  return {
    id,
    tag,
    submittedAt: isoTime(now()),
    program,
    spec,
    ...demand,
    walltimeSeconds: spec.walltimeSeconds ?? context.defaultWalltimeSeconds,
    maxOutputBytes: context.maxOutputBytes,
    environment: { ...environment, ...spec.environment, PARLEY_JOB_ID: id },
  };
}

async function checkDirectory(directory: string | undefined): Promise<void> {
  if (directory === undefined) return;
  const found =
    isAbsolute(directory) && !directory.includes("\0")
      ? await stat(directory).catch(() => undefined)
      : undefined;
  if (found?.isDirectory() === true) return;
  throw new ParleyError(
    "E_ENGINE_REFUSED",
    `The job's directory ${JSON.stringify(directory.slice(0, 200))} is no directory on this machine; give an absolute path, or none for a fresh one.`,
  );
}

const describeCommand = (spec: JobSpec): string =>
  redact(spec.command.map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : JSON.stringify(word))).join(" "));
