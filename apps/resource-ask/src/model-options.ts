import { llmOptions, option, reads } from "@parley/cli";
import type { OptionTable } from "@parley/cli";

const { llmBackend, llmModel, llmApiBase, llmScript, llmReplay, llmRecord } = llmOptions;

/** Which model is asked and what is kept of it, for both programs. */
export const modelOptions = {
  llmBackend,
  llmModel,
  llmApiBase,
  llmScript,
  llmReplay,
  llmRecord,
  llmTimeout: option({
    flags: "--llm-timeout <seconds>",
    description: "how long the model may take over one choice",
    env: ["PARLEY_LLM_TIMEOUT"],
    initial: 60,
    group: "Models",
    read: reads.integer(1, 3600),
  }),
} satisfies OptionTable;
