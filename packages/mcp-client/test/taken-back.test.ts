import type { ServerResponse } from "node:http";
import { createMcpClient } from "@parley/mcp-client";
import type { McpNotification } from "@parley/mcp-client";
import { describe, expect, onTestFinished, test } from "vitest";
import { event, legacy, reply, result, serve } from "./_servers.ts";

const stream = { "content-type": "text/event-stream" };

function later<Value>() {
  let resolve: (value: Value) => void = () => {};
  const promise = new Promise<Value>((done) => (resolve = done));
  return { promise, resolve };
}

const aborted = (signal: AbortSignal) =>
  new Promise<unknown>((resolve) => signal.addEventListener("abort", resolve, { once: true }));

describe("[MCL-33] a request of a legacy peer that the peer takes back", () => {
  test.each(["on the stream of its call", "on the standing stream"])("ends its handler %s", async (where) => {
    const asked = later<AbortSignal>();
    const standing = later<ServerResponse>();
    const heard: McpNotification[] = [];
    const server = await serve(
      legacy(async (seen, response) => {
        if (seen.method === "DELETE") return void response.writeHead(204).end();
        if (seen.body?.method === "ping") return reply(response, 200, result(seen, {}));
        response.writeHead(200, stream);
        if (seen.method === "GET") {
          response.flushHeaders();
          return standing.resolve(response);
        }
        response.write(event({ jsonrpc: "2.0", id: "ask-1", method: "sampling/createMessage", params: {} }));
        const signal = await asked.promise;
        const teller = where.includes("standing") ? await standing.promise : response;
        const params = { requestId: "ask-1", reason: "not needed any more" };
        teller.write(event({ jsonrpc: "2.0", method: "notifications/cancelled", params }));
        await aborted(signal);
        response.end(event(result(seen, { content: [] })));
      }),
    );
    const client = createMcpClient({
      url: server.url,
      timeoutMs: 5000,
      onNotification: (notification) => heard.push(notification),
      handlers: {
        "sampling/createMessage": async (_params, { signal }) => {
          asked.resolve(signal);
          await aborted(signal);
          return { role: "assistant", content: { type: "text", text: "too late" }, model: "m" };
        },
      },
    });
    onTestFinished(async () => {
      await client.close();
      await server.close();
    });
    // While a handler is at work the call has no time-out.
    const signal = AbortSignal.timeout(20_000);
    expect(await client.callTool("t", {}, { signal })).toMatchObject({ content: [] });
    await client.ping();
    expect(server.seen.filter(({ body }) => String(body?.id) === "ask-1")).toEqual([]);
    expect(heard).toEqual([]);
  });
});
