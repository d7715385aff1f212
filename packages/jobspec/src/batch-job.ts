import { z } from "zod";

/** Text of one line: no control character can reach a directive. */
const line = (max: number): z.ZodString =>
  z
    .string()
    .min(1)
    .max(max)
    // oxlint-disable-next-line no-control-regex -- these are the characters to keep out
    .regex(/^[^\u0000-\u001f\u007f\u0085\u2028\u2029]*$/, "must be one line without control characters");

const count = z.number().int().min(1).max(10_000_000);
const bytes = z.number().int().min(1).max(Number.MAX_SAFE_INTEGER);
const seconds = z.number().int().min(1).max(1_000_000_000);

/** A word that needs no quotes anywhere: the id of a job, the name of a feature. */
const word = line(200).regex(/^[\p{L}\p{N}_][\p{L}\p{N}_.:@/+[\]-]*$/u, "must be one word");

const variableName = z.string().regex(/^[A-Za-z_][A-Za-z0-9_]{0,199}$/, "must be the name of a variable");

/** What another job must have done before this one starts. */
export const Dependency = z.discriminatedUnion("condition", [
  z.strictObject({
    condition: z.enum(["after", "afterany", "afterok", "afternotok"]),
    jobs: z.array(word).min(1).max(1000),
  }),
  z.strictObject({ condition: z.literal("singleton") }),
]);
export type Dependency = z.infer<typeof Dependency>;

/** The elements of an array: `1-10:2,15`, and how many may run at once. */
export const JobArray = z.strictObject({
  indices: z
    .string()
    .max(2000)
    .regex(/^\d{1,8}(?:-\d{1,8}(?::\d{1,8})?)?(?:,\d{1,8}(?:-\d{1,8}(?::\d{1,8})?)?)*$/),
  maxConcurrent: count.optional(),
});
export type JobArray = z.infer<typeof JobArray>;

/** When mail is sent, and to whom. */
export const Mail = z.strictObject({
  user: line(500).optional(),
  events: z.array(z.enum(["begin", "end", "fail", "requeue", "timeLimit"])),
});
export type Mail = z.infer<typeof Mail>;

/**
 * What a job finds in its environment: all or nothing of the submitter's, some of it by name, and variables with
 * values. Values are copied as they are: keep secrets out of them.
 */
export const JobEnvironment = z.strictObject({
  inherit: z.enum(["all", "none"]).optional(),
  names: z.array(variableName).optional(),
  variables: z
    .record(
      variableName,
      z
        .string()
        .max(32_768)
        .regex(/^[^\0\r\n]*$/),
    )
    .optional(),
});
export type JobEnvironment = z.infer<typeof JobEnvironment>;

/** The earliest start: a date in the site's own time, or a delay after submission. */
export const Begin = z.union([
  z.strictObject({ at: z.string().regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}$/) }),
  z.strictObject({ afterSeconds: seconds }),
]);
export type Begin = z.infer<typeof Begin>;

/** A warning before the time limit. `name` without `SIG`. */
export const JobSignal = z.strictObject({
  name: z.string().regex(/^[A-Z0-9]{1,10}$/),
  secondsBefore: seconds.optional(),
  /** Only the batch shell gets it, not the steps. */
  batchShell: z.boolean().optional(),
});
export type JobSignal = z.infer<typeof JobSignal>;

/** A priority says nothing without its scale; between scales it is approximated. */
export const Priority = z.strictObject({
  value: z.number().int().min(-2_147_483_645).max(4_294_967_294),
  scale: z.enum(["slurm", "slurm-nice", "pbs", "lsf", "flux"]),
});
export type Priority = z.infer<typeof Priority>;

export const License = z.strictObject({ name: word, count });
export type License = z.infer<typeof License>;

/**
 * One batch job, free of any scheduler's spelling. What is not asked for is absent.
 * In `output`, `error` and `input`, `%{jobId}`, `%{jobName}`, `%{arrayJobId}`, `%{arrayIndex}`, `%{user}` and
 * `%{node}` stand for what the scheduler fills in, and `%%` for a per cent sign; without `error`, both streams
 * go to `output`. A job runs `script` (its shebang is `interpreter`) or `command`.
 */
export const BatchJob = z.strictObject({
  name: line(250).optional(),
  account: line(250).optional(),
  queue: line(250).optional(),
  qos: line(250).optional(),
  reservation: line(250).optional(),
  nodes: count.optional(),
  tasks: count.optional(),
  tasksPerNode: count.optional(),
  cpusPerTask: count.optional(),
  gpus: count.optional(),
  gpusPerNode: count.optional(),
  gpusPerTask: count.optional(),
  gpuType: word.optional(),
  memoryBytes: bytes.optional(),
  memoryBytesPerNode: bytes.optional(),
  memoryBytesPerTask: bytes.optional(),
  memoryBytesPerCpu: bytes.optional(),
  memoryBytesPerGpu: bytes.optional(),
  walltimeSeconds: seconds.optional(),
  exclusive: z.boolean().optional(),
  /** Features a node must have, all of them: `fast` or `switch=sw1`. */
  constraints: z.array(line(200).regex(/^[A-Za-z0-9_][\w./-]*(?:=[\w./-]+)?$/)).optional(),
  nodelist: z.array(word).optional(),
  excludeNodes: z.array(word).optional(),
  licenses: z.array(License).optional(),
  dependencies: z.array(Dependency).optional(),
  array: JobArray.optional(),
  begin: Begin.optional(),
  hold: z.boolean().optional(),
  requeue: z.boolean().optional(),
  priority: Priority.optional(),
  signal: JobSignal.optional(),
  mail: Mail.optional(),
  output: line(4096).optional(),
  error: line(4096).optional(),
  input: line(4096).optional(),
  workingDirectory: line(4096).optional(),
  environment: JobEnvironment.optional(),
  containerImage: line(500).optional(),
  /** The command line of the shebang: `/bin/bash -l`. */
  interpreter: line(500).optional(),
  /** What runs, without shebang and directives. */
  script: z.string().optional(),
  command: z.array(z.string().max(131_072)).min(1).max(10_000).optional(),
  /** Environment modules the script loads, read from it. */
  modules: z.array(z.string().max(200)).optional(),
});
export type BatchJob = z.infer<typeof BatchJob>;

/** Name of a field of {@link BatchJob}. */
export const BatchField = BatchJob.keyof();
export type BatchField = z.infer<typeof BatchField>;
