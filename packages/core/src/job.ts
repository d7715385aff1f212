import { z } from "zod";
import { JobRequirements } from "./requirements.ts";

const Text = z.string();
const Time = z.iso.datetime();
const Count = z.number().int().positive();

/**
 * Job states: PSI/J's, without staging, plus UNKNOWN for a job whose scheduler does not answer.
 * @see the PSI/J specification, section "Job states"
 */
export const JobState = z.enum(["NEW", "QUEUED", "ACTIVE", "COMPLETED", "FAILED", "CANCELED", "UNKNOWN"]);
export type JobState = z.infer<typeof JobState>;

/** Whether a job in this state will never change again. */
export function isTerminal(state: JobState): boolean {
  return state === "COMPLETED" || state === "FAILED" || state === "CANCELED";
}

const LoadName = z
  .string()
  .max(300)
  .regex(/^[A-Za-z0-9][A-Za-z0-9._+/@=~%:-]*$/, "is no name of a module or package");
const LoadPrefix = z
  .string()
  .max(4096)
  .regex(/^\/(?!.*\/\.\.?(?:\/|$))[A-Za-z0-9._+/@=~%:-]+$/, "is no absolute path of an environment");

/**
 * Software to make available to a job: a module (`lammps/2023.08`), a Spack spec (`lammps@2023.8.2`, `lammps/a1b2c3d`)
 * or the absolute path of a Conda environment (`/opt/conda/envs/md`). Names hold nothing a shell would act on.
 */
export const SoftwareLoad = z.discriminatedUnion("via", [
  z.object({ via: z.enum(["modules", "spack"]), name: LoadName }),
  z.object({ via: z.literal("conda"), name: LoadPrefix }),
]);
export type SoftwareLoad = z.infer<typeof SoftwareLoad>;

/** What to run and on how much, in the terms of PSI/J's ResourceSpec. `command` is an argument array, never a shell line. */
export const JobSpec = z.object({
  name: Text.max(200).optional(),
  command: z.array(Text).min(1),
  directory: Text.optional(),
  environment: z.record(Text, Text).default({}),
  /** Loaded on the node in this order, before the command; a job that cannot load one fails. */
  load: z.array(SoftwareLoad).max(32).default([]),
  resources: z
    .object({
      nodes: Count.optional(),
      tasks: Count.optional(),
      tasksPerNode: Count.optional(),
      coresPerTask: Count.optional(),
      gpusPerNode: Count.optional(),
      gpuModel: Text.optional(),
      memoryBytesPerNode: Count.optional(),
      exclusive: z.boolean().optional(),
    })
    .default({}),
  walltimeSeconds: Count.optional(),
  queue: Text.optional(),
  account: Text.optional(),
});
export type JobSpec = z.infer<typeof JobSpec>;

/** What a scheduler says about one job. */
export const JobStatus = z.object({
  siteJobId: Text,
  state: JobState,
  /** The scheduler's own word for the state. */
  nativeState: Text.optional(),
  /** Why it waits, failed, or is UNKNOWN. */
  reason: Text.optional(),
  exitCode: z.number().int().optional(),
  submittedAt: Time.optional(),
  startedAt: Time.optional(),
  finishedAt: Time.optional(),
  estimatedStartAt: Time.optional(),
  nodes: z.array(Text).optional(),
});
export type JobStatus = z.infer<typeof JobStatus>;

/** A piece of a job's output. `cursor` continues it; `complete` says that nothing will follow. */
export const LogChunk = z.object({
  text: Text,
  cursor: Text,
  complete: z.boolean(),
  /** True when output before `text` was skipped to keep the answer bounded. */
  truncated: z.boolean().default(false),
});
export type LogChunk = z.infer<typeof LogChunk>;

/** A site's answer to a submission. SUCCESS only after the scheduler itself confirmed the job id. */
export const Receipt = z.object({
  status: z.enum(["SUCCESS", "FAILED"]),
  job_id: Text.nullable(),
  spec: Text.optional(),
  reasoning: Text,
  error: z.object({ code: Text, message: Text, retryable: z.boolean().default(false) }).optional(),
  calls: z
    .array(z.object({ provider: Text, function: Text, args: z.record(Text, z.unknown()).default({}) }))
    .default([]),
});
export type Receipt = z.infer<typeof Receipt>;

/** A job as the hub's ledger keeps it, from before the first side effect to its end. */
export const Job = z.object({
  schema: z.literal("job/1"),
  id: Text,
  workerId: Text,
  idempotencyKey: Text,
  negotiationId: Text.optional(),
  offerId: Text.optional(),
  request: Text,
  /** Who asked, by the name of their credential at the hub. */
  submitter: Text.optional(),
  requirements: JobRequirements.optional(),
  spec: JobSpec.optional(),
  manager: Text.optional(),
  siteJobId: Text.optional(),
  state: JobState,
  nativeState: Text.optional(),
  reason: Text.optional(),
  error: z.object({ code: Text, message: Text, retryable: z.boolean().default(false) }).optional(),
  exitCode: z.number().int().optional(),
  createdAt: Time,
  updatedAt: Time,
  submittedAt: Time.optional(),
  startedAt: Time.optional(),
  finishedAt: Time.optional(),
  cancelRequestedAt: Time.optional(),
  promised: z
    .object({
      startSeconds: z.number().nonnegative().optional(),
      cost: z.number().nonnegative().optional(),
      verdict: Text.optional(),
    })
    .default({}),
  actual: z
    .object({
      waitSeconds: z.number().nonnegative().optional(),
      runSeconds: z.number().nonnegative().optional(),
    })
    .default({}),
});
export type Job = z.infer<typeof Job>;
