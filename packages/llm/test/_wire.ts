import type { AiBackend, AiModelOptions } from "@parley/llm/ai";
import type { ChatReply } from "@parley/llm";
import { z } from "zod";

type Said = Pick<ChatReply, "text" | "toolCalls">;

/** What each provider's HTTP interface answers, by its documentation. */
const answers: Readonly<Record<AiBackend, (said: Said) => object>> = {
  openai: ({ text, toolCalls }) => ({
    id: "chatcmpl-1",
    object: "chat.completion",
    created: 1,
    model: "m",
    choices: [
      {
        index: 0,
        message: {
          role: "assistant",
          content: text,
          ...(toolCalls.length === 0
            ? {}
            : {
                tool_calls: toolCalls.map((call) => ({
                  id: call.id,
                  type: "function",
                  function: { name: call.name, arguments: JSON.stringify(call.arguments) },
                })),
              }),
        },
        finish_reason: toolCalls.length === 0 ? "stop" : "tool_calls",
      },
    ],
    usage: { prompt_tokens: 11, completion_tokens: 3, total_tokens: 14 },
  }),
  gemini: ({ text, toolCalls }) => ({
    candidates: [
      {
        content: {
          role: "model",
          parts: [
            ...(text === "" ? [] : [{ text }]),
            ...toolCalls.map((call) => ({ functionCall: { name: call.name, args: call.arguments } })),
          ],
        },
        finishReason: "STOP",
      },
    ],
    usageMetadata: { promptTokenCount: 11, candidatesTokenCount: 3, totalTokenCount: 14 },
  }),
  anthropic: ({ text, toolCalls }) => ({
    type: "message",
    id: "msg_1",
    model: "m",
    role: "assistant",
    content: [
      ...(text === "" ? [] : [{ type: "text", text }]),
      ...toolCalls.map((call) => ({ type: "tool_use", id: call.id, name: call.name, input: call.arguments })),
    ],
    stop_reason: toolCalls.length === 0 ? "end_turn" : "tool_use",
    stop_sequence: null,
    usage: { input_tokens: 11, output_tokens: 3 },
  }),
};

/** One request as a provider would see it. */
export interface Sent {
  readonly url: string;
  readonly headers: Headers;
  readonly body: unknown;
}

const readBody = (init: RequestInit | undefined): unknown => JSON.parse(z.string().parse(init?.body));

/** A provider of one make that answers everything alike. */
export function provider(backend: AiBackend, said: Said): { fetch: typeof fetch; sent: Sent[] } {
  const sent: Sent[] = [];
  return {
    sent,
    fetch: async (input, init) => {
      sent.push({
        url: input instanceof Request ? input.url : input.toString(),
        headers: new Headers(init?.headers),
        body: readBody(init),
      });
      return Response.json(answers[backend](said));
    },
  };
}

/** A provider that answers with a status. */
export function refusing(status: number, body: unknown, headers: Record<string, string> = {}): typeof fetch {
  return async () => Response.json(body, { status, headers });
}

/** A provider that keeps silent until it is left. */
export const silent: typeof fetch = async (_input, init) =>
  await new Promise((_resolve, reject) => {
    init?.signal?.addEventListener("abort", () => reject(init.signal?.reason));
  });

export const options = (backend: AiBackend, send: typeof fetch): AiModelOptions => ({
  backend,
  model: "m",
  apiKey: "sk-very-secret-key",
  fetch: send,
});
