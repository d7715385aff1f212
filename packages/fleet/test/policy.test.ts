import { createMemoryDatabase } from "@parley/databases";
import { createHub } from "@parley/fleet";
import { createServer, staticToken } from "@parley/server";
import { createRegistry } from "@parley/tool-registry";
import { expect, onTestFinished, test } from "vitest";

test("[ACC-15] every route of a hub asks for a token or, where workers enter, for the join secret", async () => {
  const registry = createRegistry();
  const hub = createHub({ secret: "potato" }, { registry, database: createMemoryDatabase() });
  onTestFinished(() => hub.close());
  const server = createServer({
    name: "hub",
    version: "1",
    registry,
    authenticator: staticToken("s"),
    failureLimit: false,
  });
  onTestFinished(() => server.close());
  const routes: { method: string; url: string }[] = [];
  server.app.addHook("onRoute", ({ method, url }) => {
    for (const one of [method].flat()) routes.push({ method: one, url });
  });
  await server.app.register(hub.plugin);
  await server.app.ready();
  const answers = await Promise.all(
    routes.map(async ({ method, url }) => {
      const { statusCode } = await server.app.inject({ method: method as "GET", url });
      return [`${method} ${url}`, statusCode] as const;
    }),
  );
  expect(answers.length).toBeGreaterThan(25);
  const others = answers.filter(([, status]) => status !== 401);
  expect(Object.fromEntries(others)).toEqual({
    "DELETE /register/:id": 403,
    "GET /health": 200,
    "GET /healthz": 200,
    "GET /readyz": 200,
    "HEAD /health": 200,
    "HEAD /healthz": 200,
    "HEAD /readyz": 200,
    "POST /register": 403,
    "POST /register/:id/heartbeat": 403,
  });
});
