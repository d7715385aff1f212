import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, vi } from "vitest";
import { http, modernClient, oldClient } from "../harness/clients.ts";
import { scratch, startNode } from "../harness/nodes.ts";
import { runChild, spawnServer } from "../harness/processes.ts";
import { verifies } from "../verifies.ts";

/** A module that prints wherever it can and leaves a timer behind. */
const chatty = `
console.log("loading");
process.stdout.write("raw\\n");
setInterval(() => undefined, 1000);
export async function chat({ message }) {
  console.log("calling");
  console.error("calling");
  console.table([{ a: 1 }]);
  process.stdout.write("raw again\\n");
  return message;
}
export async function slow() {
  await new Promise((done) => setTimeout(done, 1500));
  return "slow is done";
}
`;

async function module(): Promise<string> {
  const path = join(await scratch(), "chatty.mjs");
  await writeFile(path, chatty);
  return path;
}

const lines = (text: string): unknown[] =>
  text
    .split("\n")
    .filter((line) => line !== "")
    .map((line): unknown => JSON.parse(line));

const initialize = {
  jsonrpc: "2.0",
  id: 1,
  method: "initialize",
  params: { protocolVersion: "2025-11-25", capabilities: {}, clientInfo: { name: "x", version: "1" } },
};

async function stdioServer() {
  const path = await module();
  const tools = ["--tool", `${path}#chat`, "--tool", `${path}#slow`];
  const child = runChild(["start", "--transport", "stdio", ...tools]);
  const send = (message: object): void => child.send(`${JSON.stringify(message)}\n`);
  send(initialize);
  const until = (text: string) =>
    vi.waitFor(() => expect(child.stdout()).toContain(text), { timeout: 60_000, interval: 20 });
  await until('"id":1');
  send({ jsonrpc: "2.0", method: "notifications/initialized" });
  return { child, send, until };
}

verifies(["SRV-01"], "over stdio every byte of standard output is the protocol's", async () => {
  const { child, send, until } = await stdioServer();
  const call = { name: "chat", arguments: { message: "hello" } };
  send({ jsonrpc: "2.0", id: 2, method: "tools/call", params: call });
  await until('"id":2');
  child.send(undefined);
  const { code, stdout, stderr } = await child.ended;
  expect(lines(stdout)).toMatchObject([{ id: 1 }, { id: 2, result: { content: [{ text: "hello" }] } }]);
  for (const printed of ["loading", "raw", "calling", "raw again"]) expect(stderr).toContain(printed);
  expect(code).toBe(0);
});

verifies(["SRV-01"], "over stdio it ends when its terminal hangs up", async () => {
  const { child } = await stdioServer();
  child.signal("SIGHUP");
  expect((await child.ended).code).toBe(0);
});

verifies(["SRV-16"], "SIGTERM lets a running call finish and says so in /readyz", async () => {
  const path = await module();
  const server = await spawnServer(["--port", "0", "--tool", `${path}#slow`, "--close-grace", "10"]);
  const client = await oldClient(server.url);
  const answer = client.callTool({ name: "slow", arguments: {} });
  await vi.waitFor(async () => {
    expect(await (await fetch(`${server.base}/metrics`)).text()).toContain("mcp_running_calls 1");
  });
  server.signal("SIGTERM");
  await vi.waitFor(async () => expect((await fetch(`${server.base}/readyz`)).status).toBe(503));
  expect((await fetch(`${server.base}/healthz`)).status).toBe(200);
  expect(await answer).toMatchObject({ content: [{ text: "slow is done" }] });
  expect((await server.ended).code).toBe(0);
});

verifies(["SRV-16"], "a second SIGTERM ends at once", async () => {
  const path = await module();
  const server = await spawnServer(["--port", "0", "--tool", `${path}#slow`, "--close-grace", "60"]);
  const client = await modernClient(server.url);
  const answer = client.callTool({ name: "slow", arguments: {} }).catch(() => "cut off");
  await new Promise((resolve) => setTimeout(resolve, 300));
  server.signal("SIGTERM");
  await new Promise((resolve) => setTimeout(resolve, 100));
  const from = Date.now();
  server.signal("SIGTERM");
  expect((await server.ended).code).toBe(130);
  expect(Date.now() - from).toBeLessThan(1000);
  expect(await answer).toBe("cut off");
});

verifies(["SRV-06"], "--transport sse serves old hosts beside the others", async () => {
  const node = await startNode({ transport: "sse" });
  expect(node.notices.join()).toContain(`${node.base}/sse`);
  const stream = await fetch(`${node.base}/sse`);
  const { value } = (await stream.body?.getReader().read()) ?? {};
  expect(new TextDecoder().decode(value)).toMatch(/event: endpoint\ndata: \/messages\?sessionId=/);
  const client = await modernClient(node.url);
  expect((await client.listTools()).tools.map(({ name }) => name)).toContain("simple_echo");
});

verifies(["SRV-14"], "--base-url is the address that is announced and reported", async () => {
  const flags = ["--port", "0", "--base-url", "https://mcp.example.org/site/"];
  const server = await spawnServer(flags);
  expect(server.stderr()).toMatch(
    /ready at https:\/\/mcp\.example\.org\/site\/mcp \(listening on http:\/\/127\.0\.0\.1:\d+\/mcp\)/,
  );
  const base = /listening on (\S+)\/mcp/.exec(server.stderr())?.[1] ?? "";
  expect((await http(`${base}/health`)).body).toMatchObject({ base_url: "https://mcp.example.org/site" });
});

verifies(["SRV-07"], "a worker is ready when it has joined", async () => {
  const flags = { join: "http://127.0.0.1:9", joinSecret: "potato", mock: "hpc", workerId: "w" };
  const worker = await startNode(flags);
  const ready = await fetch(`${worker.base}/readyz`);
  expect([ready.status, await ready.json()]).toEqual([
    503,
    { status: "not-ready", reasons: ["not joined to the hub at http://127.0.0.1:9"] },
  ]);
});

verifies(["ROB-07"], "SIGTERM ends a server with 0, an interrupt from the terminal with 130", async () => {
  const path = await module();
  for (const [signal, code] of [
    ["SIGTERM", 0],
    ["SIGINT", 130],
  ] as const) {
    const server = await spawnServer(["--port", "0", "--tool", `${path}#slow`]);
    const client = await oldClient(server.url);
    const answer = client.callTool({ name: "slow", arguments: {} });
    await vi.waitFor(async () => {
      expect((await http(`${server.base}/metrics`)).text).toContain("mcp_running_calls 1");
    });
    server.signal(signal);
    expect(await answer).toMatchObject({ content: [{ text: "slow is done" }] });
    expect((await server.ended).code).toBe(code);
  }
  const { child } = await stdioServer();
  child.signal("SIGINT");
  expect((await child.ended).code).toBe(130);
});

verifies(
  ["ROB-08"],
  "SIGTERM ends streams and sessions of every kind without waiting for their clients",
  async () => {
    const server = await spawnServer(["--port", "0", "--transport", "sse", "--close-grace", "60"]);
    const client = await oldClient(server.url);
    await client.listTools();
    const modern = await modernClient(server.url);
    await modern.listTools();
    const streams = await Promise.all([fetch(`${server.base}/sse`), fetch(`${server.base}/sse`)]);
    const from = Date.now();
    server.signal("SIGTERM");
    await Promise.all(streams.map((stream) => stream.text().catch(() => "cut off")));
    expect((await server.ended).code).toBe(0);
    expect(Date.now() - from).toBeLessThan(5000);
  },
);
