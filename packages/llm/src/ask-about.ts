import { ParleyError } from "@parley/core";
import type { z } from "zod";
import { fitsBudget, outputTokens } from "./budget.ts";
import type { Question } from "./budget.ts";
import { completeJson } from "./json.ts";
import type { ChatModel } from "./port.ts";
import { fenceData } from "./untrusted.ts";

/** How a question is bounded as a whole, one correction of the answer included. */
export interface AskBounds {
  /** Tokens that may be read and written, by a safe estimate. */
  readonly maxTokens: number;
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
}

/** A model's answer, with what it consumed where the provider says so. */
export interface Answered<Value> {
  readonly value: Value;
  readonly tokens: number | undefined;
}

/**
 * Asks a model about data of strangers, which it gets behind a fence. The answer has the shape asked for; whether it is
 * true is the caller's business.
 * @throws {@link ParleyError} what the model throws; `E_LLM_OUTPUT` for an answer that does not fit the shape;
 * `E_ARGUMENT_INVALID` for a question that does not fit the budget; `E_LLM_TIMEOUT`
 */
export async function askAbout<Shape extends z.ZodType>(
  model: ChatModel,
  question: Question<Shape>,
  { maxTokens, timeoutMs, signal }: AskBounds,
): Promise<Answered<z.output<Shape>>> {
  const { system, data, shape } = question;
  if (!fitsBudget(question, maxTokens)) {
    throw new ParleyError(
      "E_ARGUMENT_INVALID",
      `The model was not asked: the question does not fit its budget of ${maxTokens} tokens: allow it more.`,
    );
  }
  const late = AbortSignal.timeout(timeoutMs);
  const both = signal === undefined ? late : AbortSignal.any([signal, late]);
  try {
    const { value, usage } = await completeJson(
      model,
      {
        system,
        messages: [{ role: "user", content: fenceData(data) }],
        shape,
        maxOutputTokens: outputTokens(maxTokens),
      },
      { signal: both, timeoutMs },
    );
    const { inputTokens: read, outputTokens: written } = usage;
    const tokens = read === undefined && written === undefined ? undefined : (read ?? 0) + (written ?? 0);
    return { value, tokens };
  } catch (error) {
    if (!late.aborted || signal?.aborted === true) throw error;
    throw new ParleyError("E_LLM_TIMEOUT", `The model ${model.id} did not answer within ${timeoutMs} ms.`, {
      cause: error,
    });
  }
}
