import { ParleyError, systemClock } from "@parley/core";
import { bytesPerToken } from "./budget.ts";
import type { ChatModel, ChatRequest, ChatUsage } from "./port.ts";
import { defaultMaxOutputTokens } from "./request.ts";

/** Options of {@link limitTokens}. */
export interface TokenLimit {
  /** Tokens read and written in any hour. */
  readonly tokensPerHour: number;
  /** What raises the limit, for the message, such as `--llm-hourly-tokens`. */
  readonly raisedBy?: string | undefined;
  /** Milliseconds since the epoch. Default the machine's clock. */
  readonly now?: (() => number) | undefined;
}

const hourMs = 3_600_000;
/** Faults before which a provider has charged nothing. */
const unasked: ReadonlySet<string> = new Set([
  "E_ARGUMENT_INVALID",
  "E_LLM_DRIVER",
  "E_LLM_KEY",
  "E_LLM_RATE_LIMITED",
  "E_LLM_RECORDING",
  "E_LLM_UNREACHABLE",
]);

/**
 * The same model with a limit on what it may consume, so that strangers' questions cost their owner no more than that. A
 * question counts with the most it may take until its answer says what it took; without that, for good.
 * @throws of calls `E_LLM_RATE_LIMITED` with `retryAfterMs`
 */
export function limitTokens(model: ChatModel, limit: TokenLimit): ChatModel {
  const { tokensPerHour, raisedBy, now = () => systemClock.now() } = limit;
  const taken: { readonly at: number; tokens: number }[] = [];

  function reserve(request: ChatRequest): { tokens: number } {
    const at = now();
    while (taken[0] !== undefined && taken[0].at <= at - hourMs) taken.shift();
    const tokens = mostTokens(request);
    const used = taken.reduce((sum, one) => sum + one.tokens, 0);
    if (used + tokens > tokensPerHour) {
      const more = raisedBy === undefined ? "" : ` or raise ${raisedBy}`;
      throw new ParleyError(
        "E_LLM_RATE_LIMITED",
        `The model ${model.id} may take ${tokensPerHour} tokens an hour here and has no more for this question: wait${more}.`,
        { details: { retryAfterMs: (taken[0]?.at ?? at) + hourMs - at } },
      );
    }
    const reserved = { at, tokens };
    taken.push(reserved);
    return reserved;
  }

  return {
    id: model.id,
    async complete(request, options) {
      const reserved = reserve(request);
      try {
        const reply = await model.complete(request, options);
        reserved.tokens = usedTokens(reply.usage) ?? reserved.tokens;
        return reply;
      } catch (error) {
        if (ParleyError.isInstance(error) && unasked.has(error.code)) reserved.tokens = 0;
        throw error;
      }
    },
  };
}

function mostTokens({ system = "", messages, tools = [], maxOutputTokens }: ChatRequest): number {
  const bytes = Buffer.byteLength(system + JSON.stringify(messages) + JSON.stringify(tools));
  return Math.ceil(bytes / bytesPerToken) + (maxOutputTokens ?? defaultMaxOutputTokens);
}

function usedTokens({ inputTokens, outputTokens }: ChatUsage): number | undefined {
  return inputTokens === undefined || outputTokens === undefined ? undefined : inputTokens + outputTokens;
}
