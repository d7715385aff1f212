import { defineTool } from "@parley/tool-registry";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { z } from "zod";
import { entry, start, stdio, text, tool, upstream } from "./_gateway.ts";

const asks = defineTool({
  name: "asks",
  description: "Asks.",
  input: z.object({ who: z.string().describe("Whom") }),
  async handler({ who }, context) {
    const { action } = await context.elicit({
      message: `Greet ${who}?`,
      schema: z.object({ loud: z.boolean().describe("Loudly") }),
    });
    return action;
  },
});

const strict = defineTool({
  name: "strict",
  description: "Takes little.",
  input: z.object({ unit: z.enum(["m", "ft"]).describe("Unit"), value: z.number().int().describe("Value") }),
  output: z.object({ value: z.number() }),
  handler: async ({ value }) => ({ value }),
});

async function started() {
  const { registry, url } = await upstream();
  for (const one of [asks, strict]) registry.addTool(one);
  registry.addTool(tool("echo", (args) => text(JSON.stringify(args))));
  registry.addTool(tool("picture", { content: [{ type: "image", data: "AAAA", mimeType: "image/png" }] }));
  registry.addTool(tool("fails", { content: [], isError: true }));
  registry.addTool(
    tool("throws", () => {
      throw new Error("broken");
    }),
  );
  registry.addPrompt({
    name: "greet",
    arguments: [{ name: "who", required: true }],
    get: async ({ who }) => ({ messages: [{ role: "user", content: { type: "text", text: `Hi ${who}` } }] }),
  });
  registry.addResource({ name: "note", uri: "note://1", read: async (uri) => [{ uri, text: "one" }] });
  const away = entry("away", { type: "http", url: "http://127.0.0.1:9/mcp" });
  return await start({
    servers: [entry("up", { type: "http", url, timeout: 2 }), stdio("raw", [], { timeout: 0.5 }), away],
    groups: [{ name: "part", servers: ["up"], tools: [] }],
  });
}

interface Operation {
  readonly method: string;
  readonly path: string;
  readonly documented: readonly string[];
  readonly fields: readonly string[];
}

type Reply = Awaited<ReturnType<Awaited<ReturnType<typeof started>>["get"]>>;

/** Every operation of a document, with the names its arguments have. */
function operationsIn(document: Reply): readonly Operation[] {
  const base = String(document.at("servers", 0, "url")).replace(/\/$/, "");
  return document.keys("paths").flatMap((path) =>
    document
      .keys("paths", path)
      .filter((method) => ["get", "post", "delete"].includes(method))
      .map((method) => {
        const reference = String(
          document.at("paths", path, method, "requestBody", "content", "application/json", "schema", "$ref"),
        );
        const above = document.at("paths", path, "servers", 0, "url");
        return {
          method,
          path: `${typeof above === "string" ? above.replace(/\/$/, "") : base}${path}`,
          documented: document.keys("paths", path, method, "responses"),
          fields: document.keys("components", "schemas", reference.split("/").at(-1) ?? "", "properties"),
        };
      }),
  );
}

const value = fc.oneof(
  fc.jsonValue({ maxDepth: 3 }),
  fc.constantFrom("m", 3, true, null, "accept", { loud: true }),
);

/** Bodies for an operation: some that may fit, some of any kind, some that are no JSON. */
function bodyFor({ fields }: Operation): fc.Arbitrary<string> {
  const named = fc.dictionary(fields.length > 0 ? fc.constantFrom(...fields) : fc.string(), value);
  const fitting = fc.constantFrom({ unit: "m", value: 1 }, { who: "Ada" }, {});
  return fc.oneof(
    fc.oneof(named, fitting, value).map((body) => JSON.stringify(body)),
    fc.string(),
    fc.constant("[".repeat(500)),
  );
}

const printable = fc.stringMatching(/^[ -~]{0,40}$/);
const accept = fc.oneof(
  fc.constantFrom(
    "*/*",
    "application/json",
    "text/event-stream",
    "image/*",
    "text/plain",
    "application/vnd.mcp.tool-result+json",
  ),
  printable,
);
const prefer = fc.oneof(
  fc.constantFrom("", "respond-async", "wait=1", "respond-async, wait=2", "interaction=none"),
  printable,
);
const segment = fc.string({ minLength: 1 }).filter((part) => !/^\.{1,2}$/.test(part));

function requestFor(operations: readonly Operation[]) {
  return fc.constantFrom(...operations).chain((operation) =>
    fc.record({
      operation: fc.constant(operation),
      body: bodyFor(operation),
      accept,
      prefer,
      parameter: fc.oneof(segment, fc.constant("note://1")),
    }),
  );
}

const honest: ReadonlySet<number> = new Set([502, 504]);

test("[GTW-61] whatever is sent to a documented route, its answer is documented, and no fault is the gateway's", async () => {
  const { get, url } = await started();
  const documents = await Promise.all(
    ["/openapi.json", "/up/openapi.json", "/part/openapi.json"].map((path) => get(path)),
  );
  const operations = documents.flatMap(operationsIn);
  expect(operations.length).toBeGreaterThan(25);
  const statuses = new Set<number>();
  await fc.assert(
    fc.asyncProperty(requestFor(operations), async ({ operation, body, parameter, ...headers }) => {
      const path = operation.path.replaceAll(/\{\w+\}/g, () => encodeURIComponent(parameter));
      const isPost = operation.method === "post";
      const response = await fetch(`${url}${path}`, {
        method: operation.method.toUpperCase(),
        headers: {
          accept: headers.accept,
          prefer: headers.prefer,
          ...(isPost ? { "content-type": "application/json" } : {}),
        },
        ...(isPost ? { body } : {}),
        signal: AbortSignal.timeout(20_000),
      });
      const { status } = response;
      statuses.add(status);
      expect(operation.documented, `${operation.method} ${path} answered ${status}`).toContain(
        String(status),
      );
      if (status >= 500) expect(honest).toContain(status);
      const isStream = response.headers.get("content-type")?.startsWith("text/event-stream") === true;
      if (isStream) return await response.body?.cancel();
      const answer = await response.text();
      if (status >= 400) expect(JSON.parse(answer)).toMatchObject({ error: { code: expect.any(String) } });
    }),
    { numRuns: 200 },
  );
  expect([...statuses]).toEqual(expect.arrayContaining([200, 202, 404, 422, 502]));
}, 120_000);
