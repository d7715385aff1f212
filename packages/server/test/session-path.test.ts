import { setTimeout as sleep } from "node:timers/promises";
import { ask, toolResult } from "@parley/tool-registry";
import type { Tool } from "@parley/tool-registry";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ParleyServer } from "@parley/server";
import { connections } from "./_asking.ts";
import { gate, inject, oldClient, registryOf, testServer, testTools } from "./support.ts";

/** A tool of another server, as gateways and hubs serve it. */
function remote(name: string, call: Tool["call"]): Tool {
  return { name, description: name, inputSchema: { type: "object" }, passThrough: true, call };
}

const form = { type: "object", properties: { who: { type: "string" } } };

const remotes = (): Tool[] => testTools().map((tool) => ({ ...tool, passThrough: true }));

const base = {
  "content-type": "application/json",
  accept: "application/json, text/event-stream",
  "mcp-protocol-version": "2025-06-18",
};

/** A session with a server. */
async function opened(server: ParleyServer) {
  const params = {
    protocolVersion: "2025-06-18",
    capabilities: {},
    clientInfo: { name: "raw", version: "1" },
  };
  const payload = { jsonrpc: "2.0", id: 0, method: "initialize", params };
  const hello = await inject(server, { headers: base, payload });
  const headers = { ...base, "mcp-session-id": String(hello.headers["mcp-session-id"]) };
  return (message: object) => inject(server, { headers, payload: { jsonrpc: "2.0", ...message } });
}

async function answered(send: Awaited<ReturnType<typeof opened>>, message: object) {
  const { statusCode, headers, body } = await send(message);
  const streamed = String(headers["content-type"]).startsWith("text/event-stream");
  const text = streamed ? (body.match(/(?<=^data: )\{.*/gm)?.at(-1) ?? "") : body;
  return { streamed, status: statusCode, body: JSON.parse(text) };
}

async function pair() {
  const registry = (): ReturnType<typeof registryOf> => registryOf(remotes());
  return {
    thin: await opened(testServer({ registry: registry() })),
    sdk: await opened(testServer({ registry: registry(), fastPath: false })),
  };
}

describe("[GTW-131] a session's calls without the SDK", () => {
  it("are answered as the SDK answers them, whatever the tool, arguments, metadata and id", async () => {
    const { thin, sdk } = await pair();
    const names = [...remotes().map(({ name }) => name), "none"].filter((name) => name !== "bad_block");
    const shape = fc.record({
      name: fc.constantFrom(...names),
      args: fc.option(fc.dictionary(fc.string(), fc.jsonValue()), { nil: undefined }),
      meta: fc.option(fc.dictionary(fc.constantFrom("traceparent", "a/b"), fc.jsonValue()), {
        nil: undefined,
      }),
      id: fc.oneof(fc.string(), fc.integer()),
    });
    await fc.assert(
      fc.asyncProperty(shape, async ({ name, args, meta, id }) => {
        const params = { name, arguments: args, ...(meta === undefined ? {} : { _meta: meta }) };
        const message = JSON.parse(JSON.stringify({ id, method: "tools/call", params }));
        const [left, right] = await Promise.all([answered(thin, message), answered(sdk, message)]);
        expect(left.body).toEqual(right.body);
        expect(left.status).toBe(right.status);
      }),
      { numRuns: 60 },
    );
    const plain = await answered(thin, {
      id: 1,
      method: "tools/call",
      params: { name: "odd", arguments: {} },
    });
    expect(plain.streamed).toBe(false);
    const list = { id: 2, method: "tools/list", params: {} };
    expect((await answered(thin, list)).body).toEqual((await answered(sdk, list)).body);
  });

  it("become a stream when they report or say something first, in the order it was said", async () => {
    const registry = registryOf([
      ...remotes(),
      remote("says", async (_args, context) => {
        context.log("warning", "careful");
        return toolResult({ text: "said" });
      }),
    ]);
    const send = await opened(testServer({ registry }));
    const counted = await send({
      id: 1,
      method: "tools/call",
      params: { name: "counts", arguments: {}, _meta: { progressToken: "p" } },
    });
    const events = counted.body.match(/(?<=^data: )\{.*/gm) ?? [];
    expect(events.map((event) => JSON.parse(event).params?.progress)).toEqual([0, 50, 100, undefined]);
    const silent = await answered(send, {
      id: 2,
      method: "tools/call",
      params: { name: "counts", arguments: {} },
    });
    expect(silent).toMatchObject({ streamed: false, body: { result: { content: [{ text: "done" }] } } });
    const said = await send({ id: 3, method: "tools/call", params: { name: "says", arguments: {} } });
    expect(said.body.indexOf("careful")).toBeGreaterThan(0);
    expect(said.body.indexOf("careful")).toBeLessThan(said.body.indexOf('"said"'));
  });

  it("become a stream that can be resumed when they take long, and run once", async () => {
    let runs = 0;
    const slow = remote("slow", async () => {
      runs += 1;
      await sleep(400);
      return toolResult({ text: "late" });
    });
    const send = await opened(testServer({ registry: registryOf([slow]) }));
    const call = { id: 1, method: "tools/call", params: { name: "slow", arguments: {} } };
    const { headers, body } = await send(call);
    expect(headers["content-type"]).toMatch("text/event-stream");
    expect(body).toMatch(/^id: .+/m);
    expect(body).toContain("late");
    expect(runs).toBe(1);
  });

  it("are cancelled at once", async () => {
    const running = gate();
    const aborted = gate();
    const waits = remote("waits", async (_args, { signal }) => {
      signal.addEventListener("abort", () => aborted.open());
      running.open();
      await aborted.opened;
      return toolResult({ text: "too late" });
    });
    const server = testServer({ registry: registryOf([waits]) });
    const { url } = await server.listen();
    const client = await oldClient(url);
    const leave = new AbortController();
    const call = client.callTool({ name: "waits", arguments: {} }, undefined, { signal: leave.signal });
    const outcome = call.catch((error: unknown) => error);
    await running.opened;
    leave.abort(new Error("enough"));
    await aborted.opened;
    expect(await outcome).toBeInstanceOf(Error);
  });

  it.each(connections.filter(([name]) => name.includes("HTTP")))(
    "ask their client: %s",
    async (_name, connect) => {
      let first = 0;
      const asks = remote("asks", async (_args, context) => {
        await context.once("begun", async () => (first += 1));
        const answer = await context.input({ name: ask.form({ message: "Who?", schema: form }) });
        return toolResult({ text: JSON.stringify(answer.name) });
      });
      const client = await connect(registryOf([asks]), {
        form: () => ({ action: "accept", content: { who: "me" } }),
      });
      const { content } = await client.call("asks");
      expect(JSON.stringify(content)).toContain("me");
      expect([first, client.asked.length]).toEqual([1, 1]);
    },
  );

  it("end with their session", async () => {
    const running = gate();
    const aborted = gate();
    const waits = remote("waits", async (_args, { signal }) => {
      signal.addEventListener("abort", () => aborted.open());
      running.open();
      await aborted.opened;
      return toolResult({ text: "too late" });
    });
    const server = testServer({ registry: registryOf([waits]) });
    const send = await opened(server);
    const call = send({ id: 1, method: "tools/call", params: { name: "waits", arguments: {} } });
    await running.opened;
    await server.close();
    await expect(aborted.opened).resolves.toBeUndefined();
    await call;
  });
});
