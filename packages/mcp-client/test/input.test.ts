import { createMcpClient } from "@parley/mcp-client";
import type { McpClientOptions } from "@parley/mcp-client";
import { describe, expect, onTestFinished, test } from "vitest";
import { errorOf, reply, result, serveModern } from "./_servers.ts";
import type { Handler, Seen } from "./_servers.ts";

async function start(handler: Handler, options: Partial<McpClientOptions> = {}) {
  const server = await serveModern(handler);
  const client = createMcpClient({ url: server.url, timeoutMs: 5000, ...options });
  onTestFinished(async () => {
    await client.close();
    await server.close();
  });
  return { server, client };
}

const needed = (seen: Seen, more: object): object => result(seen, { resultType: "input_required", ...more });
const elicit = (properties: object): object => ({
  method: "elicitation/create",
  params: { message: "?", requestedSchema: { type: "object", properties } },
});
const paramsOf = (seen: Seen | undefined): Record<string, unknown> => ({ ...seen?.body.params });

describe("[MCL-06] a modern peer that asks for input", () => {
  test("gets the answers and its own state back until it is complete", async () => {
    const { server, client } = await start(
      (seen, response) => {
        const { requestState } = paramsOf(seen);
        if (requestState === undefined)
          return reply(
            response,
            200,
            needed(seen, { requestState: "a", inputRequests: { who: elicit({}), what: elicit({}) } }),
          );
        if (requestState === "a") return reply(response, 200, needed(seen, { requestState: "b" }));
        reply(response, 200, result(seen, { content: [] }));
      },
      { handlers: { "elicitation/create": () => ({ action: "accept", content: { x: 1 } }) } },
    );
    expect(await client.callTool("t", { a: 1 })).toMatchObject({ resultType: "complete" });
    const [, first, second, third] = server.seen;
    expect(paramsOf(first)).toMatchObject({ name: "t", arguments: { a: 1 } });
    expect(paramsOf(first)["_meta"]).toMatchObject({
      "io.modelcontextprotocol/clientCapabilities": { elicitation: { form: {} } },
    });
    const answer = { action: "accept", content: { x: 1 } };
    expect(paramsOf(second)).toMatchObject({
      requestState: "a",
      inputResponses: { who: answer, what: answer },
    });
    expect(paramsOf(third)).toMatchObject({ name: "t", requestState: "b" });
    expect(paramsOf(third)).not.toHaveProperty("inputResponses");
    expect(new Set(server.seen.map(({ body }) => body.id)).size).toBe(server.seen.length);
  });

  test("gets the defaults of a form that was accepted, and of none other", async () => {
    const schema = {
      s: { type: "string", default: "d" },
      n: { type: "integer", default: 3 },
      b: { type: "boolean" },
    };
    const actions = ["accept", "decline"];
    const { server, client } = await start(
      (seen, response) =>
        reply(
          response,
          200,
          paramsOf(seen)["inputResponses"]
            ? result(seen, {})
            : needed(seen, { inputRequests: { f: elicit(schema) } }),
        ),
      { handlers: { "elicitation/create": () => ({ action: actions.shift(), content: { n: 4 } }) } },
    );
    await client.callTool("t");
    await client.callTool("t");
    const given = server.seen.flatMap((seen) => paramsOf(seen)["inputResponses"] ?? []);
    expect(given).toEqual([
      { f: { action: "accept", content: { s: "d", n: 4 } } },
      { f: { action: "decline", content: { n: 4 } } },
    ]);
  });

  test("is told by an error when nobody answers, and when it asks without end", async () => {
    const { client } = await start((seen, response) =>
      reply(response, 200, needed(seen, { inputRequests: { who: elicit({}) } })),
    );
    expect((await errorOf(client.callTool("t"))).message).toContain("pass a handler");
    const handlers = { "elicitation/create": () => ({ action: "decline" }) };
    expect((await errorOf(client.callTool("t", {}, { handlers }))).message).toContain("more than 16 times");
    const raw = await client.callTool("t", {}, { inputRequired: "return" });
    expect(raw).toMatchObject({ resultType: "input_required", inputRequests: { who: {} } });
  });

  test("does not use up the call's time while a person thinks", async () => {
    const { client } = await start(
      (seen, response) =>
        reply(
          response,
          200,
          paramsOf(seen)["inputResponses"]
            ? result(seen, {})
            : needed(seen, { inputRequests: { f: elicit({}) } }),
        ),
      {
        timeoutMs: 300,
        handlers: {
          "elicitation/create": async () => {
            await new Promise((resolve) => setTimeout(resolve, 700));
            return { action: "decline" };
          },
        },
      },
    );
    expect(await client.callTool("t")).toMatchObject({ resultType: "complete" });
  });

  test("hears of the handlers of one call in that call only", async () => {
    const { server, client } = await start((seen, response) => reply(response, 200, result(seen, {})));
    await client.callTool(
      "t",
      {},
      { handlers: { "roots/list": () => ({ roots: [] }) }, meta: { traceparent: "00-1" } },
    );
    await client.callTool("t");
    const metas = server.seen.slice(1).map((seen) => paramsOf(seen)["_meta"]);
    expect(metas).toEqual([
      expect.objectContaining({
        traceparent: "00-1",
        "io.modelcontextprotocol/clientCapabilities": { roots: { listChanged: true } },
      }),
      expect.objectContaining({ "io.modelcontextprotocol/clientCapabilities": {} }),
    ]);
  });
});
