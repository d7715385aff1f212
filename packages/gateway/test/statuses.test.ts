import { ParleyError } from "@parley/core";
import { defineTool, errorResult } from "@parley/tool-registry";
import { expect, test } from "vitest";
import { z } from "zod";
import { entry, start, stdio, text, tool, upstream } from "./_gateway.ts";

async function started() {
  const { registry, url } = await upstream();
  const inputSchema = {
    type: "object",
    properties: { n: { type: "integer" }, note: { type: "string" }, any: {} },
    required: ["n"],
  };
  registry.addTool(
    defineTool({ name: "strict", description: "s", input: z.object({ n: z.number() }), handler: () => "ok" }),
  );
  registry.addTool(tool("loose", (args) => text(JSON.stringify(args)), { inputSchema }));
  registry.addTool(
    tool("sorry", { isError: true, content: [{ type: "text", text: "no such city" }] }, { inputSchema }),
  );
  registry.addTool(
    tool("odd", { isError: true, structuredContent: { why: 1 }, content: [{ type: "text", text: "x" }] }),
  );
  registry.addTool(
    tool("late", errorResult(new ParleyError("E_MCP_TIMEOUT", "The cluster did not answer."))),
  );
  return await start({
    servers: [
      entry("up", { type: "http", url }),
      entry("dead", { type: "http", url: "http://127.0.0.1:9/mcp" }),
      stdio("raw"),
    ],
  });
}

test("[GTW-21] statuses say whose fault it was", async () => {
  const { post } = await started();
  const expected: readonly [string, unknown, number, string][] = [
    ["/up/loose", { n: 1 }, 200, ""],
    ["/up/strict", { n: "x" }, 422, "E_ARGUMENT_INVALID"],
    ["/up/sorry", { n: 1 }, 502, "E_TOOL_FAILED"],
    ["/up/sorry", { n: "one" }, 422, "E_ARGUMENT_INVALID"],
    ["/up/late", {}, 504, "E_MCP_TIMEOUT"],
    ["/up/none", {}, 404, "E_TOOL_UNKNOWN"],
    ["/nobody/none", {}, 404, "E_OBJECT_UNKNOWN"],
    ["/dead/any", {}, 502, "E_MCP_UNREACHABLE"],
    ["/up/loose", "{", 422, "E_ARGUMENT_INVALID"],
    ["/up/loose", "[1]", 422, "E_ARGUMENT_INVALID"],
    ["/up/loose", '"x"', 422, "E_ARGUMENT_INVALID"],
    ["/up/loose", `${"[".repeat(300)}${"]".repeat(300)}`, 422, "E_ARGUMENT_INVALID"],
  ];
  for (const [path, body, status, code] of expected) {
    const answer = await post(path, body);
    expect([path, body, answer.status, answer.at("error", "code") ?? ""]).toEqual([path, body, status, code]);
    expect(answer.text).not.toContain("Unexpected error");
  }
});

test("[GTW-21] a failure says what mcpo says in detail, once", async () => {
  const { post } = await started();
  expect((await post("/up/sorry", { n: 1 })).at("detail")).toEqual({ message: "no such city" });
  expect((await post("/up/odd", {})).json).toMatchObject({
    detail: { message: "x", data: { why: 1 } },
    error: { details: { structuredContent: { why: 1 } } },
  });
  const misfit = (await post("/up/sorry", { n: "one" })).at("detail", 0);
  expect(misfit).toMatchObject({ type: "type", loc: ["body", "n"] });
  const failed = await post("/up/sorry", { n: 1 }, { accept: "application/vnd.mcp.tool-result+json" });
  expect([failed.status, failed.at("isError")]).toEqual([200, true]);
});

test("arguments reach the tool as they are, but for nulls that have no place", async () => {
  const { post } = await started();
  const sent = { n: 1.5, note: null, any: null, extra: { deep: [null] } };
  expect((await post("/up/loose", sent)).json).toEqual({ n: 1.5, any: null, extra: { deep: [null] } });
  expect((await post("/up/loose")).json).toEqual({});
  expect((await post("/up/loose", "")).json).toEqual({});
});

test("a body that is not JSON is not taken for it", async () => {
  const { post } = await started();
  const answer = await post("/up/loose", "n=1", { "content-type": "application/x-www-form-urlencoded" });
  expect(answer.status).toBe(415);
});

test("[GTW-306] a body is JSON under each of its names, and another kind is refused with what to send", async () => {
  const { url } = await started();
  const call = (type: string | undefined, body: string | Blob) =>
    fetch(`${url}/up/loose`, {
      method: "POST",
      body,
      headers: type === undefined ? {} : { "content-type": type },
    });
  const json = '{"n":1}';
  const ok = await Promise.all([
    call("application/json", json),
    call("Application/JSON; charset=utf-8", json),
    call("application/vnd.x.y+json", json),
    call(undefined, new Blob([json])),
    call("application/json", `\uFEFF${json}`),
  ]);
  for (const answer of ok) expect([answer.status, await answer.json()]).toEqual([200, { n: 1 }]);
  for (const type of ["text/plain", "application/x-www-form-urlencoded", "application/jsonx"]) {
    const refused = await call(type, json);
    expect([refused.status, await refused.text()]).toEqual([415, expect.stringContaining("send JSON, with")]);
  }
});

test("[GTW-306] another method than POST is 405 where there is a tool, and 404 where there is none", async () => {
  const { url } = await started();
  const ask = async (path: string, method: string) => {
    const { status, headers } = await fetch(`${url}${path}`, { method });
    return [status, headers.get("allow")];
  };
  for (const method of ["GET", "PUT", "PATCH", "DELETE", "HEAD"]) {
    expect(await ask("/up/loose", method)).toEqual([405, "POST"]);
    expect(await ask("/up/none", method)).toEqual([404, null]);
  }
  expect(await ask("/openapi.json", "POST")).toEqual([405, "GET, HEAD"]);
});
