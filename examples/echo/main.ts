// Starts a server and calls simple_echo twice: with an MCP client, and with one plain HTTP request as curl sends it.
// `tsx main.ts http://localhost:8089/mcp` calls a server that runs already, such as the container's.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { createMcpClient } from "@parley/mcp-client";

const manifest = createRequire(import.meta.url).resolve("@parley/mcpserver/package.json");
const bin = join(dirname(manifest), "bin", "mcpserver.js");
const message = "hello from outside";

/** Starts `mcpserver start` on a free port; resolves with its address and how to stop it. */
async function startServer(): Promise<{ url: string; stop: () => Promise<unknown> }> {
  const child = spawn(process.execPath, [bin, "start", "--port", "0"], {
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

/** What the client hears. */
async function byClient(url: string): Promise<unknown> {
  const client = createMcpClient({ url, token: process.env["MCPSERVER_TOKEN"] });
  try {
    const { content } = await client.callTool("simple_echo", { message });
    return Array.isArray(content) ? content[0]?.text : undefined;
  } finally {
    await client.close();
  }
}

/** One request of revision 2026-07-28 says all about itself: no handshake, no session. */
async function byFetch(url: string): Promise<unknown> {
  const token = process.env["MCPSERVER_TOKEN"];
  const version = "2026-07-28";
  const response = await fetch(url, {
    method: "POST",
    signal: AbortSignal.timeout(10_000),
    headers: {
      "content-type": "application/json",
      accept: "application/json, text/event-stream",
      "mcp-protocol-version": version,
      "mcp-method": "tools/call",
      "mcp-name": "simple_echo",
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    },
    body: JSON.stringify({
      jsonrpc: "2.0",
      id: 1,
      method: "tools/call",
      params: {
        name: "simple_echo",
        arguments: { message },
        _meta: {
          "io.modelcontextprotocol/protocolVersion": version,
          "io.modelcontextprotocol/clientInfo": { name: "fetch", version: "1" },
          "io.modelcontextprotocol/clientCapabilities": {},
        },
      },
    }),
  });
  const { result, error } = JSON.parse(await response.text());
  assert.equal(error, undefined, JSON.stringify(error));
  return result.content[0].text;
}

const given = process.argv[2];
const server =
  given === undefined ? await startServer() : { url: given, stop: () => Promise.resolve(undefined) };
try {
  const client = await byClient(server.url);
  console.log(`client heard: ${String(client)}`);
  assert.equal(client, message);
  const plain = await byFetch(server.url);
  console.log(`fetch heard:  ${String(plain)}`);
  assert.equal(plain, message);
} finally {
  await server.stop();
}
