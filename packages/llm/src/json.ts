import { ParleyError } from "@parley/core";
import { z } from "zod";
import type { ChatModel, ChatOptions, ChatRequest, ChatUsage } from "./port.ts";

/** Options of {@link completeJson}. */
export interface JsonOptions extends ChatOptions {
  /** Times a wrong answer is sent back with what is wrong about it. Default 1. */
  readonly repairs?: number | undefined;
}

/** What a model said, in the shape asked for. */
export interface JsonReply<Value> {
  readonly value: Value;
  readonly usage: ChatUsage;
}

/**
 * Asks a model for JSON of one shape, whatever the provider offers for it: the schema goes into the instructions, the
 * answer is read out of its text, and a wrong one is sent back with the reason.
 * @throws `E_LLM_OUTPUT` when no answer fits
 */
export async function completeJson<Shape extends z.ZodType>(
  model: ChatModel,
  request: ChatRequest & { readonly shape: Shape },
  { repairs = 1, ...options }: JsonOptions = {},
): Promise<JsonReply<z.output<Shape>>> {
  const { shape, ...chat } = request;
  const form = `Answer with JSON alone, without a fence, that fits this JSON Schema: ${JSON.stringify(z.toJSONSchema(shape))}`;
  const system = [chat.system, form].filter((text) => text !== undefined).join("\n\n");
  let messages = chat.messages;
  let usage: ChatUsage = {};
  let problem = "";
  for (let turn = 0; turn <= repairs; turn += 1) {
    const reply = await model.complete({ ...chat, system, messages }, options);
    usage = addUsage(usage, reply.usage);
    const read = readJson(reply.text, shape);
    if (read.ok) return { value: read.value, usage };
    problem = read.problem;
    messages = [
      ...messages,
      { role: "assistant", content: reply.text === "" ? "(nothing)" : reply.text },
      { role: "user", content: `That is not it: ${problem}. Answer with the JSON alone.` },
    ];
  }
  throw new ParleyError(
    "E_LLM_OUTPUT",
    `The model ${model.id} gave no answer of the shape asked for: ${problem}.`,
  );
}

type Read<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly problem: string };

function readJson<Shape extends z.ZodType>(text: string, shape: Shape): Read<z.output<Shape>> {
  const [from, to] = [text.indexOf("{"), text.lastIndexOf("}")];
  if (from === -1 || to < from) return { ok: false, problem: "there is no JSON object in it" };
  let value: unknown;
  try {
    value = JSON.parse(text.slice(from, to + 1));
  } catch {
    return { ok: false, problem: "its JSON cannot be read" };
  }
  const parsed = shape.safeParse(value);
  if (parsed.success) return { ok: true, value: parsed.data };
  const [issue] = parsed.error.issues;
  return { ok: false, problem: `${issue?.path.join(".") || "it"}: ${issue?.message ?? "does not fit"}` };
}

const sum = (left: number | undefined, right: number | undefined): number | undefined =>
  left === undefined ? right : left + (right ?? 0);

/** The sum of two uses; what neither knows stays unknown. */
export function addUsage(left: ChatUsage, right: ChatUsage): ChatUsage {
  return {
    inputTokens: sum(left.inputTokens, right.inputTokens),
    outputTokens: sum(left.outputTokens, right.outputTokens),
    costUsd: sum(left.costUsd, right.costUsd),
  };
}
