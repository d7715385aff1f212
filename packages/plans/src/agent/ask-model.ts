import { ParleyError } from "@parley/core";
import type { ChatModel, ChatReply, ChatRequest } from "@parley/llm";

/** How a model is asked again that cannot answer just now. */
export interface Patience {
  /** Tries in all. Default 5. */
  readonly tries?: number | undefined;
  /** Waits; a seam for tests. */
  readonly pause: (ms: number, signal: AbortSignal) => Promise<void>;
  /** 0 to 1. */
  readonly random: () => number;
  readonly signal: AbortSignal;
}

const baseMs = 1000;
const capMs = 60_000;

/** Asks a model, and again after a pause that doubles while its provider is busy or cannot be reached. */
export async function askModel(
  model: ChatModel,
  request: ChatRequest,
  { tries = 5, pause, random, signal }: Patience,
): Promise<ChatReply> {
  for (let turn = 1; ; turn += 1) {
    try {
      return await model.complete(request, { signal });
    } catch (error) {
      if (signal.aborted || turn >= tries || !ParleyError.isInstance(error) || !error.retryable) throw error;
      const asked = Number(error.details["retryAfterMs"] ?? 0);
      const doubled = baseMs * 2 ** (turn - 1) * (0.75 + 0.5 * random());
      await pause(Math.min(capMs, Math.max(asked, doubled)), signal);
    }
  }
}
