/** Chat models of OpenAI and what is compatible with it, of Gemini and of Anthropic, through the AI SDK. */

export { createAiModel } from "./create-ai-model.ts";
export type { AiBackend, AiModelOptions, TokenPrices } from "./options.ts";
