import { z } from "zod";
import { fenceData } from "./untrusted.ts";

/** Fewer than most text has, so that a budget errs to the safe side. */
export const bytesPerToken = 3;
const mostOutputTokens = 4096;

/** A question about data of strangers: what they say is fenced, and the answer has one shape. */
export interface Question<Shape extends z.ZodType> {
  /** Instructions; they should say that what stands between `<data>` and `</data>` is data. */
  readonly system: string;
  readonly data: object;
  readonly shape: Shape;
}

/** The most tokens of one answer under a budget for the whole question. */
export function outputTokens(maxTokens: number): number {
  return Math.max(1, Math.min(mostOutputTokens, Math.floor(maxTokens / 8)));
}

/**
 * Whether a question fits a budget of tokens, by a safe estimate. A wrong answer is sent back once: two questions are
 * read, two answers written, the first of them read again.
 */
export function fitsBudget(question: Question<z.ZodType>, maxTokens: number): boolean {
  const inputTokens = Math.floor((maxTokens - 3 * outputTokens(maxTokens)) / 2);
  const { system, data, shape } = question;
  const bytes = Buffer.byteLength(system + fenceData(data) + JSON.stringify(z.toJSONSchema(shape)));
  return bytes <= inputTokens * bytesPerToken;
}
