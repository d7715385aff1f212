// Lists the prompts of a server, over MCP and by plain HTTP, and fetches one with its arguments filled in.
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

/** Starts a server with two prompts on a free port; resolves with its address and how to stop it. */
async function startServer(): Promise<{ url: string; stop: () => Promise<unknown> }> {
  const prompts = join(import.meta.dirname, "prompts.ts");
  const flags = ["--prompt", `${prompts}#explain_failure`, "--prompt", `${prompts}#estimate_walltime`];
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

/** What `curl URL/prompts/list` prints. */
async function byHttp(url: string): Promise<{ prompts: { name: string; description: string }[] }> {
  const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
  const response = await fetch(new URL("/prompts/list", url), {
    headers,
    signal: AbortSignal.timeout(10_000),
  });
  assert.ok(response.ok, `status ${response.status}`);
  return JSON.parse(await response.text());
}

const given = process.argv[2];
const server =
  given === undefined ? await startServer() : { url: given, stop: () => Promise.resolve(undefined) };
const client = createMcpClient({ url: server.url, token });
try {
  const listed = await client.listPrompts();
  for (const { name, description } of listed) console.log(`${String(name)}  ${String(description)}`);
  const { prompts } = await byHttp(server.url);
  assert.deepEqual(
    prompts.map(({ name, description }) => ({ name, description })),
    listed.map(({ name, description }) => ({ name, description })),
  );
  console.log(`GET /prompts/list says the same: ${prompts.length} prompts.`);
  if (given === undefined) {
    const names = prompts.map(({ name }) => name).toSorted();
    assert.deepEqual(names, ["estimate_walltime", "explain_failure", "final_status"]);
    const got = JSON.stringify(await client.getPrompt("explain_failure", { log: "slurmstepd: OOM" }));
    assert.match(got, /slurmstepd: OOM/);
    console.log("explain_failure carries the log it was given.");
  }
} finally {
  await client.close();
  await server.stop();
}
