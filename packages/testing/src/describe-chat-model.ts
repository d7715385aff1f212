import type { ChatModel, ChatReply, ChatRequest } from "@parley/llm";
import { describe, expect, it } from "vitest";

/** How to get models that behave as a test wants; each call makes a fresh one. */
export interface ChatModelUnderTest {
  /** A model that answers `request` with that, each time it is asked. */
  readonly says: (reply: Pick<ChatReply, "text" | "toolCalls">, request: ChatRequest) => Promise<ChatModel>;
  /** A model that never answers; absent where answers are always at hand. */
  readonly hangs?: (() => Promise<ChatModel>) | undefined;
}

const question: ChatRequest = { system: "Be short.", messages: [{ role: "user", content: "Ping?" }] };
const pong = { text: "Pong.", toolCalls: [] };
const weather = { id: "call-1", name: "get_weather", arguments: { city: "Bern", days: 2 } };
const inputSchema = {
  type: "object",
  properties: { city: { type: "string" }, days: { type: "integer" } },
  required: ["city"],
};
const withTools: ChatRequest = {
  messages: [{ role: "user", content: "Weather in Bern?" }],
  tools: [{ name: "get_weather", description: "Tells the weather.", inputSchema }],
};

/** The code of the error a call ends with. */
async function codeOf(call: Promise<unknown>): Promise<unknown> {
  return await call.then(
    () => "answered",
    (error: unknown) => (error instanceof Error && "code" in error ? error.code : error),
  );
}

function describeAnswers({ says }: ChatModelUnderTest): void {
  it("answers with text, why it stopped, and what it used", async () => {
    const model = await says(pong, question);
    const reply = await model.complete(question);
    expect(reply).toMatchObject({ text: "Pong.", toolCalls: [], stop: "end" });
    expect(reply.usage).toBeTypeOf("object");
    expect(model.id).not.toBe("");
  });

  it("keeps calls apart", async () => {
    const model = await says(pong, question);
    const replies = await Promise.all(Array.from({ length: 5 }, () => model.complete(question)));
    expect(replies.map(({ text }) => text)).toEqual(Array.from({ length: 5 }, () => "Pong."));
  });

  it("hands out the calls a model wants, with their arguments read", async () => {
    const model = await says({ text: "", toolCalls: [weather] }, withTools);
    const reply = await model.complete(withTools);
    expect(reply).toMatchObject({ stop: "tools", toolCalls: [{ name: "get_weather" }] });
    expect(reply.toolCalls[0]?.arguments).toEqual(weather.arguments);
    expect(reply.toolCalls[0]?.id).toBeTypeOf("string");
  });

  it("goes on after the results of its calls", async () => {
    const { id: toolCallId, name: toolName } = weather;
    const request: ChatRequest = {
      ...withTools,
      messages: [
        ...withTools.messages,
        { role: "assistant", content: "", toolCalls: [weather] },
        { role: "tool", toolCallId, toolName, content: "Rain." },
      ],
    };
    const model = await says(pong, request);
    expect((await model.complete(request)).text).toBe("Pong.");
  });
}

function describeBounds({ says, hangs }: ChatModelUnderTest): void {
  const unusable: readonly (readonly [string, ChatRequest])[] = [
    ["an empty conversation", { messages: [] }],
    ["the model's own last word", { messages: [{ role: "assistant", content: "Hm." }] }],
    ["no room for an answer", { ...question, maxOutputTokens: 0 }],
    ["an impossible temperature", { ...question, temperature: 3 }],
    [
      "two tools of one name",
      { ...withTools, tools: [...(withTools.tools ?? []), ...(withTools.tools ?? [])] },
    ],
    ["a book of questions", { messages: [{ role: "user", content: "x".repeat(4_000_001) }] }],
  ];

  it.each(unusable)("refuses %s", async (_name, request) => {
    const model = await says(pong, question);
    expect(await codeOf(model.complete(request))).toBe("E_ARGUMENT_INVALID");
  });

  it("does not begin for a caller who has gone", async () => {
    const model = await says(pong, question);
    expect(await codeOf(model.complete(question, { signal: AbortSignal.abort() }))).toBe("E_INTERRUPTED");
  });

  it.skipIf(hangs === undefined)("ends when its caller goes", async () => {
    const model = await hangs?.();
    const leaving = new AbortController();
    const asked = codeOf(model?.complete(question, { signal: leaving.signal }) ?? Promise.resolve());
    setTimeout(() => leaving.abort(), 10);
    expect(await asked).toBe("E_INTERRUPTED");
  });

  it.skipIf(hangs === undefined)("ends when its time is over", async () => {
    const model = await hangs?.();
    expect(await codeOf(model?.complete(question, { timeoutMs: 20 }) ?? Promise.resolve())).toBe(
      "E_LLM_TIMEOUT",
    );
  });
}

/** The behaviour every ChatModel has in common. */
export function describeChatModel(name: string, subject: ChatModelUnderTest): void {
  describe(`chat model ${name}`, () => {
    describeAnswers(subject);
    describeBounds(subject);
  });
}
