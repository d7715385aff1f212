import { JobSpec } from "@parley/core";
import { z } from "zod";

export const JobIdArgument = z
  .string()
  .regex(/^[^\s-]\S{0,127}$/u, "must be a job id: no white space, no leading dash")
  .describe("Job id as the scheduler gave it, such as 4711");

const count = (what: string): z.ZodOptional<z.ZodNumber> =>
  z.number().int().positive().optional().describe(what);

/** The arguments of `submit_job`: a {@link JobSpec} with its resources side by side, and the tag. */
export const SubmitArguments = z.object({
  tag: z
    .string()
    .regex(/^[A-Za-z0-9_-]{1,64}$/, "must be 1 to 64 letters, digits, underscores or dashes")
    .describe("Submission tag; the same tag never starts a second job, such as job_7k3m9q2x4v8n"),
  command: z
    .array(z.string())
    .min(1)
    .describe('Program and its arguments, such as ["lmp", "-in", "melt.in"]'),
  job_name: JobSpec.shape.name.describe("Name of the job, such as melt"),
  cwd: z.string().optional().describe("Absolute working directory, such as /home/ada/melt"),
  environment: JobSpec.shape.environment.describe('Variables of the job, such as {"OMP_NUM_THREADS": "4"}'),
  load: JobSpec.shape.load.describe(
    'What to load before the command, in order: a module, a Spack spec or the path of a Conda environment, such as [{"via": "modules", "name": "lammps/2023.08"}]',
  ),
  num_nodes: count("Nodes, such as 2"),
  num_tasks: count("Tasks (ranks) in all, such as 64"),
  tasks_per_node: count("Tasks on each node, such as 32"),
  cores_per_task: count("Cores of each task, such as 4"),
  gpus_per_node: count("GPUs on each node, such as 4"),
  gpu_model: z.string().optional().describe("GPU model as the scheduler names it, such as a100"),
  memory_bytes_per_node: count("Bytes of memory on each node, such as 68719476736"),
  exclusive: z.boolean().optional().describe("Whole nodes only, such as true"),
  walltime_seconds: count("Seconds the job may run, such as 3600"),
  queue: z.string().optional().describe("Queue or partition, such as batch"),
  account: z.string().optional().describe("Account or bank that is charged, such as physics"),
});
export type SubmitArguments = z.output<typeof SubmitArguments>;

/** The job the arguments describe. */
export function toJobSpec(args: SubmitArguments): JobSpec {
  return {
    name: args.job_name,
    command: args.command,
    directory: args.cwd,
    environment: args.environment,
    load: args.load,
    resources: {
      nodes: args.num_nodes,
      tasks: args.num_tasks,
      tasksPerNode: args.tasks_per_node,
      coresPerTask: args.cores_per_task,
      gpusPerNode: args.gpus_per_node,
      gpuModel: args.gpu_model,
      memoryBytesPerNode: args.memory_bytes_per_node,
      exclusive: args.exclusive,
    },
    walltimeSeconds: args.walltime_seconds,
    queue: args.queue,
    account: args.account,
  };
}
