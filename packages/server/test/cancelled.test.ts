import { defineTool, type Tool, toolResult } from "@parley/tool-registry";
import { describe, expect, it, vi } from "vitest";
import { z } from "zod";
import { inject, oldClient, registryOf, testServer } from "./support.ts";

/** Waits until it is aborted, then as long again as nobody lets it go. */
function endless() {
  let started = 0;
  const wait = async (signal: AbortSignal): Promise<void> => {
    started += 1;
    await new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
  };
  const own = defineTool({
    name: "own",
    description: "Waits.",
    input: z.object({}),
    handler: async (_args, { signal }) => {
      await wait(signal);
      return "too late";
    },
  });
  const remote: Tool = {
    name: "remote",
    description: "Waits.",
    inputSchema: { type: "object" },
    passThrough: true,
    call: async (_args, { signal }) => {
      await wait(signal);
      return toolResult({ text: "too late" });
    },
  };
  return { tools: [own, remote], started: () => started };
}

const json = { "content-type": "application/json", accept: "application/json, text/event-stream" };

/** A server with one session of a revision, as bare requests. */
async function opened(revision: string) {
  const tools = endless();
  const server = testServer({ registry: registryOf(tools.tools), maxSessions: 1 });
  const base = { ...json, "mcp-protocol-version": revision };
  const params = { protocolVersion: revision, capabilities: {}, clientInfo: { name: "raw", version: "1" } };
  const payload = { jsonrpc: "2.0", id: "hello", method: "initialize", params };
  const hello = await inject(server, { headers: base, payload });
  const headers = { ...base, "mcp-session-id": String(hello.headers["mcp-session-id"]) };
  const send = (message: object) => inject(server, { headers, payload: message });
  const call = (id: number, name: string) =>
    send({ jsonrpc: "2.0", id, method: "tools/call", params: { name, arguments: {} } });
  const cancel = (requestId: number) =>
    send({ jsonrpc: "2.0", method: "notifications/cancelled", params: { requestId } });
  const resume = (lastEventId: string) =>
    server.app.inject({
      method: "GET",
      url: "/mcp",
      headers: { ...headers, "last-event-id": lastEventId },
    });
  return { server, tools, send, call, cancel, resume };
}

describe("[CONF-15] a cancelled request of the 2025 revisions", () => {
  it.each(["own", "remote"])(
    "ends its stream without an answer, and nobody is to resume it: %s",
    async (name) => {
      const { tools, call, cancel, resume } = await opened("2025-11-25");
      const answer = call(1, name);
      await vi.waitFor(() => expect(tools.started()).toBe(1));
      expect((await cancel(1)).statusCode).toBe(202);
      const { body } = await answer;
      expect(body).not.toContain("jsonrpc");
      const lastEventId = /^id: (.+)$/m.exec(body)?.[1] ?? "";
      expect((await resume(lastEventId)).statusCode).toBe(204);
    },
  );

  it("leaves nothing behind, hundreds of times", async () => {
    const { server, tools, call, cancel } = await opened("2025-06-18");
    for (let first = 1; first <= 400; first += 100) {
      const ids = Array.from({ length: 100 }, (_unused, index) => first + index);
      const answers = ids.map((id) => call(id, id % 2 === 0 ? "own" : "remote"));
      await vi.waitFor(() => expect(tools.started()).toBe(first + 99));
      await Promise.all(ids.map(cancel));
      for (const { body } of await Promise.all(answers)) expect(body).not.toContain("jsonrpc");
    }
    expect(server.activity()).toMatchObject({ runningCalls: 0, sessions: { open: 1 } });
    // A session with an exchange still open does not make room for another.
    const other = {
      protocolVersion: "2025-06-18",
      capabilities: {},
      clientInfo: { name: "b", version: "1" },
    };
    await inject(server, {
      headers: json,
      payload: { jsonrpc: "2.0", id: 0, method: "initialize", params: other },
    });
    expect((await call(5000, "own")).statusCode).toBe(404);
  });

  it("of a batch lets the others have their answers", async () => {
    const { tools, send, cancel } = await opened("2025-03-26");
    const request = (id: number, method: string, params = {}) => ({ jsonrpc: "2.0", id, method, params });
    const answer = send([
      request(1, "tools/call", { name: "own", arguments: {} }),
      request(2, "tools/call", { name: "own", arguments: {} }),
      request(3, "ping"),
    ]);
    await vi.waitFor(() => expect(tools.started()).toBe(2));
    await cancel(1);
    await cancel(2);
    const { body } = await answer;
    expect(body).toContain('"id":3');
    expect(body).not.toContain("too late");
  });

  it("is not asked for again by the official client", async () => {
    const tools = endless();
    const server = testServer({ registry: registryOf(tools.tools) });
    const resumed: unknown[] = [];
    server.app.addHook("onResponse", async (request, reply) => {
      if (request.headers["last-event-id"] !== undefined) resumed.push(reply.raw.statusCode);
    });
    const client = await oldClient((await server.listen()).url);
    const faults: unknown[] = [];
    Object.assign(client, { onerror: (error: unknown) => faults.push(error) });
    const leave = new AbortController();
    const call = client.callTool({ name: "own", arguments: {} }, undefined, { signal: leave.signal });
    const outcome = call.catch(String);
    await vi.waitFor(() => expect(tools.started()).toBe(1));
    leave.abort(new Error("enough"));
    expect(await outcome).toContain("enough");
    await vi.waitFor(() => expect(resumed).toEqual([204]), { timeout: 5000 });
    expect(faults).toEqual([]);
  });
});
