import { createMemoryDatabase } from "@parley/databases";
import { createHub } from "@parley/fleet";
import { createServer } from "@parley/server";
import { createRegistry, defineTool } from "@parley/tool-registry";
import { expect, onTestFinished, test, vi } from "vitest";
import { z } from "zod";

test("[ACC-18] a hub's routes are among the calls that may run at once", async () => {
  const registry = createRegistry();
  const held: { release: (text: string) => void } = { release: () => undefined };
  const released = new Promise<string>((resolve) => (held.release = resolve));
  registry.addTool(
    defineTool({ name: "waits", description: "Waits.", input: z.object({}), handler: () => released }),
  );
  const hub = createHub({ secret: "potato" }, { registry, database: createMemoryDatabase() });
  onTestFinished(() => hub.close());
  const server = createServer({ name: "hub", version: "1", registry, maxCalls: 1 });
  onTestFinished(() => server.close());
  await server.app.register(hub.plugin);
  await hub.start();
  const call = server.app.inject({
    method: "POST",
    url: "/mcp",
    headers: { accept: "application/json, text/event-stream" },
    payload: { jsonrpc: "2.0", id: 1, method: "tools/call", params: { name: "waits", arguments: {} } },
  });
  await vi.waitFor(() => expect(server.activity().runningCalls).toBe(1));
  const routes = [
    ["POST", "/satisfy"],
    ["POST", "/negotiate"],
    ["GET", "/workers"],
    ["GET", "/jobs"],
  ] as const;
  const ask = () =>
    Promise.all(
      routes.map(async ([method, url]) => {
        const { statusCode, headers } = await server.app.inject({
          method,
          url,
          ...(method === "POST" ? { payload: { prompt: "2 cores" } } : {}),
        });
        return [statusCode, headers["retry-after"]];
      }),
    );
  expect(await ask()).toEqual(routes.map(() => [503, "1"]));
  held.release("done");
  await call;
  expect((await server.app.inject({ url: "/workers" })).statusCode).toBe(200);
  expect(server.activity().runningCalls).toBe(0);
});
