import { redact } from "@parley/exec";
import { z } from "zod";
import type { Call } from "../call.ts";
import { kubectlCall, kubectlOf } from "./client.ts";

/** Text of kubectl, as far as the budget goes. */
export const TextAnswer = z.object({ text: z.string(), truncated: z.boolean() });
export type TextAnswer = z.infer<typeof TextAnswer>;

const budget = 30_000;

/** What kubectl prints, bounded. */
export async function readText(call: Call, args: readonly string[]): Promise<TextAnswer> {
  const text = redact(await kubectlOf(call).read(args, kubectlCall(call))).trimEnd();
  return { text: text.slice(0, budget), truncated: text.length > budget };
}

/** The text, with a note where it was cut. */
export function sayText({ text, truncated }: TextAnswer): string {
  return truncated ? `${text}\n(cut at ${String(budget)} characters)` : text;
}
