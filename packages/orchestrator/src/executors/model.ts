import { ParleyError } from "@parley/core";
import type { ChatModel } from "@parley/llm";
import { z } from "zod";
import { defineExecutor } from "../define.ts";
import type { Attempt, Execution, Executor } from "../port.ts";
import { asText } from "../text.ts";

const Input = z.object({
  system: z.string().max(20_000).optional().describe("Who the model is to be"),
  prompt: z.string().max(100_000).optional().describe("Default: the description of the task"),
  max_output_tokens: z.int().min(1).max(100_000).optional(),
  temperature: z.number().min(0).max(2).optional(),
});

/** Options of the model executor. */
export interface ModelExecutorOptions {
  readonly model: ChatModel;
  /** Default 2 minutes. */
  readonly timeoutMs?: number | undefined;
}

/** Lets a model write the result. What was said about earlier attempts is part of the question. */
export function createModelExecutor({ model, timeoutMs = 120_000 }: ModelExecutorOptions): Executor {
  return defineExecutor({
    type: "model",
    description: `Lets the model ${model.id} write the result.`,
    input: Input,
    identity: model.id,
    async execute(
      { system, prompt, max_output_tokens: maxOutputTokens, temperature },
      attempt,
    ): Promise<Execution> {
      const reply = await model.complete(
        {
          system,
          messages: [{ role: "user", content: question(prompt, attempt) }],
          maxOutputTokens,
          temperature,
        },
        { signal: attempt.signal, timeoutMs },
      );
      const { text, usage, stop } = reply;
      if (stop === "end" && text.trim() !== "") return { ok: true, output: text, usage, by: model.id };
      const why = stop === "end" ? "said nothing" : `stopped with "${stop}"`;
      const error = new ParleyError("E_LLM_OUTPUT", `The model ${model.id} ${why}.`);
      return { ok: false, failure: { class: "retryable", message: error.message }, usage };
    },
  });
}

function question(prompt: string | undefined, { spec, feedback }: Attempt): string {
  const parts = [prompt ?? spec.description];
  if (spec.input !== undefined) parts.push(`Input:\n${asText(spec.input)}`);
  if (feedback.length > 0)
    parts.push(`Earlier attempts were sent back:\n${feedback.map((text) => `- ${text}`).join("\n")}`);
  return parts.join("\n\n");
}
