import { readFile, rename } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "vitest";
import { callTool, http } from "../harness/clients.ts";
import { scratch, secret, startHub, startWorker } from "../harness/nodes.ts";
import { runToEnd, spawnServer } from "../harness/processes.ts";
import { verifies } from "../verifies.ts";

async function linesOf(path: string): Promise<Record<string, unknown>[]> {
  const text = await readFile(path, "utf8").catch(() => "");
  return text.split("\n").flatMap((line) => (line === "" ? [] : [JSON.parse(line)]));
}

verifies(["ACC-14"], "an audit log is rotated by moving it away and a hang-up signal", async () => {
  const path = join(await scratch(), "audit.jsonl");
  const server = await spawnServer(["--port", "0", "--audit-log", path]);
  await callTool(server, "simple_echo", { message: "one" });
  await expect.poll(() => linesOf(path)).toHaveLength(1);
  await rename(path, `${path}.1`);
  server.signal("SIGHUP");
  await expect.poll(() => readFile(path, "utf8")).toBe("");
  await callTool(server, "simple_echo", { message: "two" });
  await expect.poll(async () => (await linesOf(path)).map(({ args }) => args)).toEqual([{ message: "two" }]);
  expect(await linesOf(`${path}.1`)).toHaveLength(1);
  // A hang-up that also ended the server would show only after its drain.
  await rename(path, `${path}.2`);
  server.signal("SIGHUP");
  await expect.poll(() => readFile(path, "utf8")).toBe("");
  expect(await Promise.race([server.ended, sleep(1500)])).toBeUndefined();
  expect((await fetch(`${server.base}/healthz`, { headers: { connection: "close" } })).status).toBe(200);
});

verifies(
  ["ACC-13"],
  "calls over standard input are in the log too, and nothing else is on standard output",
  async () => {
    const path = join(await scratch(), "audit.jsonl");
    const params = {
      protocolVersion: "2025-11-25",
      capabilities: {},
      clientInfo: { name: "c", version: "1" },
    };
    const messages = [
      { jsonrpc: "2.0", id: 1, method: "initialize", params },
      { jsonrpc: "2.0", method: "notifications/initialized" },
      {
        jsonrpc: "2.0",
        id: 2,
        method: "tools/call",
        params: { name: "simple_echo", arguments: { message: "x" } },
      },
    ];
    const input = messages.map((message) => `${JSON.stringify(message)}\n`).join("");
    const ended = await runToEnd(["start", "--transport", "stdio", "--audit-log", path], { input });
    expect(
      ended.stdout
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line).id),
    ).toEqual([1, 2]);
    const [line] = await linesOf(path);
    expect(line).toMatchObject({ caller: "stdio", kind: "tool", name: "simple_echo", outcome: "ok" });
    expect(line).not.toHaveProperty("address");
  },
);

verifies(
  ["ACC-13", "ACC-10"],
  "a hub records who dispatched and who was turned away, without the secrets",
  async () => {
    const path = join(await scratch(), "audit.jsonl");
    const hub = await startHub({ auditLog: path }, { MCPSERVER_TOKEN: "s3cret" });
    await startWorker(hub, "here", { localAllow: ["hostname"] });
    const body = { workerId: "here", prompt: "Run hostname" };
    expect((await http(`${hub.base}/dispatch`, { body })).status).toBe(401);
    expect((await http(`${hub.base}/dispatch`, { body, token: "s3cret" })).status).toBe(200);
    const joinAs = (word: string) =>
      http(`${hub.base}/register`, { body: {}, headers: { "x-mcp-token": word } });
    const statuses: number[] = [];
    for (let attempt = 0; attempt < 31; attempt += 1) statuses.push((await joinAs(`guess${attempt}`)).status);
    expect(statuses.slice(0, 29)).toEqual(Array.from({ length: 29 }, () => 403));
    await expect.poll(async () => (await joinAs("guess")).status).toBe(429);
    expect((await joinAs(secret)).status).toBe(400);
    await hub.close();
    const text = await readFile(path, "utf8");
    expect(text).not.toMatch(/s3cret|guess|potato/);
    const lines = await linesOf(path);
    expect(lines.filter(({ name }) => name === "POST /dispatch")).toMatchObject([
      { caller: "anonymous", outcome: "refused", code: "E_AUTH_REQUIRED" },
      { caller: "token", outcome: "ok", args: { body: { workerId: "here" } } },
    ]);
    const codes = new Set(lines.filter(({ name }) => name === "POST /register").map(({ code }) => code));
    expect(codes).toEqual(new Set(["E_REGISTER_FORBIDDEN", "E_RATE_LIMITED"]));
  },
);
