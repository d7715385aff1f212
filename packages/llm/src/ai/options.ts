/** Which provider speaks; `openai` is anything with its chat completions, local servers too. */
export type AiBackend = "openai" | "gemini" | "anthropic";

/** What tokens cost, in USD for a million. */
export interface TokenPrices {
  readonly inputUsdPerMillion: number;
  readonly outputUsdPerMillion: number;
}

/** Options of {@link createAiModel}. */
export interface AiModelOptions {
  readonly backend: AiBackend;
  /** The provider's name of the model. */
  readonly model: string;
  /** Default: the provider's own. */
  readonly apiBase?: string | undefined;
  /** Asked at each call; a server on this machine may need none. */
  readonly apiKey?: string | (() => string | undefined) | undefined;
  /** What a message calls the key, such as `OPENAI_API_KEY`. */
  readonly keyName?: string | undefined;
  /** Absent: the cost is unknown. */
  readonly prices?: TokenPrices | undefined;
  /** Default 60,000. */
  readonly timeoutMs?: number | undefined;
  /** The most bytes of an answer's body. Default 8 MiB. */
  readonly maxBytes?: number | undefined;
  /** Seam for tests and proxies. */
  readonly fetch?: typeof fetch | undefined;
}
