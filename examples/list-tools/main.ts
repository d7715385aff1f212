// Lists the tools of a server as an agent finds them, over MCP and by plain HTTP, and checks that both say the same.
// `tsx main.ts http://localhost:8089/mcp` asks a server that runs already.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { createMcpClient } from "@parley/mcp-client";

const manifest = createRequire(import.meta.url).resolve("@parley/mcpserver/package.json");
const bin = join(dirname(manifest), "bin", "mcpserver.js");
const token = process.env["MCPSERVER_TOKEN"];

/** Starts a server with three tools on a free port; resolves with its address and how to stop it. */
async function startServer(): Promise<{ url: string; stop: () => Promise<unknown> }> {
  const flags = ["--tool-module", "@parley/echo", "--tool", join(import.meta.dirname, "tools.ts#add")];
  const child = spawn(process.execPath, [bin, "start", "--port", "0", ...flags], {
    stdio: ["ignore", "inherit", "pipe"],
  });
  for await (const line of createInterface(child.stderr)) {
    console.log(`  ${line}`);
    const url = /ready at (\S+)/.exec(line)?.[1];
    if (url === undefined) continue;
    child.stderr.resume();
    const ended = new Promise((resolve) => child.once("exit", resolve));
    return { url, stop: () => (child.kill("SIGTERM") ? ended : Promise.resolve()) };
  }
  throw new Error("mcpserver ended before it was ready.");
}

/** What `curl URL/tools/list` prints. */
async function byHttp(url: string): Promise<{ tools: { name: string; inputSchema: unknown }[] }> {
  const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
  const response = await fetch(new URL("/tools/list", url), { headers, signal: AbortSignal.timeout(10_000) });
  assert.ok(response.ok, `status ${response.status}`);
  return JSON.parse(await response.text());
}

const given = process.argv[2];
const server =
  given === undefined ? await startServer() : { url: given, stop: () => Promise.resolve(undefined) };
const client = createMcpClient({ url: server.url, token });
try {
  const listed = await client.listTools();
  for (const { name, description, inputSchema } of listed) {
    const properties = Object.keys(Object(Object(inputSchema).properties));
    console.log(`${String(name)}(${properties.join(", ")})  ${String(description)}`);
  }
  const { tools } = await byHttp(server.url);
  assert.deepEqual(
    tools.map(({ name, inputSchema }) => ({ name, inputSchema })),
    listed.map(({ name, inputSchema }) => ({ name, inputSchema })),
  );
  console.log(`GET /tools/list says the same: ${tools.length} tools.`);
  const names = tools.map(({ name }) => name);
  if (given === undefined) assert.deepEqual(names.toSorted(), ["add", "simple_echo", "structured_echo"]);
} finally {
  await client.close();
  await server.stop();
}
