import { createNomad, nomadRoutes, routesToTools } from "@parley/nomad";
import { createServer } from "@parley/server";
import { createRegistry, toolContext } from "@parley/tool-registry";
import Fastify from "fastify";
import { describe, expect, onTestFinished, test } from "vitest";
import { startFakeNomad } from "./_fake-nomad.ts";

/** A small app in fastify's own schema language. */
async function shop(options: Parameters<typeof routesToTools>[1] = {}) {
  const app = Fastify();
  onTestFinished(() => app.close());
  const found = routesToTools(app, options);
  const item = {
    type: "object",
    properties: { name: { type: "string" }, count: { type: "integer" } },
  } as const;
  const params = { type: "object", properties: { id: { type: "string" } }, required: ["id"] } as const;
  const query = { type: "object", properties: { limit: { type: "integer" } } } as const;
  app.get<{ Params: { id: string } }>("/items/:id", {
    schema: {
      operationId: "get_item",
      summary: "Shows an item",
      tags: ["items"],
      params,
      response: { 200: item },
    },
    handler: async (request) => ({ name: request.params.id, count: 1 }),
  });
  app.get("/items", { schema: { tags: ["items"], querystring: query } }, async ({ query }) => query);
  app.post(
    "/orders",
    { schema: { operationId: "order", tags: ["orders"], body: { ...item, required: ["name"] } } },
    async ({ body, headers }) => ({ body, key: headers["x-key"] }),
  );
  app.delete(
    "/orders/:id",
    { schema: { operationId: "cancel", tags: ["orders"] } },
    async (_request, reply) => reply.code(409).send({ why: "it has left" }),
  );
  app.get("/hidden", { schema: { hide: true } }, async () => "no");
  app.get("/files/*", async () => "no");
  const tools = await found.tools();
  const registry = createRegistry();
  registry.replace("shop", { tools });
  return { tools, call: (name: string, args: object) => registry.call(name, args, toolContext()) };
}

describe("[NMD-04] routes of a fastify app as tools", () => {
  test("take path, query and body together, and answer what the route does", async () => {
    const { tools, call } = await shop({ headers: { "x-key": "k" } });
    expect(tools.map(({ name }) => name)).toEqual(["get_item", "get_items", "order", "cancel"]);
    expect(await call("get_item", { id: "a/b c" })).toMatchObject({
      structuredContent: { name: "a/b c", count: 1 },
    });
    expect(await call("get_items", { limit: 3 })).toMatchObject({ content: [{ text: '{"limit":3}' }] });
    expect(await call("order", { name: "tea", count: 2 })).toMatchObject({
      content: [{ text: '{"body":{"name":"tea","count":2},"key":"k"}' }],
    });
    expect(await call("cancel", { id: "7" })).toMatchObject({
      isError: true,
      content: [{ text: 'HTTP 409: {"why":"it has left"}' }],
    });
  });

  test("say what they do, and ask for a scope where they act", async () => {
    const { tools } = await shop();
    const [get, , order, cancel] = tools;
    expect(get).toMatchObject({
      description: "Shows an item",
      scope: "read",
      annotations: { readOnlyHint: true },
    });
    expect(order).toMatchObject({ scope: "dispatch", inputSchema: { required: ["name"] } });
    expect(cancel).toMatchObject({ annotations: { destructiveHint: true } });
  });

  test("are chosen by tag, and named with a prefix", async () => {
    expect((await shop({ includeTags: ["orders"], prefix: "s_" })).tools.map(({ name }) => name)).toEqual([
      "s_order",
      "s_cancel",
    ]);
    expect((await shop({ excludeTags: ["orders"] })).tools.map(({ name }) => name)).toEqual([
      "get_item",
      "get_items",
    ]);
  });

  test.each(["..", ".", ""])("never leave their path for %j", async (id) => {
    const { call } = await shop();
    expect(await call("get_item", { id })).toMatchObject({ isError: true });
  });

  test("of our own REST face are our own tools again", async () => {
    const fake = await startFakeNomad();
    const nomad = createNomad({ address: fake.address, env: {} });
    const registry = createRegistry();
    registry.replace(nomad.origin, nomad);
    const served = createServer({ name: "n", version: "1.0.0", registry });
    const found = routesToTools(served.app, { includeTags: ["jobs"] });
    nomadRoutes(nomad, { app: served.app, callTool: (...call) => served.callTool(...call) });
    onTestFinished(async () => {
      await served.close();
      await nomad.close();
      await fake.close();
    });
    const again = createRegistry();
    again.replace("again", { tools: await found.tools() });
    const listed = await again.call("list_jobs", { per_page: 5 }, toolContext());
    expect(listed).toMatchObject({ structuredContent: { jobs: [] } });
    expect(await again.call("get_job_status", { job_id: "nope" }, toolContext())).toMatchObject({
      isError: true,
    });
  });
});
