import type { Requirement } from "./requirement.ts";

/** Chat models behind one port. */
const models = {
  "ORC-01": {
    source: "issue 6, models",
    says: "Scripted, replayed and real models keep one contract: answers, tool calls, bounds, signals.",
  },
  "ORC-02": {
    source: "issue 6, models",
    says: "OpenAI and what is compatible, Gemini and Anthropic answer through the AI SDK; keys are read at each call and in no message.",
  },
  "ORC-03": {
    source: "issue 6, models",
    says: "What a model said can be recorded to a file and replayed word for word.",
  },
  "ORC-04": {
    source: "issue 6, models",
    says: "A model's answer can be had in the shape of a schema, and a wrong one is sent back.",
  },
} as const satisfies Record<string, Requirement>;

/** Executors, verifiers and safety over the queue. */
const running = {
  "ORC-10": {
    source: "seed 004, run_orchestrator; reference B.4 (13)",
    says: "A run does what there is, goes no further than it may, gives interrupted attempts back, and counts no fault of the place against a task.",
  },
  "ORC-11": {
    source: "reference B.4 (13)",
    says: "Results are checked; feedback reaches the next attempt; nobody judges their own work; a check that breaks is no failure of the task, and what was made is kept for a person or the next process.",
  },
  "ORC-12": { source: "issue 6, executors", says: "Allowed programs do tasks and judge results." },
  "ORC-13": {
    source: "issue 6, safety",
    says: "A breaker that trips loses no task, lets one attempt see after a while, and closes when that goes well.",
  },
  "ORC-14": {
    source: "reference B.4 (14)",
    says: "The breaker watches attempts, time, cost, tokens, failures in a row, their ratio, identical errors and missing progress.",
  },
  "ORC-15": {
    source: "issue 6, verifiers",
    says: "Patterns and schemas of strangers hold nobody up, however they are made.",
  },
  "ORC-16": {
    source: "issue 6, executors",
    says: "HTTP services are called at allowed origins alone, bounded in time and size, with the task's id as idempotency key.",
  },
  "ORC-17": {
    source: "issue 6, executors",
    says: "Programs that are not named are refused, MCP tools are called with the task's key, and a model's answer counts only when it is whole.",
  },
} as const satisfies Record<string, Requirement>;

/** The queue as MCP tools and resources. */
const face = {
  "ORC-20": {
    source: "seed 004, steps 2 to 6 and checkpoints",
    says: "A client of either era adds, claims, completes, fails and retries tasks by the lab's names and reads them at task://.",
  },
  "ORC-21": {
    source: "design, questions settled",
    says: "clear_completed and reset_all_tasks return a plan and change nothing without confirm: true.",
  },
  "ORC-22": {
    source: "seed 004, exercise 1",
    says: "Tasks are added in one batch, all or none, and completed in one, each with its own outcome.",
  },
  "ORC-23": {
    source: "seed 004, exercise 2",
    says: "task://filter/{status} and the other lists are read in pages, each with the address of the next.",
  },
  "ORC-24": {
    source: "issue 6, MCP face; reference B.4 (2, 3, 12)",
    says: "No two clients get one task; a lease that is over changes nothing; heartbeats renew and ask to stop.",
  },
  "ORC-25": {
    source: "issue 6, bad input",
    says: "Cycles, unknown ids, second ends, forged tokens and 2 MB payloads are refused with exact errors.",
  },
  "ORC-26": {
    source: "issue 6, MCP face",
    says: "Clients of both eras that watch a task:// resource are told when it changes.",
  },
  "ORC-27": {
    source: "issue 6, MCP face",
    says: "run_orchestrator is a task of the Tasks extension, driven to its end by the extension's own client.",
  },
  "ORC-28": {
    source: "reference B.4 (13)",
    says: "What clients make is checked as what executors make, and what cannot be checked waits for an answer.",
  },
  "ORC-29": {
    source: "seed 004, exercise 3",
    says: "Changes of tasks are streamed in order and numbered, and a client goes on where it left off.",
  },
} as const satisfies Record<string, Requirement>;

/** The program. */
const program = {
  "ORC-30": {
    source: "issue 6, parley-tasks; coverage, durable work",
    says: "parley-tasks serves over stdio and HTTP, runs what it is allowed to, and takes over other managers' files.",
  },
  "ORC-31": {
    source: "issue 6, shows",
    says: "parley-tasks killed in the middle loses no task and takes no result of a superseded attempt.",
  },
  "ORC-32": {
    source: "issue 6, MCP face",
    says: "createTasks is a module that mcpserver start loads, resources and their changes included.",
  },
} as const satisfies Record<string, Requirement>;

export const orchestrator = { ...models, ...running, ...face, ...program } as const;
