import { ParleyError } from "@parley/core";
import type { ChatModel } from "@parley/llm";
import { asksModel, createChoice, findStrategy } from "@parley/selection";
import type { Strategy } from "@parley/selection";

/** The model a hub asks for `agentic`, and how one choice is bounded. */
export interface HubModel {
  readonly model: ChatModel;
  /** Milliseconds. Default 60,000. */
  readonly timeoutMs?: number | undefined;
  /** Tokens read and written. Default 40,000. */
  readonly maxTokens?: number | undefined;
}

/**
 * How callers of a hub want it to choose, by the names of strategies.
 * @throws {@link ParleyError} `E_SELECT_UNKNOWN`; `E_LLM_NONE` for `agentic` in a hub without a model
 */
export function choiceOf(names: readonly string[] | undefined, model: HubModel | undefined): Strategy {
  const strategies = (names ?? []).map((name) => findStrategy(name));
  if (model === undefined && strategies.some((strategy) => asksModel(strategy))) {
    throw new ParleyError(
      "E_LLM_NONE",
      "This hub has no model for the strategy agentic: start it with --llm-model NAME, and --llm-backend or --llm-api-base where needed, or choose another strategy.",
    );
  }
  return createChoice(strategies, model ?? {});
}
