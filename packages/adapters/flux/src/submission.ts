import { buildJobspec } from "@parley/engines/flux";
import type { FluxJobspec } from "@parley/engines/flux";
import { z } from "zod";
import { Duration, Line, QueueName, Uri } from "./arguments.ts";
import type { Call } from "./call.ts";
import { checkVariables } from "./environment.ts";

const count = (max: number): z.ZodNumber => z.number().int().min(1).max(max);
const Path = z
  .string()
  .min(1)
  .max(4096)
  .regex(/^[^\0\r\n]*$/, "holds a NUL or a line break");
const Variables = z.record(z.string().max(200), z.string().max(32_768));

/** Arguments that say where a job runs, for how long and as what. */
export const placement = {
  uri: Uri,
  num_nodes: count(1_000_000).optional().describe("Nodes to spread the tasks over, for example: 2"),
  exclusive: z.boolean().default(false).describe("Whole nodes; needs num_nodes; for example: true"),
  duration: Duration.optional().describe(
    "Time limit, in seconds or as Flux writes it; default the queue's; for example: 1.5h",
  ),
  cwd: Path.optional().describe(
    "Directory it runs in, absolute; default Flux's own; for example: /scratch/me/run1",
  ),
  name: Line.optional().describe("Name of the job; default the program's; for example: train"),
  queue: QueueName,
  bank: Line.optional().describe("Bank to charge, for example: physics"),
  urgency: z
    .number()
    .int()
    .min(0)
    .max(31)
    .optional()
    .describe("From 0, held, to 31, first; default 16; for example: 20"),
};

/** Arguments of a job made of tasks. */
export const shape = {
  ...placement,
  num_tasks: count(10_000_000).default(1).describe("Tasks to start, for example: 8"),
  cores_per_task: count(100_000).default(1).describe("Cores of each task, for example: 4"),
  gpus_per_task: z.number().int().min(0).max(10_000).optional().describe("GPUs of each task, for example: 1"),
  environment: Variables.default({}).describe(
    'Variables of the job beside PATH, HOME, USER and LANG; nothing secret; for example: {"OMP_NUM_THREADS": "4"}',
  ),
  env_expand: Variables.optional().describe(
    'Variables whose values Flux fills in, for example: {"WORK": "{{tmpdir}}/work"}',
  ),
  rlimits: z
    .record(z.string().regex(/^[a-z]{2,12}$/), z.number().int().min(-1))
    .optional()
    .describe('Limits of its processes, -1 for none, for example: {"nofile": 12000}'),
  input: Path.optional().describe("File for standard input, for example: in.txt"),
  output: Path.optional().describe(
    "File for standard output, and for errors unless error is given; default kept with the job; for example: out-{{id}}.txt",
  ),
  error: Path.optional().describe("File for standard error, for example: err-{{id}}.txt"),
  label_io: z
    .boolean()
    .default(false)
    .describe("Writes each task's number before its lines; files only; for example: true"),
  unbuffered: z.boolean().default(false).describe("Passes output on at once, for example: true"),
  requires: z
    .array(z.string().regex(/^[^&'"`|()\s\p{Cc}]{1,128}$/u, "is no name of a property"))
    .max(20)
    .optional()
    .describe('Properties each node must have, for example: ["h100"]'),
  dependency: z
    .array(z.string().max(240))
    .max(50)
    .optional()
    .describe('What must have happened first, for example: ["afterok:f2P5pCuM"]'),
};

export const Command = z
  .array(z.string().max(131_072))
  .min(1)
  .max(10_000)
  .describe('Program and arguments, each its own word; no shell reads them; for example: ["hostname", "-s"]');

export const Script = z
  .string()
  .min(2)
  .max(1_000_000)
  .regex(/^#!/, "begins with #! and its interpreter, such as #!/bin/sh")
  .describe('The script\'s text, beginning with #!, for example: "#!/bin/sh\\nhostname\\n"');

const Shape = z.object(shape);

/** The jobspec of a command or a script. @throws `E_ARGUMENT_INVALID` for variables that look secret */
export function jobspecOf(
  args: z.output<typeof Shape>,
  what: { readonly command?: readonly string[] | undefined; readonly script?: string | undefined },
  call: Call,
): FluxJobspec {
  checkVariables(args.environment);
  checkVariables(args.env_expand ?? {});
  return buildJobspec({
    ...what,
    environment: { ...call.inherited, ...args.environment },
    envExpand: args.env_expand,
    numTasks: args.num_tasks,
    coresPerTask: args.cores_per_task,
    gpusPerTask: args.gpus_per_task,
    numNodes: args.num_nodes,
    exclusive: args.exclusive,
    durationSeconds: args.duration,
    cwd: args.cwd,
    rlimits: args.rlimits,
    name: args.name,
    input: args.input,
    output: args.output,
    error: args.error,
    labelIo: args.label_io,
    unbuffered: args.unbuffered,
    queue: args.queue,
    bank: args.bank,
    properties: args.requires,
    dependencies: args.dependency,
  });
}

/** What every submission answers. */
export const Submitted = z.object({
  success: z.literal(true),
  job_id: z.string(),
  /** Where it was submitted; `local` for the server's own instance. */
  uri: z.string(),
});

export const submitted = (jobId: string, uri: string | undefined): z.infer<typeof Submitted> => ({
  success: true,
  job_id: jobId,
  uri: uri ?? "local",
});

export const saySubmitted = ({ job_id }: { readonly job_id: string }): string =>
  `Submitted as ${job_id}. flux_get_job_info says how it goes, flux_get_job_logs what it prints.`;

/** Upstream's argument: with a command there is nothing to choose. */
export const SubmitAsync = z
  .boolean()
  .default(true)
  .describe("Without effect: the answer comes once Flux has given an id; for example: true");
