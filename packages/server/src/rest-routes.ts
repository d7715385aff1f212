import type { FastifyInstance } from "fastify";
import { serializerCompiler, validatorCompiler, type ZodTypeProvider } from "fastify-type-provider-zod";
import { z } from "zod";
import { requireScope } from "./access.ts";
import { type Keyed, pageOf } from "./list-pages.ts";
import { Fault, type ReadOpenApi } from "./open-api.ts";
import type { Shared } from "./shared.ts";

const Items = z.array(z.looseObject({ name: z.string() }));
const Query = z.strictObject({
  cursor: z.string().max(2048).optional().describe("nextCursor of the page before"),
  limit: z.coerce.number().int().min(1).max(1000).optional().describe("items of a page; default all"),
});
const nextCursor = z.string().optional().describe("absent on the last page");

/** Makes zod the schema language of the app's routes. */
export function installSchemas(app: FastifyInstance): void {
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
}

/** The three list routes with whole MCP items, and the OpenAPI document, as a plugin. */
export function restRoutes(
  shared: Shared,
  readOpenApi?: ReadOpenApi,
): (scope: FastifyInstance) => Promise<void> {
  const readers = { preHandler: requireScope("read") };
  return async (scope) => {
    const app = scope.withTypeProvider<ZodTypeProvider>();
    // The list is text already: neither typed nor serialised again.
    scope.get<{ Querystring: z.infer<typeof Query> }>(
      "/tools/list",
      { ...readers, schema: listSchema("tools", z.object({ tools: Items, nextCursor })) },
      async ({ query }, reply) => {
        const text = toolsText(shared, query);
        return reply.serializer(asIs).type("application/json; charset=utf-8").send(text);
      },
    );
    app.get(
      "/prompts/list",
      { ...readers, schema: listSchema("prompts", z.object({ prompts: Items, nextCursor })) },
      async ({ query }) => {
        const { items, ...next } = pageOf("prompts", shared.lists().prompts.map(byName), query);
        return { prompts: items.map(named), ...next };
      },
    );
    app.get(
      "/resources/list",
      { ...readers, schema: listSchema("resources", z.object({ resources: Items, nextCursor })) },
      async ({ query }) => {
        const { resources, templates } = shared.lists();
        // Templates follow all resources.
        const all = [...resources.map(keyed("0", "uri")), ...templates.map(keyed("1", "uriTemplate"))];
        const { items, ...next } = pageOf("resources", all.toSorted(byKey), query);
        return { resources: items.map(named), ...next };
      },
    );
    if (readOpenApi !== undefined) {
      app.get("/openapi.json", { ...readers, schema: { hide: true } }, readOpenApi);
    }
  };
}

type Item = Readonly<Record<string, unknown>>;

function listSchema<Body extends z.ZodType>(what: string, body: Body) {
  const summary = `The ${what} that MCP clients see`;
  return { summary, querystring: Query, response: { 200: body, 400: Fault } };
}

function toolsText({ lists }: Shared, query: z.infer<typeof Query>): string {
  if (query.cursor === undefined && query.limit === undefined) return `{"tools":${lists().toolsJson}}`;
  const { items: tools, ...next } = pageOf("tools", lists().tools.map(byName), query);
  return JSON.stringify({ tools, ...next });
}

function byName(item: Item): Keyed<Item> {
  return { key: String(item["name"]), item };
}

function keyed(rank: string, field: string): (item: Item) => Keyed<Item> {
  return (item) => ({ key: `${rank}${String(item[field])}`, item });
}

function byKey(left: Keyed<Item>, right: Keyed<Item>): number {
  if (left.key === right.key) return 0;
  return left.key < right.key ? -1 : 1;
}

function asIs(payload: unknown): string {
  return String(payload);
}

function named(item: Item): { name: string } & Record<string, unknown> {
  return { ...item, name: String(item["name"]) };
}
