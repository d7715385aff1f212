import { isDeeperThan, maxDepth } from "@parley/server";
import { isRecord } from "../record.ts";

/** A function call as a model wrote it. */
export interface FunctionCall {
  readonly name: string;
  readonly args: Readonly<Record<string, unknown>>;
  /** Makes of a tool's answer the message that goes back to the model; absent where the answer alone is wanted. */
  readonly reply?: ((output: string) => Readonly<Record<string, unknown>>) | undefined;
}

/**
 * Reads `{ name, arguments }`, an entry of `tool_calls` of chat completions, or a `function_call` of responses;
 * arguments are an object, or its JSON text as models write it.
 */
export function readFunctionCall(body: unknown): FunctionCall | { readonly problem: string } {
  if (!isRecord(body)) return { problem: "The body is no JSON object with a name and arguments." };
  const inner = isRecord(body["function"]) ? body["function"] : body;
  const { name } = inner;
  if (typeof name !== "string" || name === "") return { problem: "The call names no function." };
  const args = argumentsOf(inner["arguments"]);
  if (args === undefined) return { problem: "The arguments are no JSON object, nor its text." };
  const reply = replyTo(body);
  return reply === undefined ? { name, args } : { name, args, reply };
}

function argumentsOf(given: unknown): Readonly<Record<string, unknown>> | undefined {
  if (given === undefined || given === null || given === "") return {};
  const value = typeof given === "string" ? parsed(given) : given;
  return isRecord(value) ? value : undefined;
}

function parsed(text: string): unknown {
  if (isDeeperThan(text, maxDepth)) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function replyTo({ type, id, call_id: callId }: Readonly<Record<string, unknown>>): FunctionCall["reply"] {
  if (type === "function_call" && typeof callId === "string") {
    return (output) => ({ type: "function_call_output", call_id: callId, output });
  }
  if (typeof id !== "string") return undefined;
  return (content) => ({ role: "tool", tool_call_id: id, content });
}
