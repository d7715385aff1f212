/** One turn of a conversation. */
export type ChatMessage =
  | { readonly role: "user"; readonly content: string }
  | {
      readonly role: "assistant";
      readonly content: string;
      readonly toolCalls?: readonly ChatToolCall[] | undefined;
    }
  | {
      readonly role: "tool";
      readonly toolCallId: string;
      readonly toolName: string;
      readonly content: string;
      readonly isError?: boolean | undefined;
    };

/** A call that a model wants made; the arguments are what it wrote, unchecked. */
export interface ChatToolCall {
  readonly id: string;
  readonly name: string;
  readonly arguments: Readonly<Record<string, unknown>>;
}

/** A tool a model may ask for. */
export interface ChatTool {
  readonly name: string;
  readonly description?: string | undefined;
  /** JSON Schema. */
  readonly inputSchema: Readonly<Record<string, unknown>>;
}

/** What a model is asked. */
export interface ChatRequest {
  /** Instructions that stand above the conversation. */
  readonly system?: string | undefined;
  readonly messages: readonly ChatMessage[];
  readonly tools?: readonly ChatTool[] | undefined;
  /** The most tokens of an answer. Default 4096. */
  readonly maxOutputTokens?: number | undefined;
  /** 0 to 2; the provider's default when absent. */
  readonly temperature?: number | undefined;
}

/** How one call is bounded. */
export interface ChatOptions {
  readonly signal?: AbortSignal | undefined;
  /** Default: the model's, 60,000. */
  readonly timeoutMs?: number | undefined;
}

/** What a call consumed; absent is unknown. */
export interface ChatUsage {
  readonly inputTokens?: number | undefined;
  readonly outputTokens?: number | undefined;
  /** By the prices the model was given. */
  readonly costUsd?: number | undefined;
}

/** What a model said. */
export interface ChatReply {
  readonly text: string;
  readonly toolCalls: readonly ChatToolCall[];
  /** `length`: the answer was cut at `maxOutputTokens`; `filtered`: the provider kept it back. */
  readonly stop: "end" | "tools" | "length" | "filtered" | "other";
  readonly usage: ChatUsage;
}

/**
 * A model that answers a conversation. It keeps nothing between calls, and makes no calls itself: tools are the caller's
 * business. Answers are untrusted text.
 * @throws {@link ParleyError} `E_LLM_KEY`, `E_LLM_RATE_LIMITED` (`retryAfterMs` in details), `E_LLM_UNREACHABLE`,
 * `E_LLM_TIMEOUT`, `E_LLM_REFUSED`, `E_LLM_OUTPUT`, `E_LLM_DRIVER`, `E_LLM_RECORDING`, `E_ARGUMENT_INVALID`, `E_INTERRUPTED`.
 */
export interface ChatModel {
  /** Provider and model, such as `openai:gpt-5`; says who made an answer. */
  readonly id: string;
  complete(request: ChatRequest, options?: ChatOptions): Promise<ChatReply>;
}
