import type { Requirement } from "./requirement.ts";

/** Plan files and the state machine. */
const files = {
  "PLN-01": {
    source: "issue 6, bad input; reference upstream-hub 6.1",
    says: "What is wrong with a plan file is said with file, line, column and path: unknown targets, variables and types, loops without a limit, duplicates, files over 2 MiB.",
  },
  "PLN-02": {
    source: "reference upstream-hub 6.1",
    says: "Plans written for the seed's runner are read where they do not contradict themselves.",
  },
  "PLN-10": {
    source: "issue 6, plans",
    says: "A run always ends within its limits, whatever comes of its attempts.",
  },
  "PLN-11": { source: "issue 6, plans", says: "A run's log, read back, gives the same state." },
  "PLN-12": { source: "issue 6, plans", says: "A log whose events cannot follow one another is refused." },
} as const satisfies Record<string, Requirement>;

/** Running. */
const running = {
  "PLN-20": {
    source: "issue 6, plans",
    says: "Steps call tools of any MCP server, take from earlier outputs with their kinds, and all of it is recorded.",
  },
  "PLN-21": {
    source: "reference upstream-hub 6.1 to 6.3",
    says: "Rules decide what happened; loops and retries keep to their limits; failures are known by a result's fields.",
  },
  "PLN-22": {
    source: "issue 6, bad input",
    says: "Before anything is done, a plan is held against what the servers have.",
  },
  "PLN-23": {
    source: "issue 6, bad input",
    says: "A plan file that changes under its run stops it with an exact error.",
  },
  "PLN-24": { source: "issue 6, plans", says: "Transitions, calls, time and tokens of a run are limited." },
  "PLN-25": {
    source: "issue 6, plans",
    says: "A killed run resumes at its step without repeating what was done; a call that was cut off is unknown unless it may be repeated.",
  },
  "PLN-26": {
    source: "issue 6, plans",
    says: "A conversation that was cut off goes on behind its last answer and call.",
  },
  "PLN-27": {
    source: "reference upstream-hub 6.2",
    says: "A model makes a plan, a person changes and approves it, and it runs.",
  },
  "PLN-28": { source: "issue 6, plans", says: "Plans run inside plans, and resume there." },
  "PLN-29": {
    source: "issue 6, plans",
    says: "The real program, killed with SIGKILL in the middle, resumes with parley run --resume.",
  },
} as const satisfies Record<string, Requirement>;

/** Interfaces and agents. */
const faces = {
  "PLN-30": {
    source: "issue 6, interfaces; reference upstream-hub 6.5",
    says: "The plain interface shows a run as lines or JSON, asks at a terminal or a file of answers, and refuses without either.",
  },
  "PLN-31": { source: "reference upstream-hub 6.5", says: "An interface that breaks stops no run." },
  "PLN-40": {
    source: "coverage, durable work",
    says: "An agent takes its role from a chosen MCP prompt and uses tools, prompts and resources within limits.",
  },
  "PLN-41": {
    source: "reference upstream-hub 6.1, 6.4",
    says: "Steps of type prompt and agent are done by a model: arguments, instructions, conversations, judges, agents by name.",
  },
  "PLN-42": {
    source: "issue 6; coverage, durable work",
    says: "parley run, agent, prompt, list and show work from the command line; a missing key names its variable, an interrupt ends with 130, a limit with 5.",
  },
} as const satisfies Record<string, Requirement>;

/** Plans, agents and their interfaces. */
export const plans = { ...files, ...running, ...faces } as const;
