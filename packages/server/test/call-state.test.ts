import { defineTool, type Tool } from "@parley/tool-registry";
import { staticToken, firstOf } from "@parley/server";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { inject, modernRequest, registryOf, testServer } from "./support.ts";

const key = "k".repeat(32);
const canElicit = { "io.modelcontextprotocol/clientCapabilities": { elicitation: {}, sampling: {} } };
const accepted = { action: "accept", content: { ok: true } };
const invalid = {
  code: -32_602,
  message: "Invalid or expired requestState",
  data: { reason: "invalid_request_state" },
};

const input = z.object({ target: z.string().default("a") });

function confirming(name: string, ask: (target: string) => string = (target) => `Remove ${target}?`): Tool {
  return defineTool({
    name,
    description: "Removes after asking.",
    input,
    handler: async ({ target }, context) => {
      const token = await context.once("token", () => `token of ${target}`);
      const answer = await context.elicit({ message: ask(target), schema: z.object({ ok: z.boolean() }) });
      return `${token}: ${answer.action}`;
    },
  });
}

interface Asked {
  readonly inputRequests: Record<string, { params: { message: string } }>;
  readonly requestState: string;
  readonly resultType: string;
}

function serverOf(tools: readonly Tool[], options: Partial<Parameters<typeof testServer>[0]> = {}) {
  return testServer({ registry: registryOf(tools), inputKey: key, ...options });
}

async function post(
  server: ReturnType<typeof testServer>,
  params: Record<string, unknown>,
  headers: Record<string, string> = {},
) {
  const request = modernRequest("tools/call", { name: "removes", arguments: {}, ...params }, canElicit);
  const response = await inject(server, { ...request, headers: { ...request.headers, ...headers } });
  return response.json<{ result: Asked & { content: { text: string }[] }; error?: object }>();
}

const answerTo = ({ inputRequests, requestState }: Asked, answer: object = accepted) => ({
  requestState,
  inputResponses: Object.fromEntries(Object.keys(inputRequests).map((id) => [id, answer])),
});

describe("[CONF-07] the state of a call that asked", () => {
  it("is the same on both paths", async () => {
    const answers = await Promise.all(
      [true, false].map(async (fastPath) => {
        const { result } = await post(serverOf([confirming("removes")], { fastPath }), {});
        return { ...result, requestState: result.requestState.split(".").length };
      }),
    );
    expect(answers[0]).toEqual(answers[1]);
    expect(answers[0]).toMatchObject({ resultType: "input_required", requestState: 3 });
  });

  it("carries what once() made, and the call goes on with it", async () => {
    const server = serverOf([confirming("removes")]);
    const { result } = await post(server, {});
    const { result: done } = await post(server, answerTo(result));
    expect(done.content[0]?.text).toBe("token of a: accept");
  });

  it("is refused once changed, cut, or of nobody's making", async () => {
    const server = serverOf([confirming("removes")]);
    const { result } = await post(server, {});
    const { requestState } = result;
    const [version, body, mac] = requestState.split(".");
    const forged = Buffer.from(JSON.stringify({ p: {}, exp: 9_999_999_999 })).toString("base64url");
    for (const state of [
      `${requestState}x`,
      requestState.slice(0, -2),
      `${version}.${forged}.${mac}`,
      "",
      body,
    ]) {
      const { error } = await post(server, { ...answerTo(result), requestState: state });
      expect(error).toEqual(invalid);
    }
  });

  it("is refused for other arguments, another tool, another caller and another key", async () => {
    const authenticator = firstOf(staticToken("one", { name: "one" }), staticToken("two", { name: "two" }));
    const server = serverOf([confirming("removes"), confirming("other")], { authenticator });
    const one = { authorization: "Bearer one" };
    const { result } = await post(server, {}, one);
    const answer = answerTo(result);
    expect((await post(server, { ...answer, arguments: { target: "b" } }, one)).error).toEqual(invalid);
    expect((await post(server, { ...answer, name: "other" }, { ...one, "mcp-name": "other" })).error).toEqual(
      invalid,
    );
    expect((await post(server, answer, { authorization: "Bearer two" })).error).toEqual(invalid);
    const stranger = serverOf([confirming("removes")], { inputKey: "x".repeat(32) });
    expect((await post(stranger, answer)).error).toEqual(invalid);
    expect((await post(server, answer, one)).result.content[0]?.text).toBe("token of a: accept");
  });

  it("is understood by a second server with the key, and expires", async () => {
    const { result } = await post(serverOf([confirming("removes")]), {});
    const { result: done } = await post(serverOf([confirming("removes")]), answerTo(result));
    expect(done.content[0]?.text).toBe("token of a: accept");
    const hasty = serverOf([confirming("removes")], { inputTtlSeconds: -1 });
    const { result: late } = await post(hasty, {});
    expect((await post(hasty, answerTo(late))).error).toEqual(invalid);
  });

  it("does not let an answer count for a question that has changed", async () => {
    let price = 10;
    const server = serverOf([confirming("removes", () => `Pay ${price}?`)]);
    const { result } = await post(server, {});
    price = 10_000;
    const { result: again } = await post(server, answerTo(result));
    expect(again.resultType).toBe("input_required");
    expect(Object.values(again.inputRequests).map(({ params }) => params.message)).toEqual(["Pay 10000?"]);
  });

  it("takes unasked answers and ignores what is no answer", async () => {
    const server = serverOf([confirming("removes")]);
    const { result } = await post(server, {});
    const [id = ""] = Object.keys(result.inputRequests);
    const inputResponses = { [id]: accepted, constructor: accepted, nobody: 7 };
    expect((await post(server, { inputResponses })).result.content[0]?.text).toBe("token of a: accept");
    for (const answer of [
      12_345,
      null,
      [],
      { action: "maybe" },
      { action: "accept", content: { ok: "yes" } },
    ]) {
      const { result: again } = await post(server, { inputResponses: { [id]: answer } });
      expect(again.resultType).toBe("input_required");
    }
  });

  it("may not grow without bound", async () => {
    const hoarder = defineTool({
      name: "removes",
      description: "Keeps too much.",
      input,
      handler: async (_args, context) => {
        await context.once("all", () => "x".repeat(300_000));
        return (await context.sample({ prompt: "hi" })).text;
      },
    });
    expect((await post(serverOf([hoarder]), {})).error).toMatchObject({ data: { code: "E_TOOL_FAILED" } });
  });

  it("needs a key of 32 bytes", () => {
    expect(() => serverOf([], { inputKey: "short" })).toThrow(/at least 32/);
  });
});

it("[CONF-03] answers a client that cannot be asked with status 400, on both paths", async () => {
  for (const fastPath of [true, false]) {
    const server = serverOf([confirming("removes")], { fastPath });
    const response = await inject(server, modernRequest("tools/call", { name: "removes", arguments: {} }));
    expect(response.statusCode).toBe(400);
    expect(response.json()).toMatchObject({
      id: 7,
      error: { code: -32_021, data: { requiredCapabilities: { elicitation: { form: {} } } } },
    });
  }
});
