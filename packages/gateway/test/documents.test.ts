import { createRequire } from "node:module";
import { Validator } from "@seriousme/openapi-schema-validator";
import { expect, test } from "vitest";
import { entry, start, text, tool, until, upstream } from "./_gateway.ts";

const everything = createRequire(import.meta.url).resolve(
  "@modelcontextprotocol/server-everything/dist/index.js",
);

async function assertValid(document: unknown): Promise<void> {
  const { valid, errors } = await new Validator().validate(document as never);
  expect(errors).toBeUndefined();
  expect(valid).toBe(true);
}

test("[GTW-04 GTW-20] the reference server's documents are valid, one for itself and one merged", async () => {
  const { registry, url } = await upstream({ name: "own", instructions: "Use it well." });
  registry.addTool(tool("hello", text("hi"), { title: "Say hello", outputSchema: { type: "object" } }));
  const { get } = await start({
    servers: [
      entry("everything", { command: process.execPath, args: [everything] }),
      entry("own", { type: "streamable-http", url }),
      entry("off", { command: "x", enabled: false }),
    ],
    keys: [{ name: "k", key: "secret", servers: [], tools: [] }],
  });
  const own = await get("/own/openapi.json");
  const all = await get("/openapi.json");
  const reference = await get("/everything/openapi.json");
  for (const { json } of [own, all, reference]) await assertValid(json);

  expect(own.at("info")).toEqual({
    title: "own",
    version: "3",
    description: "Use it well.\n\n- [back to tool list](/docs)",
  });
  expect(own.at("servers")).toEqual([{ url: "/own" }]);
  expect(own.keys("paths")).toEqual(["/hello", "/-/calls/{call}"]);
  expect(own.at("paths", "/hello", "post")).toMatchObject({
    operationId: "hello",
    summary: "Say hello",
    security: [{ key: [] }],
  });
  expect(all.at("paths", "/own/hello", "post", "operationId")).toBe("own_hello");
  expect(all.at("paths", "/everything/get-sum", "post", "summary")).toBe("Get Sum Tool");
  expect(all.at("info", "description")).toContain("[off](/off/docs) (disabled)");
  expect(reference.keys("paths")).toContain("/resources/{uri}");
  expect(reference.keys("paths")).toContain("/prompts/args-prompt");
  const ids = all
    .keys("paths")
    .flatMap((path) => all.keys("paths", path).map((method) => all.at("paths", path, method, "operationId")));
  expect(new Set(ids).size).toBe(ids.length);
});

test("[GTW-04] a document is written once, told by its ETag, and follows its server", async () => {
  const { registry, url } = await upstream();
  registry.addTool(tool("one", text("1")));
  const { get } = await start({ servers: [entry("up", { type: "http", url })] });
  const first = await get("/openapi.json");
  const etag = first.headers.get("etag") ?? "";
  expect((await get("/openapi.json", { "if-none-match": etag })).status).toBe(304);
  registry.addTool(tool("two", text("2")));
  await until(async () => expect((await get("/openapi.json")).keys("paths")).toContain("/up/two"));
  expect((await get("/openapi.json", { "if-none-match": etag })).status).toBe(200);
});

test("[GTW-02] prefix and root path stand where mcpo has them", async () => {
  const { registry, url } = await upstream();
  registry.addTool(tool("t", text("x")));
  const { get, post } = await start({
    servers: [entry("up", { type: "http", url })],
    pathPrefix: "tools",
    rootPath: "/behind/",
    name: "Mine",
    description: "Said.",
    version: "9",
  });
  expect((await post("/tools/up/t")).text).toBe('"x"');
  const all = await get("/openapi.json");
  expect(all.at("servers")).toEqual([{ url: "/behind" }]);
  expect(all.at("info")).toMatchObject({ title: "Mine", version: "9" });
  expect(all.at("info", "description")).toContain("(/behind/tools/up/docs)");
  expect((await get("/tools/up/openapi.json")).at("servers")).toEqual([{ url: "/behind/tools/up" }]);
  const page = await get("/tools/up/docs");
  expect(page.text).toContain('src="../../docs/swagger-ui-bundle.js"');
});

test("[GTW-04 GTW-27] pages are there from the first moment, from files of this machine alone", async () => {
  const { get } = await start(
    { servers: [entry("slow", { type: "http", url: "http://127.0.0.1:9/mcp" })] },
    { isSettled: false },
  );
  for (const path of ["/docs", "/slow/docs", "/healthz", "/readyz", "/slow/openapi.json"]) {
    expect([path, (await get(path)).status]).toEqual([path, 200]);
  }
  const page = await get("/docs");
  expect(page.headers.get("content-security-policy")).toContain("default-src 'self'");
  expect(page.text).not.toMatch(/https?:\/\//);
  expect((await get("/docs/swagger-ui-bundle.js")).status).toBe(200);
  expect((await get("/docs/start.js")).text).toContain("openapi.json");
  expect((await get("/docs/..%2fpackage.json")).status).toBe(404);
  expect((await get("/redoc")).headers.get("location")).toBe("./docs");
  expect((await get("/none/docs")).status).toBe(404);
});
