import { ParleyError, toParleyError } from "@parley/core";
import type { ModelMessage, ToolSet } from "ai";
import { bounded } from "../bounded.ts";
import type { ChatMessage, ChatModel, ChatReply, ChatRequest, ChatUsage } from "../port.ts";
import { checkRequest, defaultMaxOutputTokens, defaultTimeoutMs } from "../request.ts";
import { boundedFetch } from "./bounded-fetch.ts";
import { llmError } from "./failure.ts";
import { backends, loadModel } from "./load.ts";
import type { AiModelOptions, TokenPrices } from "./options.ts";

const defaultMaxBytes = 8 * 1024 * 1024;

/**
 * A model behind the AI SDK. Nothing is loaded, read or sent before the first call; the key is asked for at each call
 * and kept nowhere.
 */
export function createAiModel(options: AiModelOptions): ChatModel {
  const { backend, model, prices, timeoutMs = defaultTimeoutMs, maxBytes = defaultMaxBytes } = options;
  const id = `${backend}:${model}`;
  return {
    id,
    async complete(request, call = {}) {
      checkRequest(id, request);
      const apiKey = keyOf(options);
      const asked = { model: id, keyName: keyNameOf(options), key: apiKey };
      return await bounded({ model: id, timeoutMs, ...call }, async (signal) => {
        try {
          const send = boundedFetch(options.fetch ?? fetch, { model: id, maxBytes });
          const loaded = await loadModel(backend, { model, apiKey, baseURL: options.apiBase, fetch: send });
          return await generate(loaded, request, { signal, prices });
        } catch (error) {
          throw llmError(error, asked);
        }
      });
    },
  };
}

/** What keeps a model from being asked, its key or a package; loads what is there and sends nothing. */
export async function checkAiModel(options: AiModelOptions): Promise<ParleyError | undefined> {
  const { backend, model, apiBase: baseURL, fetch: send = fetch } = options;
  try {
    await loadModel(backend, { model, apiKey: keyOf(options), baseURL, fetch: send });
    return undefined;
  } catch (error) {
    return toParleyError(error, "E_LLM_DRIVER");
  }
}

const keyNameOf = ({ backend, keyName }: AiModelOptions): string => keyName ?? backends[backend].keyName;

/** The key for one call. A base of one's own, such as a server on this machine, may do without. */
function keyOf(options: AiModelOptions): string {
  const { backend, model, apiKey, apiBase } = options;
  const key = typeof apiKey === "function" ? apiKey() : apiKey;
  if (key !== undefined && key !== "") return key;
  if (apiBase !== undefined) return "none";
  throw new ParleyError("E_LLM_KEY", `The model ${backend}:${model} needs a key; set ${keyNameOf(options)}.`);
}

interface Generating {
  readonly signal: AbortSignal;
  readonly prices: TokenPrices | undefined;
}

async function generate(
  { ai, model }: Awaited<ReturnType<typeof loadModel>>,
  request: ChatRequest,
  { signal, prices }: Generating,
): Promise<ChatReply> {
  const tools: ToolSet = Object.fromEntries(
    (request.tools ?? []).map(({ name, description, inputSchema }) => [
      name,
      ai.tool({
        ...(description === undefined ? {} : { description }),
        inputSchema: ai.jsonSchema(inputSchema),
      }),
    ]),
  );
  const answer = await ai.generateText({
    model,
    messages: request.messages.map(toModelMessage),
    maxOutputTokens: request.maxOutputTokens ?? defaultMaxOutputTokens,
    maxRetries: 0,
    abortSignal: signal,
    ...(request.system === undefined ? {} : { system: request.system }),
    ...(request.temperature === undefined ? {} : { temperature: request.temperature }),
    ...(request.tools === undefined || request.tools.length === 0 ? {} : { tools }),
  });
  const { inputTokens, outputTokens } = answer.usage;
  return {
    text: answer.text,
    toolCalls: answer.toolCalls.map(({ toolCallId, toolName, input }) => ({
      id: toolCallId,
      name: toolName,
      arguments: isRecord(input) ? input : {},
    })),
    stop: stopOf(answer.finishReason),
    usage: priced({ inputTokens, outputTokens }, prices),
  };
}

function toModelMessage(message: ChatMessage): ModelMessage {
  if (message.role === "user") return { role: "user", content: message.content };
  if (message.role === "tool") {
    const { toolCallId, toolName, content: value, isError } = message;
    const output = { type: isError === true ? "error-text" : "text", value } as const;
    return { role: "tool", content: [{ type: "tool-result", toolCallId, toolName, output }] };
  }
  const calls = (message.toolCalls ?? []).map(
    ({ id, name, arguments: input }) =>
      ({ type: "tool-call", toolCallId: id, toolName: name, input }) as const,
  );
  const text = message.content === "" ? [] : [{ type: "text", text: message.content } as const];
  return { role: "assistant", content: [...text, ...calls] };
}

function stopOf(reason: string): ChatReply["stop"] {
  if (reason === "stop") return "end";
  if (reason === "tool-calls") return "tools";
  if (reason === "length") return "length";
  return reason === "content-filter" ? "filtered" : "other";
}

function priced(usage: ChatUsage, prices: TokenPrices | undefined): ChatUsage {
  const { inputTokens, outputTokens } = usage;
  if (prices === undefined || inputTokens === undefined || outputTokens === undefined) return usage;
  const { inputUsdPerMillion, outputUsdPerMillion } = prices;
  return {
    ...usage,
    costUsd: (inputTokens * inputUsdPerMillion + outputTokens * outputUsdPerMillion) / 1_000_000,
  };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
