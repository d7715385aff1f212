import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readSettings, start } from "@parley/mcpserver";
import { expect, onTestFinished, test } from "vitest";

const settings = (flags: Record<string, unknown> = {}, env: Record<string, string> = {}) =>
  readSettings({ flags: { port: "0", ...flags }, env: { HOME: "/home/u", ...env } });

async function running(
  flags: Record<string, unknown> = {},
  env: Record<string, string> = {},
): Promise<string> {
  const server = await start(await settings(flags, env), { env: {}, notice: () => undefined });
  onTestFinished(() => server.close());
  return (server.url ?? "").replace(/\/api\/mcp$|\/mcp$/, "");
}

test("[PAGE-18] the page is served at / and knows where MCP is", async () => {
  const base = await running({ path: "api/mcp" });
  const answer = await fetch(base);
  expect(answer.status).toBe(200);
  expect(await answer.text()).toContain('name="mcp-path" content="api/mcp"');
  expect((await fetch(`${base}/page/app.js`)).headers.get("content-type")).toBe(
    "text/javascript; charset=utf-8",
  );
});

test("[PAGE-15 PAGE-18] it is open to all, and the recent calls to readers", async () => {
  const base = await running({}, { MCPSERVER_TOKEN: "a-token" });
  expect((await fetch(base)).status).toBe(200);
  expect((await fetch(`${base}/page/calls`)).status).toBe(401);
  const authorization = "Bearer a-token";
  const body = {
    jsonrpc: "2.0",
    id: 1,
    method: "tools/call",
    params: { name: "simple_echo", arguments: { message: "private" } },
  };
  const headers = {
    authorization,
    "content-type": "application/json",
    accept: "application/json, text/event-stream",
  };
  await (await fetch(`${base}/mcp`, { method: "POST", headers, body: JSON.stringify(body) })).text();
  const calls = await (await fetch(`${base}/page/calls`, { headers: { authorization } })).text();
  expect(JSON.parse(calls)).toMatchObject({ calls: [{ name: "simple_echo", outcome: "ok" }] });
  expect(calls).not.toContain("private");
});

test("[PAGE-18] --no-page, MCPSERVER_PAGE and server.page leave it out", async () => {
  const folder = await mkdtemp(join(tmpdir(), "parley-page-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  const config = join(folder, "mcpserver.yaml");
  await writeFile(config, "server:\n  page: false\n");
  expect((await settings({ config })).page).toBe(false);
  expect((await settings({}, { MCPSERVER_PAGE: "false" })).page).toBe(false);
  const base = await running({ page: false });
  for (const path of ["/", "/page/app.js", "/page/calls"])
    expect((await fetch(base + path)).status).toBe(404);
});
