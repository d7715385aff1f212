import { option, reads } from "@parley/cli";
import type { OptionTable } from "@parley/cli";
import { modelOptions } from "./model-options.ts";

const text = (flags: string, description: string, group: string) =>
  option({ flags, description, group, read: reads.text });
const flag = (flags: string, description: string, group: string) =>
  option({ flags, description, group, initial: false, read: reads.flag });
const items = (flags: string, description: string, group: string) =>
  option({ flags, description, group, list: true, initial: [], read: reads.list });

/** Options of every command. */
export const commonOptions = {
  url: option({
    flags: "--url <url>",
    description: "address of the hub",
    env: ["RESOURCE_ASK_URL", "MCPSERVER_URL"],
    initial: "http://localhost:8000/mcp",
    group: "Hub",
    read: reads.url,
  }),
  tokenFile: option({
    flags: "--token-file <file>",
    description: "file with the bearer token; MCPSERVER_TOKEN holds the token itself",
    env: ["MCPSERVER_TOKEN_FILE"],
    group: "Hub",
    read: reads.text,
  }),
  token: option({
    flags: "--token <token>",
    description: "the token itself; every user of this machine can see it in the process list",
    env: ["MCPSERVER_TOKEN"],
    secret: true,
    group: "Hub",
    read: reads.text,
  }),
  ca: option({
    flags: "--ca <file>",
    description:
      "certificate authority to trust (PEM), beside the well-known ones, SSL_CERT_FILE and SSL_CERT_DIR",
    env: ["MCPSERVER_CA"],
    group: "Hub",
    read: reads.text,
  }),
  clientCert: option({
    flags: "--client-cert <file>",
    description: "certificate (PEM) for a hub that asks who is calling",
    env: ["MCPSERVER_CLIENT_CERT"],
    group: "Hub",
    read: reads.text,
  }),
  clientKey: option({
    flags: "--client-key <file>",
    description: "private key (PEM) of --client-cert",
    env: ["MCPSERVER_CLIENT_KEY"],
    group: "Hub",
    read: reads.text,
  }),
  timeout: option({
    flags: "--timeout <seconds>",
    description: "limit of the whole command; ends with exit code 5",
    env: ["RESOURCE_ASK_TIMEOUT"],
    group: "Hub",
    read: reads.integer(1, 30 * 86_400),
  }),
  json: flag("--json", "one JSON document on standard output, nothing else", "Output"),
  quiet: flag("--quiet", "no progress and no notices", "Output"),
} satisfies OptionTable;

const job = "Job, in place of words or over them";

/** Structured fields; read by `request/fields.ts` so that `--help` needs no schema. */
export const requestOptions = {
  nodes: text("--nodes <count>", "nodes: 2, 2-4 or 2+", job),
  cores: text("--cores <count>", "cores of the whole job", job),
  tasks: text("--tasks <count>", "tasks (MPI ranks) of the whole job", job),
  tasksPerNode: text("--tasks-per-node <count>", "tasks on each node", job),
  coresPerTask: text("--cores-per-task <count>", "cores of each task", job),
  gpus: text("--gpus <count>", "GPUs on each node", job),
  gpuModel: text("--gpu-model <model>", "model of the GPUs, e.g. a100", job),
  memory: text("--memory <size>", "memory of each node, e.g. 64GiB", job),
  walltime: text("--walltime <duration>", "longest run, e.g. 2h, 90m or 01:30:00", job),
  software: items("--software <name[@version]>", "software that must be there; repeat for more", job),
  queue: text("--queue <name>", "queue or partition", job),
  account: text("--account <name>", "account to charge", job),
  budget: text("--budget <amount>", "most it may cost, e.g. 200USD or 50node-hours", job),
  deadline: text("--deadline <time>", "when it must be done, ISO 8601, e.g. 2030-01-31T18:00Z", job),
  command: text("--command <argv>", "what to run: a program and its arguments, no shell", job),
  cwd: text("--cwd <directory>", "working directory at the site", job),
  env: option({
    flags: "--env <key=value>",
    description: "environment variable of the job; repeat for more",
    list: true,
    initial: {},
    group: job,
    read: reads.pairs,
  }),
  exclusive: flag("--exclusive", "nodes used by nothing else", job),
  image: text("--image <image>", "container image to run in", job),
} satisfies OptionTable;

/** Whom to ask. */
export const askOptions = {
  worker: items("--worker <id>", "ask only this worker; repeat for more", "Whom to ask"),
  label: option({
    flags: "--label <key=value>",
    description: "ask only workers that carry this label; repeat for more",
    list: true,
    initial: {},
    group: "Whom to ask",
    read: reads.pairs,
  }),
} satisfies OptionTable;

/** How to choose. */
const selectOptions = {
  select: items(
    "--select <strategy>",
    'strategy, tried in the order given: a name of "list select" or your own, ./file.ts#name',
    "Choice",
  ),
  seed: text("--seed <text>", "makes random choices repeatable", "Choice"),
} satisfies OptionTable;

/** The model of `--select agentic`. */
const agenticOptions = {
  ...modelOptions,
  llmMaxTokens: option({
    flags: "--llm-max-tokens <count>",
    description: "tokens the model may read and write for one choice",
    env: ["PARLEY_LLM_MAX_TOKENS"],
    initial: 40_000,
    group: "Models",
    read: reads.integer(1000, 10_000_000),
  }),
} satisfies OptionTable;

const explainOption = {
  explain: flag("--explain", "show how every requirement fared at every site", "Output"),
} satisfies OptionTable;

/** Repeating a dispatch. */
const dispatchOptions = {
  idempotencyKey: text(
    "--idempotency-key <key>",
    "a dispatch repeated with the same key runs once",
    "Dispatch",
  ),
} satisfies OptionTable;

/** Waiting for a job. */
const waitOptions = {
  wait: flag("--wait", "follow the job to its end", "Waiting"),
  propagate: flag("--propagate", "with --wait, end with the job's own exit code", "Waiting"),
  noLogs: option({
    flags: "--no-logs",
    description: "with --wait, do not show the job's output",
    initial: false,
    group: "Waiting",
    read: reads.flag,
  }),
} satisfies OptionTable;

const negotiationId = text("--negotiation <id>", "use the answers of this negotiation", "Choice");

/** Options by command. */
export const commandOptions = {
  negotiate: {
    ...requestOptions,
    ...askOptions,
    ...selectOptions,
    ...agenticOptions,
    ask: flag("--ask", "show the choice and ask before the job is sent", "Dispatch"),
    dryRun: flag("--dry-run", "stop before the job is sent", "Dispatch"),
    ...dispatchOptions,
    ...waitOptions,
    ...explainOption,
  },
  satisfy: { ...requestOptions, ...askOptions, ...explainOption },
  select: {
    ...requestOptions,
    ...askOptions,
    ...selectOptions,
    ...agenticOptions,
    proposals: text("--proposals <file>", "choose among the proposals of this file; needs no hub", "Choice"),
    negotiation: negotiationId,
    ...explainOption,
  },
  dispatch: {
    ...requestOptions,
    negotiation: negotiationId,
    ask: flag("--ask", "ask before the job is sent", "Dispatch"),
    ...dispatchOptions,
    ...waitOptions,
  },
  export: { output: text("--output <file>", "write here instead of standard output", "Output") },
  list: {},
  jobs: {
    limit: option({
      flags: "--limit <count>",
      description: "most jobs shown",
      initial: 100,
      group: "Output",
      read: reads.integer(1, 1000),
    }),
  },
  status: { wait: waitOptions.wait, propagate: waitOptions.propagate },
  wait: { propagate: flag("--propagate", "end with the job's own exit code", "Waiting") },
  logs: {
    follow: flag("--follow", "go on until the job has ended", "Output"),
    stderr: flag("--stderr", "standard error instead of standard output", "Output"),
  },
  cancel: {},
  parse: requestOptions,
} satisfies Record<string, OptionTable>;
