import { ParleyError } from "@parley/core";
import { type AiBackend, createAiModel } from "@parley/llm/ai";
import { describe, expect, it } from "vitest";
import { options, provider, refusing } from "./_wire.ts";

const backends: readonly AiBackend[] = ["openai", "gemini", "anthropic"];
const question = { messages: [{ role: "user", content: "Ping?" }] } as const;
const pong = { text: "Pong.", toolCalls: [] };

async function failure(call: Promise<unknown>): Promise<ParleyError> {
  const error = await call.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (ParleyError.isInstance(error)) return error;
  throw new Error("no error of ours", { cause: error });
}

describe.each(backends)("[ORC-02] %s through the AI SDK", (backend) => {
  it("counts tokens and what they cost", async () => {
    const prices = { inputUsdPerMillion: 1, outputUsdPerMillion: 10 };
    const model = createAiModel({ ...options(backend, provider(backend, pong).fetch), prices });
    const { usage } = await model.complete(question);
    expect(usage).toMatchObject({ inputTokens: 11, outputTokens: 3 });
    expect(usage.costUsd).toBeCloseTo(41 / 1_000_000, 12);
  });

  it("reads the key at each call and sends it nowhere but to the base it was given", async () => {
    const { fetch, sent } = provider(backend, pong);
    const keys = ["first-key", "second-key"];
    const apiBase = "http://127.0.0.1:9/v9";
    const model = createAiModel({ ...options(backend, fetch), apiBase, apiKey: () => keys.shift() });
    await model.complete(question);
    await model.complete(question);
    expect(sent.map(({ url }) => url.startsWith(apiBase))).toEqual([true, true]);
    expect(sent.map(({ headers }) => JSON.stringify([...headers]))).toEqual([
      expect.stringContaining("first-key"),
      expect.stringContaining("second-key"),
    ]);
    expect(JSON.stringify(sent.map(({ body }) => body))).not.toContain("-key");
  });

  it("names the variable of a key that is not there", async () => {
    const model = createAiModel({ backend, model: "m", fetch: provider(backend, pong).fetch });
    const error = await failure(model.complete(question));
    expect(error.code).toBe("E_LLM_KEY");
    expect(error.message).toMatch(/needs a key; set (OPENAI|GEMINI|ANTHROPIC)_API_KEY\.$/);
  });

  it.each([
    [401, "E_LLM_KEY", false],
    [429, "E_LLM_RATE_LIMITED", true],
    [400, "E_LLM_REFUSED", false],
    [503, "E_LLM_UNREACHABLE", true],
  ] as const)("tells a status %i apart, without the key", async (status, code, retryable) => {
    const body = {
      error: { message: "no: sk-very-secret-key", type: "t", code: status, status: "s" },
      type: "error",
    };
    const model = createAiModel(options(backend, refusing(status, body, { "retry-after": "7" })));
    const error = await failure(model.complete(question));
    expect(error).toMatchObject({ code, retryable, details: { status } });
    if (status === 429) expect(error.details["retryAfterMs"]).toBe(7000);
    expect(`${error.message} ${JSON.stringify(error)}`).not.toContain("secret");
  });

  it("says that nobody answers at an address", async () => {
    const model = createAiModel({ ...options(backend, fetch), apiBase: "http://127.0.0.1:1" });
    expect((await failure(model.complete(question))).code).toBe("E_LLM_UNREACHABLE");
  });

  it("ends an answer that grows too large, and reads none that is no JSON", async () => {
    const large: typeof fetch = async () =>
      new Response("x".repeat(10_000), { headers: { "content-type": "application/json" } });
    const bounded = createAiModel({ ...options(backend, large), maxBytes: 1000 });
    expect((await failure(bounded.complete(question))).code).toBe("E_LLM_OUTPUT");
    const odd = createAiModel(options(backend, async () => new Response("<html>")));
    expect((await failure(odd.complete(question))).code).toBe("E_LLM_OUTPUT");
  });
});
