import { llmOptions, option, reads } from "@parley/cli";

const servers = "Servers";
const limits = "Limits";
const output = "Output";
const records = "Records";

/** Which MCP servers are used. */
export const serverOptions = {
  server: option({
    flags: "--server <address>",
    description:
      'an MCP server: URL, NAME=URL, or a JSON file with "mcpServers" as desktop hosts have it; repeat for more',
    env: ["PARLEY_SERVER"],
    list: true,
    initial: [],
    group: servers,
    read: reads.list,
  }),
  tokenFile: option({
    flags: "--token-file <file>",
    description:
      "file with the bearer token for servers given by URL; MCPSERVER_TOKEN holds the token itself",
    env: ["MCPSERVER_TOKEN_FILE"],
    group: servers,
    read: reads.text,
  }),
  ca: option({
    flags: "--ca <file>",
    description: "certificate authority to trust (PEM), beside the well-known ones",
    env: ["MCPSERVER_CA"],
    group: servers,
    read: reads.text,
  }),
};

/** Where runs are kept. */
export const recordOptions = {
  database: option({
    flags: "--database <uri>",
    description: "where runs are kept: sqlite://PATH or json://DIR",
    env: ["PARLEY_DATABASE"],
    initialText: "~/.local/state/parley/plans",
    group: records,
    read: reads.text,
  }),
};

/** What a run may use up. */
const limitOptions = {
  maxSteps: option({
    flags: "--max-steps <count>",
    description: "steps a run may come to in all; in place of the plan's limit",
    group: limits,
    read: reads.integer(1, 100_000),
  }),
  maxSeconds: option({
    flags: "--max-seconds <number>",
    description: "time a run may take",
    group: limits,
    read: reads.positive,
  }),
  maxCalls: option({
    flags: "--max-calls <count>",
    description: "calls of tools",
    group: limits,
    read: reads.integer(1, 1_000_000),
  }),
  maxTokens: option({
    flags: "--max-tokens <count>",
    description: "tokens that models read and write",
    group: limits,
    read: reads.integer(1, 1_000_000_000),
  }),
  maxCostUsd: option({
    flags: "--max-cost-usd <number>",
    description: "what models may cost; needs their prices",
    group: limits,
    read: reads.positive,
  }),
};

/** How a run is shown and answered. */
export const showOptions = {
  json: option({
    flags: "--json",
    description: "one JSON document a line on standard output, nothing else",
    initial: false,
    group: output,
    read: reads.flag,
  }),
  verbose: option({
    flags: "--verbose",
    description: "show prompts, replies and results whole",
    initial: false,
    group: output,
    read: reads.flag,
  }),
  answers: option({
    flags: "--answers <file>",
    description: "YAML file with answers by question, such as deploy.confirm: yes",
    group: output,
    read: reads.text,
  }),
};

/** What a person watches a run with. */
const uiOptions = {
  ui: option({
    flags: "--ui <name>",
    description:
      "cli: lines that only grow; tui: cards in this terminal; web: a page, whose address is printed",
    env: ["PARLEY_UI"],
    initial: "cli",
    group: output,
    read: reads.choice("cli", "tui", "web"),
  }),
  uiHost: option({
    flags: "--ui-host <host>",
    description: "where the page of --ui web listens",
    initial: "127.0.0.1",
    group: output,
    read: reads.text,
  }),
  uiPort: option({
    flags: "--ui-port <port>",
    description: "port of the page of --ui web; 0 takes any that is free",
    initial: 0,
    group: output,
    read: reads.integer(0, 65_535),
  }),
};

/** What is run. */
const planOptions = {
  check: option({
    flags: "--check",
    description:
      "only say what is wrong with the plan; with --server also whether the servers have what it names",
    initial: false,
    read: reads.flag,
  }),
  input: option({
    flags: "--input <key=value>",
    description: "an input of the plan; repeat for more",
    list: true,
    initial: {},
    read: reads.pairs,
  }),
  resume: option({
    flags: "--resume <id>",
    description: "go on with a run that stopped or was killed",
    read: reads.text,
  }),
  unknown: option({
    flags: "--unknown <what>",
    description: "with --resume, what came of the call that was cut off: repeat, success or failure",
    read: reads.choice("repeat", "success", "failure"),
  }),
};

/** Of `parley run`. */
export const runOptions = {
  ...planOptions,
  ...serverOptions,
  ...llmOptions,
  ...limitOptions,
  ...recordOptions,
  ...showOptions,
  ...uiOptions,
};

/** Of `parley agent` and `parley prompt`. */
export const agentOptions = {
  prompt: option({
    flags: "--prompt <name>",
    description: "the prompt of a server that is the agent's role",
    read: reads.text,
  }),
  argument: option({
    flags: "--argument <key=value>",
    description: "an argument of that prompt; repeat for more",
    list: true,
    initial: {},
    read: reads.pairs,
  }),
  tools: option({
    flags: "--tools <names>",
    description: "the only tools it may call, with commas between them",
    list: true,
    initial: [],
    read: reads.list,
  }),
  maxTurns: option({
    flags: "--max-turns <count>",
    description: "turns of the model",
    initial: 30,
    group: limits,
    read: reads.integer(1, 1000),
  }),
  ...serverOptions,
  ...llmOptions,
  maxCalls: limitOptions.maxCalls,
  maxTokens: limitOptions.maxTokens,
  ...showOptions,
};
