import { option } from "./option.ts";
import { reads } from "./reads.ts";

const group = "Models";

/** Which model is asked; `openModel` of `@parley/llm/open` makes one of the values. */
export const llmOptions = {
  llmBackend: option<"openai" | "gemini" | "anthropic">({
    flags: "--llm-backend <name>",
    description: "who answers: openai (and what speaks like it), gemini or anthropic",
    env: ["PARLEY_LLM_BACKEND", "RESOURCE_SECRETARY_LLM"],
    initial: "openai",
    group,
    read: reads.choice("openai", "gemini", "anthropic"),
  }),
  llmModel: option({
    flags: "--llm-model <name>",
    description: "the model; its key is in OPENAI_API_KEY, GEMINI_API_KEY or ANTHROPIC_API_KEY",
    env: ["PARLEY_LLM_MODEL", "RESOURCE_SECRETARY_MODEL"],
    group,
    read: reads.text,
  }),
  llmApiBase: option({
    flags: "--llm-api-base <url>",
    description: "address of the model's interface, such as http://127.0.0.1:11434/v1",
    env: ["PARLEY_LLM_API_BASE", "RESOURCE_SECRETARY_API_BASE"],
    group,
    read: reads.url,
  }),
  llmInputUsd: option({
    flags: "--llm-input-usd <number>",
    description: "price of a million tokens that the model reads",
    env: ["PARLEY_LLM_INPUT_USD"],
    group,
    read: reads.positive,
  }),
  llmOutputUsd: option({
    flags: "--llm-output-usd <number>",
    description: "price of a million tokens that the model writes",
    env: ["PARLEY_LLM_OUTPUT_USD"],
    group,
    read: reads.positive,
  }),
  llmScript: option({
    flags: "--llm-script <file>",
    description: "no model: a YAML list of answers, each text or {text, tools: [{name, arguments}]}",
    group,
    read: reads.text,
  }),
  llmReplay: option({
    flags: "--llm-replay <file>",
    description: "no model: what one said when it was recorded",
    group,
    read: reads.text,
  }),
  llmRecord: option({
    flags: "--llm-record <file>",
    description: "write what the model is asked and says to a file, for --llm-replay",
    group,
    read: reads.text,
  }),
};
