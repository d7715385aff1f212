import { z } from "zod";

/** The arguments of Slurm's tools. Each description ends in an example. */

export const JobId = z
  .string()
  .regex(/^[1-9]\d{0,9}(?:_\d{1,9})?$/, "is a job's number, or ARRAY_TASK")
  .describe("Id of the job, or of one task of an array, for example: 4711 or 4711_3");

const word = (what: string, example: string): z.ZodOptional<z.ZodString> =>
  z
    .string()
    .regex(/^[A-Za-z0-9_][A-Za-z0-9._@+-]{0,127}$/, "is letters, digits and . _ @ + -, the first no sign")
    .optional()
    .describe(`${what}, for example: ${example}`);

export const Partition = word("Partition; default the cluster's", "gpu");
export const User = word("Name of the user", "ada");
export const Account = word("Account it is charged to", "physics");

const count = (what: string, example: string): z.ZodOptional<z.ZodNumber> =>
  z.number().int().min(1).max(1_000_000).optional().describe(`${what}, for example: ${example}`);

const text = (what: string, example: string): z.ZodOptional<z.ZodString> =>
  z.string().min(1).max(256).optional().describe(`${what}, for example: ${example}`);

const flag = (what: string): z.ZodDefault<z.ZodBoolean> =>
  z.boolean().default(false).describe(`${what}, for example: true`);

const Load = z.strictObject({
  via: z.enum(["modules", "spack", "conda"]),
  name: z.string().min(1).max(300),
});

/** What to run and on how much. */
export const jobArguments = {
  command: z
    .array(z.string().max(32_768))
    .min(1)
    .max(1000)
    .optional()
    .describe('Program and arguments; no shell reads them; for example: ["hostname", "-s"]'),
  script: z
    .string()
    .max(1_048_576)
    .optional()
    .describe(
      "Batch script instead of a command; its #SBATCH lines hold where no argument says otherwise; for example: #!/bin/bash\\n#SBATCH --nodes=2\\nsrun hostname",
    ),
  script_args: z
    .array(z.string().max(32_768))
    .max(1000)
    .default([])
    .describe('Arguments of the script, for example: ["input.dat"]'),
  job_name: z
    .string()
    .regex(/^[A-Za-z0-9_][A-Za-z0-9._+-]{0,63}$/, "is up to 64 letters, digits and . _ + -")
    .optional()
    .describe("Name of the job, for example: relax-water"),
  directory: z
    .string()
    .max(4096)
    .regex(/^\/[^\0\n\r]*$/, "is an absolute path")
    .optional()
    .describe("Folder the job starts in; default one of its own; for example: /scratch/ada/run1"),
  partition: Partition,
  account: Account,
  qos: word("Quality of service", "normal"),
  reservation: word("Reservation to run in", "workshop"),
  nodes: count("Nodes", "2"),
  tasks: count("Processes in all", "64"),
  tasks_per_node: count("Processes of each node", "32"),
  cores_per_task: count("Cores of each process", "4"),
  gpus_per_node: count("GPUs of each node", "4"),
  gpu_model: word("GPU model, in anybody's spelling", "h100"),
  memory_mib_per_node: count("Mebibytes of memory of each node; default a fair share", "16384"),
  walltime_seconds: count("Seconds it may run; default the partition's", "3600"),
  exclusive: flag("Shares its nodes with nobody"),
  constraint: text("Features the nodes must have", "zen4&ib"),
  dependency: text("What it waits for", "afterok:4711"),
  begin: text("Earliest start", "2026-12-01T18:00:00 or now+1hour"),
  array: text("Indices of an array; for scripts only", "1-10%2"),
  hold: flag("Waits until it is released"),
  environment: z
    .record(z.string(), z.string().max(32_768))
    .default({})
    .describe('Variables of the command; no place for secrets; for example: {"OMP_NUM_THREADS": "4"}'),
  load: z
    .array(Load)
    .max(32)
    .default([])
    .describe('Software to load before the command, for example: [{"via": "modules", "name": "gcc/12.3"}]'),
} as const;

export const IdempotencyKey = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9_-]{0,127}$/, "is letters, digits, _ and -")
  .optional()
  .describe("The same key never submits twice; default a fresh one; for example: relax-water-1");
