import { llmOptions, option, reads } from "@parley/cli";

const { llmBackend, llmModel, llmApiBase, llmScript, llmReplay } = llmOptions;
const group = "Models";

/** Whom a hub asks for `agentic`, and a worker for words that no rule reads. */
export const modelOptions = {
  llmBackend: { ...llmBackend, file: "llm.backend" },
  llmModel: {
    ...llmModel,
    description:
      "the model; a hub ranks offers by it for agentic, a worker reads words by it that no rule reads; its key is in OPENAI_API_KEY, GEMINI_API_KEY or ANTHROPIC_API_KEY",
    file: "llm.model",
  },
  llmApiBase: { ...llmApiBase, file: "llm.api_base" },
  llmKeyFile: option({
    flags: "--llm-key-file <file>",
    description: "file that holds the model's key, in place of the variable",
    env: ["PARLEY_LLM_KEY_FILE"],
    file: "llm.key_file",
    group,
    read: reads.text,
  }),
  llmTimeout: option({
    flags: "--llm-timeout <seconds>",
    description: "how long the model may take over one question",
    env: ["PARLEY_LLM_TIMEOUT"],
    file: "llm.timeout",
    initialText: "30 for a hub's choice, 4 for a worker's answer",
    group,
    read: reads.integer(1, 600),
  }),
  llmMaxTokens: option({
    flags: "--llm-max-tokens <count>",
    description: "tokens the model may read and write for one question",
    env: ["PARLEY_LLM_MAX_TOKENS"],
    file: "llm.max_tokens",
    initialText: "40000 for a hub's choice, 20000 for a worker's answer",
    group,
    read: reads.integer(1000, 10_000_000),
  }),
  llmHourlyTokens: option({
    flags: "--llm-hourly-tokens <count>",
    description: "tokens the model may read and write in any hour; rules answer for the rest of it",
    env: ["PARLEY_LLM_HOURLY_TOKENS"],
    file: "llm.hourly_tokens",
    initial: 500_000,
    group,
    read: reads.integer(1000, 1_000_000_000),
  }),
  llmScript: { ...llmScript, file: "llm.script" },
  llmReplay: { ...llmReplay, file: "llm.replay" },
};
