import { request as ask } from "node:http";
import { type CallRecord, type RequestRecord, staticToken } from "@parley/server";
import { defineTool } from "@parley/tool-registry";
import { describe, expect, it, vi } from "vitest";
import { z } from "zod";
import { gate, registryOf, testServer } from "./support.ts";

/** A server with one plain route that calls the tool it names. */
function served(options: Parameters<typeof testServer>[0] = {}) {
  const released = gate<string>();
  const seen: { aborted?: boolean } = {};
  const held = defineTool({
    name: "held",
    description: "Waits.",
    scope: "dispatch",
    task: "optional",
    input: z.object({}),
    async handler(_args, { signal }) {
      const aborted = new Promise<string>((_resolve, reject) => {
        signal.addEventListener("abort", () => {
          seen.aborted = true;
          reject(signal.reason);
        });
      });
      return await Promise.race([released.opened, aborted]);
    },
  });
  const calls: CallRecord[] = [];
  const requests: RequestRecord[] = [];
  const observer = {
    called: (record: CallRecord) => void calls.push(record),
    answered: (record: RequestRecord) => void requests.push(record),
  };
  const server = testServer({ registry: registryOf([held]), observers: [observer], ...options });
  server.app.get("/call/:name", { config: { mcp: true }, schema: { hide: true } }, async (request, reply) => {
    const { name } = z.object({ name: z.string() }).parse(request.params);
    return await server.callTool(reply, name, {});
  });
  return { server, release: released.open, seen, calls, requests };
}

describe("[ADP-03] a route that calls a tool", () => {
  it("does so in the name of its caller, with its scopes, and is told to observers once", async () => {
    const authenticator = staticToken("t", { name: "reader", scopes: new Set(["read"]) });
    const { server, calls, requests } = served({ authenticator });
    const headers = { authorization: "Bearer t" };
    const reply = await server.app.inject({ url: "/call/held", headers });
    expect(reply.statusCode).toBe(403);
    expect(calls).toMatchObject([{ kind: "tool", name: "held", caller: "reader", outcome: "refused" }]);
    expect(requests).toMatchObject([{ isMcp: true }]);
    expect((await server.app.inject({ url: "/call/nothing", headers })).statusCode).toBe(404);
  });

  it("counts among the calls that may run at once, and never leaves its request", async () => {
    const { server, release } = served({ maxCalls: 1, tasks: { taskAfterMs: 1, longCallMs: 1 } });
    const first = server.app.inject({ url: "/call/held" });
    await vi.waitFor(() => expect(server.activity().runningCalls).toBe(1));
    expect((await server.app.inject({ url: "/call/held" })).json()).toMatchObject({
      error: { code: "E_SERVER_BUSY" },
    });
    release("done");
    expect((await first).json()).toMatchObject({ content: [{ text: "done" }] });
  });

  it("ends the call when its caller goes", async () => {
    const { server, seen } = served();
    const { url } = await server.listen({ port: 0 });
    const asked = ask(`${url}/call/held`).on("error", () => undefined);
    asked.end();
    await vi.waitFor(() => expect(server.activity().runningCalls).toBe(1));
    asked.destroy();
    await vi.waitFor(() => expect(seen.aborted).toBe(true));
  });
});
