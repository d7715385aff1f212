// Submits a job file, watches it, reads its logs and finds out why another one waits: over MCP as an assistant would, then
// over REST as a script would. With NOMAD_ADDR set it works on that cluster (raw_exec must be on, as in `nomad agent -dev`);
// without it, on a stand-in that answers with recordings of Nomad 1.0.18.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { createMcpClient } from "@parley/mcp-client";
import type { McpClient } from "@parley/mcp-client";
import { checkServerFile } from "./check-server-file.ts";

const manifest = createRequire(import.meta.url).resolve("@parley/nomad/package.json");
const bin = join(dirname(manifest), "bin", "parley-nomad.js");
const file = (name: string): Promise<string> => readFile(new URL(name, import.meta.url), "utf8");

/** The cluster: yours, or a stand-in. */
async function cluster(): Promise<{ address: string; isReal: boolean; close: () => Promise<void> }> {
  const address = process.env["NOMAD_ADDR"];
  if (address !== undefined) return { address, isReal: true, close: async () => undefined };
  const { startFakeNomad } = await import("../../packages/adapters/nomad/test/_fake-nomad.ts");
  const fake = await startFakeNomad();
  return { address: fake.address, isReal: false, close: () => fake.close() };
}

/** Starts `parley-nomad --rest` on a free port. */
async function startServer(address: string): Promise<{ url: string; stop(): Promise<unknown> }> {
  const env = { ...process.env, NOMAD_ADDR: address };
  const child = spawn(process.execPath, [bin, "--rest", "--port", "0"], {
    env,
    stdio: ["ignore", "inherit", "pipe"],
  });
  for await (const line of createInterface(child.stderr)) {
    const url = /ready at (\S+)\/mcp/.exec(line)?.[1];
    if (url === undefined) continue;
    child.stderr.resume();
    const ended = new Promise((resolve) => child.once("exit", resolve));
    return { url, stop: () => (child.kill("SIGTERM") ? ended : Promise.resolve()) };
  }
  throw new Error("parley-nomad ended before it was ready.");
}

/** Calls a tool and gives its words; what it says goes to the screen. */
async function use(
  client: McpClient,
  name: string,
  args: Readonly<Record<string, unknown>>,
): Promise<string> {
  const { content, isError } = await client.callTool(name, args);
  const text = Array.isArray(content) ? String(content[0]?.text) : "";
  console.log(`\n> ${name}\n${text.trimEnd()}`);
  assert.notEqual(isError, true, text);
  return text;
}

async function overMcp(url: string): Promise<void> {
  const client = createMcpClient({ url: `${url}/mcp/sse`, transport: "sse" });
  try {
    const content = await file("hello.nomad.hcl");
    const variables = { greeting: "hi nomad" };
    await use(client, "plan_job", { content, variables });
    await use(client, "submit_job_file", { content, variables, wait: "complete" });
    assert.match(await use(client, "get_job_status", { job_id: "hello" }), /succeeded/);
    assert.match(await use(client, "get_job_logs", { job_id: "hello" }), /hi nomad/);

    const spec = {
      name: "greedy",
      type: "batch",
      driver: "raw_exec",
      command: "/bin/true",
      memory_mb: 900_000,
    };
    await use(client, "create_job", { spec });
    assert.match(await use(client, "get_job_evaluations", { job_id: "greedy" }), /found no node/);
    await use(client, "force_evaluate_job", { job_id: "greedy" });
    await use(client, "stop_job", { job_id: "greedy", purge: true, confirm: true });
  } finally {
    await client.close();
  }
}

async function overRest(url: string): Promise<void> {
  const ask = async (path: string, init: RequestInit = {}) => {
    const response = await fetch(`${url}${path}`, { signal: AbortSignal.timeout(30_000), ...init });
    return { status: response.status, text: await response.text() };
  };
  const jobs = await ask("/api/jobs?namespace=default");
  console.log(`\n> GET /api/jobs\n${jobs.text.slice(0, 200)}`);
  assert.match(jobs.text, /"job_id":"hello"/);
  const logs = await ask("/api/logs/job/hello", { headers: { accept: "text/plain" } });
  assert.match(logs.text, /hi nomad/);
  // Nothing is destroyed unasked, over REST neither.
  const headers = { "content-type": "application/json" };
  const purge = (body: object) =>
    ask("/api/jobs/hello/stop", { method: "POST", headers, body: JSON.stringify(body) });
  const refused = await purge({ purge: true });
  console.log(`\n> POST /api/jobs/hello/stop\n${refused.status} ${refused.text.slice(0, 200)}`);
  assert.match(refused.text, /E_CONFIRM_REQUIRED/);
  assert.equal((await purge({ purge: true, confirm: true })).status, 200);
  const described: { paths: object } = JSON.parse((await ask("/openapi.json")).text);
  assert.ok("/api/jobs/{job_id}" in described.paths);
}

const { address, isReal, close } = await cluster();
try {
  const server = await startServer(address);
  try {
    await overMcp(server.url);
    await overRest(server.url);
  } finally {
    await server.stop();
  }
  console.log(`\n${await checkServerFile(await file("server.nomad.hcl"), isReal ? address : undefined)}`);
} finally {
  await close();
}
