import { option, reads } from "@parley/cli";
import type { AiBackend } from "@parley/llm/ai";

const queue = "Tasks";
const work = "Executors and verifiers";
const models = "Models";
const safety = "Safety";

/** Where tasks are kept. */
export const fileOptions = {
  tasks: option({
    flags: "--tasks <file>",
    description: "SQLite file of the tasks, which one process owns at a time",
    env: ["PARLEY_TASKS_FILE"],
    file: "tasks.file",
    initialText: "~/.local/state/parley/tasks/tasks.db",
    group: queue,
    read: reads.text,
  }),
};

/** The options of `parley-tasks` beside those of `mcpserver start`. */
export const tasksOptions = {
  ...fileOptions,
  attemptMinutes: option({
    flags: "--attempt-minutes <number>",
    description: "longest single attempt at a task",
    env: ["PARLEY_TASKS_ATTEMPT_MINUTES"],
    file: "tasks.attempt_minutes",
    initial: 15,
    group: queue,
    read: reads.positive,
  }),
  allow: option({
    flags: "--allow <programs...>",
    description: "programs that tasks may run and verifiers may use; there is no shell",
    env: ["PARLEY_TASKS_ALLOW"],
    file: "tasks.allow",
    list: true,
    initial: [],
    group: work,
    read: reads.list,
  }),
  workDir: option({
    flags: "--work-dir <dir>",
    description: "where those programs run",
    env: ["PARLEY_TASKS_WORK_DIR"],
    file: "tasks.work_dir",
    initialText: "the current directory",
    group: work,
    read: reads.text,
  }),
  httpAllow: option({
    flags: "--http-allow <origins...>",
    description: "services that tasks and verifiers may call, such as https://ci.example.org",
    env: ["PARLEY_TASKS_HTTP_ALLOW"],
    file: "tasks.http_allow",
    list: true,
    initial: [],
    group: work,
    read: reads.list,
  }),
  servers: option({
    flags: "--servers <file>",
    description: 'MCP servers whose tools tasks may call: JSON with "mcpServers", as desktop hosts have it',
    env: ["PARLEY_TASKS_SERVERS"],
    file: "tasks.servers",
    group: work,
    read: reads.text,
  }),
  modelBackend: option<AiBackend>({
    flags: "--model-backend <name>",
    description: "who answers for models: openai (and what speaks like it), gemini or anthropic",
    env: ["PARLEY_TASKS_MODEL_BACKEND"],
    file: "tasks.model.backend",
    initial: "openai",
    group: models,
    read: reads.choice("openai", "gemini", "anthropic"),
  }),
  model: option({
    flags: "--model <name>",
    description: "the model that does tasks of type model",
    env: ["PARLEY_TASKS_MODEL"],
    file: "tasks.model.name",
    group: models,
    read: reads.text,
  }),
  judge: option({
    flags: "--judge <name>",
    description: "the model that judges results; another than the one that makes them",
    env: ["PARLEY_TASKS_JUDGE"],
    file: "tasks.model.judge",
    group: models,
    read: reads.text,
  }),
  modelApiBase: option({
    flags: "--model-api-base <url>",
    description: "address of the models' interface, such as http://127.0.0.1:11434/v1",
    env: ["PARLEY_TASKS_MODEL_API_BASE"],
    file: "tasks.model.api_base",
    group: models,
    read: reads.text,
  }),
  modelInputUsd: option({
    flags: "--model-input-usd <number>",
    description: "price of a million tokens that models read",
    env: ["PARLEY_TASKS_MODEL_INPUT_USD"],
    file: "tasks.model.input_usd",
    group: models,
    read: reads.positive,
  }),
  modelOutputUsd: option({
    flags: "--model-output-usd <number>",
    description: "price of a million tokens that models write",
    env: ["PARLEY_TASKS_MODEL_OUTPUT_USD"],
    file: "tasks.model.output_usd",
    group: models,
    read: reads.positive,
  }),
  auto: option({
    flags: "--auto",
    description: "let the model do tasks that do not say how they are done",
    env: ["PARLEY_TASKS_AUTO"],
    file: "tasks.auto",
    initial: false,
    group: models,
    read: reads.flag,
  }),
  maxFailures: option({
    flags: "--max-failures <count>",
    description: "failed attempts in a row after which no further one begins for a minute",
    env: ["PARLEY_TASKS_MAX_FAILURES"],
    file: "tasks.max_failures",
    initial: 5,
    group: safety,
    read: reads.integer(1, 10_000),
  }),
  maxCostUsd: option({
    flags: "--max-cost-usd <number>",
    description: "what models may cost in all before safety is reset; needs their prices",
    env: ["PARLEY_TASKS_MAX_COST_USD"],
    file: "tasks.max_cost_usd",
    group: safety,
    read: reads.positive,
  }),
};
