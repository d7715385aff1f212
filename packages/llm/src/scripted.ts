import { ParleyError } from "@parley/core";
import { bounded } from "./bounded.ts";
import type { ChatModel, ChatOptions, ChatReply, ChatRequest } from "./port.ts";
import { checkRequest } from "./request.ts";

/** An answer of a script: text, parts of a reply, an error to throw, or a function of the request. */
export type ScriptedAnswer =
  | string
  | Partial<ChatReply>
  | Error
  | ((request: ChatRequest, options: ChatOptions) => ScriptedValue | Promise<ScriptedValue>);
type ScriptedValue = string | Partial<ChatReply>;

/** A model that says what it was told to, with what it was asked. */
export interface ScriptedModel extends ChatModel {
  readonly requests: readonly ChatRequest[];
}

/** Options of {@link createScriptedModel}. */
export interface ScriptedOptions {
  /** Default `scripted`. */
  readonly id?: string | undefined;
  /** Default 60,000. */
  readonly timeoutMs?: number | undefined;
}

/**
 * A model without a model: each question gets the next answer of the script; a single function answers all of them.
 * @throws of calls `E_LLM_RECORDING` once the script is at its end
 */
export function createScriptedModel(
  script: readonly ScriptedAnswer[] | Extract<ScriptedAnswer, (...given: never) => unknown>,
  { id = "scripted", timeoutMs }: ScriptedOptions = {},
): ScriptedModel {
  const requests: ChatRequest[] = [];
  const next = (): ScriptedAnswer => {
    const answer = typeof script === "function" ? script : script[requests.length - 1];
    if (answer !== undefined) return answer;
    throw new ParleyError(
      "E_LLM_RECORDING",
      `The script of the model ${id} has ${script.length} answers and was asked ${requests.length} times.`,
    );
  };
  return {
    id,
    requests,
    async complete(request, options = {}) {
      checkRequest(id, request);
      return await bounded({ model: id, timeoutMs, ...options }, async (signal) => {
        requests.push(request);
        const answer = next();
        if (answer instanceof Error) throw answer;
        return whole(typeof answer === "function" ? await answer(request, { ...options, signal }) : answer);
      });
    },
  };
}

function whole(value: ScriptedValue): ChatReply {
  const reply = typeof value === "string" ? { text: value } : value;
  const toolCalls = reply.toolCalls ?? [];
  return { text: "", stop: toolCalls.length > 0 ? "tools" : "end", usage: {}, ...reply, toolCalls };
}
