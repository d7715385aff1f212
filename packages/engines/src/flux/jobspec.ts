import { ParleyError } from "@parley/core";

/** A jobspec as it travels: a JSON object. @see Flux RFC 14 and 25 */
export type FluxJobspec = Readonly<Record<string, unknown>>;

/** What {@link buildJobspec} makes a jobspec of; the names are those of Flux's own builder, in camel case. */
export interface JobspecRequest {
  /** The program and its arguments, or a script that runs as the program. */
  readonly command?: readonly string[] | undefined;
  /** Content of a script that begins with `#!`; `command` is then its arguments. */
  readonly script?: string | undefined;
  /** The job's whole environment. */
  readonly environment: Readonly<Record<string, string>>;
  /** Variables whose values hold `{{...}}`, which the job's shell fills in. */
  readonly envExpand?: Readonly<Record<string, string>> | undefined;
  /** Default 1. */
  readonly numTasks?: number | undefined;
  /** Default 1. */
  readonly coresPerTask?: number | undefined;
  readonly gpusPerTask?: number | undefined;
  readonly numNodes?: number | undefined;
  /** Whole nodes; needs `numNodes`. */
  readonly exclusive?: boolean | undefined;
  /** Seconds; 0 is the instance's default. */
  readonly durationSeconds?: number | undefined;
  readonly cwd?: string | undefined;
  /** Limits by name, such as `nofile`; -1 is unlimited. */
  readonly rlimits?: Readonly<Record<string, number>> | undefined;
  readonly name?: string | undefined;
  /** File for standard input, standard output, standard error. */
  readonly input?: string | undefined;
  readonly output?: string | undefined;
  readonly error?: string | undefined;
  readonly labelIo?: boolean | undefined;
  readonly unbuffered?: boolean | undefined;
  readonly queue?: string | undefined;
  readonly bank?: string | undefined;
  /** Properties a node must have. */
  readonly properties?: readonly string[] | undefined;
  /** Such as `afterok:f2P5pCuM`. */
  readonly dependencies?: readonly string[] | undefined;
}

const refuse = (message: string): never => {
  throw new ParleyError("E_ENGINE_REFUSED", message);
};

type Json = Record<string, unknown>;

/** An object without its absent fields. */
const present = (fields: Json): Json =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));

/** The same, and nothing where nothing is left. */
const some = (fields: Json): Json | undefined => {
  const kept = present(fields);
  return Object.keys(kept).length === 0 ? undefined : kept;
};

/** A job's shape: slots of cores and GPUs, on nodes where their number is given. */
function resourcesOf(request: JobspecRequest): { resources: Json[]; count: Json } {
  const { numTasks = 1, coresPerTask = 1, gpusPerTask = 0, numNodes, exclusive } = request;
  if (numNodes === undefined && exclusive === true) {
    refuse("Whole nodes need a number of nodes: say how many.");
  }
  if (numNodes !== undefined && numNodes > numTasks) {
    refuse(`${numTasks} tasks cannot be on ${numNodes} nodes: ask for as many tasks as nodes.`);
  }
  const shares = [
    { type: "core", count: coresPerTask },
    ...(gpusPerTask > 0 ? [{ type: "gpu", count: gpusPerTask }] : []),
  ];
  const slots = (count: number): Json => ({ type: "slot", count, with: shares, label: "task" });
  if (numNodes === undefined) return { resources: [slots(numTasks)], count: { per_slot: 1 } };
  const node = present({
    type: "node",
    count: numNodes,
    exclusive: exclusive === true ? true : undefined,
    with: [slots(Math.ceil(numTasks / numNodes))],
  });
  return { resources: [node], count: numTasks % numNodes === 0 ? { per_slot: 1 } : { total: numTasks } };
}

const file = (path: string | undefined): Json => (path === undefined ? {} : { type: "file", path });

/** What the job's shell does with the standard streams. */
function shellOptionsOf(request: JobspecRequest): Json | undefined {
  const { input, output, error, labelIo, unbuffered, rlimits, envExpand } = request;
  // `kvs` keeps a stream with the job, as no path does; labels are for files.
  const stream = (path: string | undefined): Json | undefined =>
    some({
      ...file(path === "kvs" ? undefined : path),
      label: labelIo === true && path !== undefined && path !== "kvs" ? true : undefined,
      buffer: unbuffered === true ? { type: "none" } : undefined,
    });
  return some({
    "env-expand": envExpand && some(envExpand),
    rlimit: rlimits && some(rlimits),
    input: some({ stdin: some(file(input)), "batch-timeout": unbuffered === true ? 0 : undefined }),
    output: some({
      stdout: stream(output),
      stderr: stream(error),
      "batch-timeout": unbuffered === true ? 0.05 : undefined,
    }),
  });
}

function commandOf({ command = [], script }: JobspecRequest): readonly string[] {
  const argv = script === undefined ? command : ["{{tmpdir}}/script", ...command];
  if (script !== undefined && !script.startsWith("#!")) {
    refuse("A script begins with #! and its interpreter, such as #!/bin/sh: add that line.");
  }
  if ((argv[0] ?? "") === "" || argv.some((word) => word.includes("\0"))) {
    refuse("There is no command to run, or it holds a NUL: name a program.");
  }
  return argv;
}

function dependencyOf(text: string): Json {
  const [, scheme, value] = /^([a-z][a-z-]{0,31}):(\S{1,200})$/.exec(text) ?? [];
  if (scheme === undefined || value === undefined) {
    refuse(
      `${JSON.stringify(text.slice(0, 80))} is no dependency: write SCHEME:VALUE, such as afterok:f2P5pCuM.`,
    );
  }
  return { scheme, value };
}

/** Makes a jobspec of version 1, field for field as Flux's own builder does. @throws `E_ENGINE_REFUSED` */
export function buildJobspec(request: JobspecRequest): FluxJobspec {
  const { resources, count } = resourcesOf(request);
  const { script, name, properties = [], dependencies = [], durationSeconds = 0 } = request;
  const options = shellOptionsOf(request);
  return {
    resources,
    tasks: [{ command: [...commandOf(request)], slot: "task", count }],
    attributes: {
      system: present({
        duration: durationSeconds,
        environment: { ...request.environment },
        shell: options && { options },
        cwd: request.cwd,
        job: name === undefined ? undefined : { name },
        queue: request.queue,
        bank: request.bank,
        constraints: properties.length === 0 ? undefined : { properties: [...properties] },
        dependencies: dependencies.length === 0 ? undefined : dependencies.map(dependencyOf),
        files:
          script === undefined ? undefined : { script: { mode: 0o100700, data: script, encoding: "utf-8" } },
      }),
    },
    version: 1,
  };
}
