import type { ServerResponse } from "node:http";
import { createMcpClient } from "@parley/mcp-client";
import type { McpClientOptions, McpNotification } from "@parley/mcp-client";
import * as fc from "fast-check";
import { describe, expect, onTestFinished, test } from "vitest";
import { discovery, errorOf, event, legacy, reply, result, serve } from "./_servers.ts";
import type { Handler, Seen } from "./_servers.ts";

const stream = { "content-type": "text/event-stream" };

async function start(handler: Handler, options: Partial<McpClientOptions> = {}) {
  const server = await serve(handler);
  const client = createMcpClient({ url: server.url, timeoutMs: 5000, ...options });
  onTestFinished(async () => {
    await client.close();
    await server.close();
  });
  return { server, client };
}

describe("[MCL-08] a stream of a legacy peer that ends before the answer", () => {
  test("is taken up where it ended, after the wait the peer asks for", async () => {
    let calledAt = 0;
    const { server, client } = await start(
      legacy((seen, response) => {
        if (seen.method === "DELETE") {
          response.writeHead(204).end();
          return;
        }
        if (seen.method === "POST") {
          calledAt = performance.now();
          response.writeHead(200, stream).end("retry: 300\nid: e-1\ndata:\n\n");
          return;
        }
        const { id } = server.seen.find(({ body }) => body?.method === "tools/call")?.body ?? {};
        response
          .writeHead(200, stream)
          .end(`id: e-2\n${event({ jsonrpc: "2.0", id, result: { content: [] } })}`);
      }),
    );
    expect(await client.callTool("t")).toEqual({ content: [] });
    expect(performance.now() - calledAt).toBeGreaterThan(290);
    const resumed = server.seen.find(({ method }) => method === "GET");
    expect(resumed?.headers).toMatchObject({ "last-event-id": "e-1", "mcp-session-id": "s-1" });
  });

  test("is not taken up without an id, nor for ever", async () => {
    const { server, client } = await start(
      legacy((seen, response) => {
        if (seen.method === "DELETE") {
          response.writeHead(204).end();
          return;
        }
        const withId = seen.method === "GET" || seen.body.params["name" as "cursor"] === "id";
        response.writeHead(200, stream).end(withId ? "retry: 10\nid: e-1\ndata:\n\n" : ": nothing\n\n");
      }),
    );
    expect((await errorOf(client.callTool("none"))).message).toContain("before the result");
    expect(server.seen.filter(({ method }) => method === "GET")).toHaveLength(0);
    expect((await errorOf(client.callTool("id"))).message).toContain("before the result");
    expect(server.seen.filter(({ method }) => method === "GET").length).toBeLessThan(8);
  });
});

describe("[MCL-09] the standing stream of a legacy peer", () => {
  test("is opened for whoever listens, again when it ends, and closed with the session", async () => {
    const told: McpNotification[] = [];
    let streams = 0;
    const { server, client } = await start(
      legacy((seen, response) => {
        if (seen.method === "DELETE") return void response.writeHead(204).end();
        if (seen.method === "POST") return reply(response, 200, result(seen, { tools: [] }));
        streams += 1;
        response.writeHead(200, stream);
        response.write(
          `retry: 20\nid: n-${streams}\n${event({ jsonrpc: "2.0", method: "notifications/x", params: { streams } })}`,
        );
        if (streams === 1) response.end();
      }),
      { onNotification: (notification) => void told.push(notification) },
    );
    await client.listTools();
    await expect.poll(() => told).toHaveLength(2);
    expect(told[1]).toEqual({ method: "notifications/x", params: { streams: 2 } });
    expect(server.seen.filter(({ method }) => method === "GET")[1]?.headers["last-event-id"]).toBe("n-1");
    await client.close();
    expect(server.seen.at(-1)).toMatchObject({ method: "DELETE", headers: { "mcp-session-id": "s-1" } });
  });

  test("brings requests of the peer, whose answers are posted", async () => {
    const answers: unknown[] = [];
    let push: ServerResponse | undefined;
    const { client } = await start(
      (seen, response) => {
        const body: unknown = seen.body;
        if (seen.method === "POST" && typeof body === "object" && body !== null && !("method" in body)) {
          answers.push(body);
          return void response.writeHead(202).end();
        }
        return legacy((each, answer) => {
          if (each.method === "DELETE") return void answer.writeHead(204).end();
          if (each.method === "POST") return reply(answer, 200, result(each, { tools: [] }));
          push = answer.writeHead(200, stream);
          push.write(": open\n\n");
        })(seen, response);
      },
      { handlers: { "roots/list": () => ({ roots: [] }) } },
    );
    await client.listTools();
    await expect.poll(() => push).toBeDefined();
    for (const [id, method] of ["roots/list", "ping", "sampling/createMessage"].entries())
      push?.write(event({ jsonrpc: "2.0", id, method }));
    await expect.poll(() => answers).toHaveLength(3);
    expect(answers).toEqual(
      expect.arrayContaining([
        { jsonrpc: "2.0", id: 0, result: { roots: [] } },
        { jsonrpc: "2.0", id: 1, result: {} },
        { jsonrpc: "2.0", id: 2, error: { code: -32_601, message: expect.any(String) } },
      ]),
    );
  });
});

/** A modern server whose `subscriptions/listen` streams a test holds in its hands. */
function listening(handler: Handler, capabilities: object = { tools: { listChanged: true }, resources: {} }) {
  const streams: { seen: Seen; response: ServerResponse }[] = [];
  const serving: Handler = (seen, response) => {
    const { id, method } = seen.body;
    if (method === "server/discover")
      return reply(response, 200, { jsonrpc: "2.0", id, result: { ...discovery, capabilities } });
    if (method !== "subscriptions/listen") return handler(seen, response);
    response.writeHead(200, stream);
    response.write(event({ jsonrpc: "2.0", method: "notifications/subscriptions/acknowledged", params: {} }));
    streams.push({ seen, response });
  };
  return { streams, serving };
}

describe("[MCL-10] what a modern peer tells of", () => {
  test("is asked for by one stream, which is opened again when it ends", async () => {
    const told: string[] = [];
    const { streams, serving } = listening((seen, response) =>
      reply(response, 200, result(seen, { tools: [] })),
    );
    const { client } = await start(serving, { onNotification: ({ method }) => void told.push(method) });
    await client.listTools();
    await expect.poll(() => streams).toHaveLength(1);
    expect(streams[0]?.seen.body.params).toMatchObject({ notifications: { toolsListChanged: true } });
    const changed = event({ jsonrpc: "2.0", method: "notifications/tools/list_changed", params: {} });
    streams[0]?.response.write(changed);
    await expect.poll(() => told).toEqual(["notifications/tools/list_changed"]);
    streams[0]?.response.end();
    await expect.poll(() => streams, { timeout: 4000 }).toHaveLength(2);
    streams[1]?.response.write(changed);
    await expect.poll(() => told).toHaveLength(2);
  });

  test("grows and shrinks with the resources subscribed to, without a gap", async () => {
    const { streams, serving } = listening((seen, response) => reply(response, 200, result(seen, {})));
    const { client } = await start(serving);
    await client.subscribeResource("x://a");
    await client.subscribeResource("x://b");
    await client.unsubscribeResource("x://a");
    expect(streams.map(({ seen }) => seen.body.params)).toMatchObject([
      { notifications: { resourceSubscriptions: ["x://a"] } },
      { notifications: { resourceSubscriptions: ["x://a", "x://b"] } },
      { notifications: { resourceSubscriptions: ["x://b"] } },
    ]);
    await expect.poll(() => streams.map(({ response }) => response.destroyed)).toEqual([true, true, false]);
    await client.unsubscribeResource("x://b");
    await expect.poll(() => streams.map(({ response }) => response.destroyed)).toEqual([true, true, true]);
  });

  test("goes on where a further resource is refused, which is asked for once", async () => {
    const refusing = listening((seen, response) => reply(response, 200, result(seen, {})));
    let refused = 0;
    const { client } = await start((seen, response) => {
      const asksForGone = JSON.stringify(seen.body.params).includes("x://gone");
      if (seen.body.method !== "subscriptions/listen" || !asksForGone)
        return refusing.serving(seen, response);
      refused += 1;
      const error = { code: -32_602, message: "Resource not found: x://gone" };
      return reply(response, 200, { jsonrpc: "2.0", id: seen.body.id, error });
    });
    await client.subscribeResource("x://a");
    await expect(client.subscribeResource("x://gone")).rejects.toThrow(/Resource not found/);
    await new Promise((resolve) => setTimeout(resolve, 700));
    expect(refused).toBe(1);
    expect(refusing.streams.map(({ response }) => response.destroyed)).toEqual([false]);
    await client.subscribeResource("x://b");
    expect(refusing.streams.at(-1)?.seen.body.params).toMatchObject({
      notifications: { resourceSubscriptions: ["x://a", "x://b"] },
    });
    await expect
      .poll(() => refusing.streams.map(({ response }) => response.destroyed))
      .toEqual([true, false]);
  });

  test("is logged at the level asked for", async () => {
    const { server, client } = await start(
      listening((seen, response) => reply(response, 200, result(seen, { tools: [] }))).serving,
    );
    await client.setLogLevel("warning");
    await client.listTools();
    expect(server.seen.at(-1)?.body.params._meta).toMatchObject({
      "io.modelcontextprotocol/logLevel": "warning",
    });
  });
});

test("[MCL-11] a stream says the same however it is cut", async () => {
  let cuts: number[] = [];
  const { client } = await start(
    async (seen, response) => {
      const whole = Buffer.from(
        `: c\r\nretry: 5\r\n\r\n${event({ jsonrpc: "2.0", method: "notifications/m", params: { é: "ß" } })}` +
          `data: {"jsonrpc":"2.0",\ndata: "id":${seen.body.id},"result":{"content":["ü"]}}\n\n`,
      );
      response.writeHead(200, stream);
      let from = 0;
      for (const cut of [...cuts.toSorted((a, b) => a - b), whole.length]) {
        response.write(whole.subarray(from, cut));
        from = Math.max(from, Math.min(cut, whole.length));
        await new Promise((resolve) => setImmediate(resolve));
      }
      response.end();
    },
    { era: "modern" },
  );
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat(220), { maxLength: 6 }), async (places) => {
      cuts = places;
      expect(await client.callTool("t")).toEqual({ content: ["ü"] });
    }),
    { numRuns: 40 },
  );
});
