import { createStdioClient } from "@parley/mcp-client/stdio";
import { expect, onTestFinished, test } from "vitest";

/** Answers nothing for a while, then as a server of 2025 with no tools. */
const late = `
const answers = { initialize: (p) => ({ protocolVersion: p.protocolVersion, capabilities: { tools: {} }, serverInfo: { name: "late", version: "1" } }), "tools/list": () => ({ tools: [] }) };
setTimeout(() => require("readline").createInterface({ input: process.stdin }).on("line", (line) => {
  const { id, method, params } = JSON.parse(line);
  if (id === undefined) return;
  const answer = answers[method] ? { result: answers[method](params) } : { error: { code: -32601, message: "none" } };
  console.log(JSON.stringify({ jsonrpc: "2.0", id, ...answer }));
}), 1000);`;

function open(startTimeoutMs: number | undefined) {
  const client = createStdioClient({
    command: process.execPath,
    args: ["-e", late],
    timeoutMs: 600,
    startTimeoutMs,
  });
  onTestFinished(() => client.close());
  return client;
}

test("calls that wait for a start do not lose their own time", async () => {
  expect(await open(60_000).listTools()).toEqual([]);
});

test("a start is over at its own time, or at that of calls", async () => {
  await expect(open(undefined).listTools()).rejects.toMatchObject({ code: "E_MCP_TIMEOUT" });
  await expect(open(200).listTools({ timeoutMs: 50_000 })).rejects.toMatchObject({
    code: "E_MCP_TIMEOUT",
    message: expect.stringContaining("the handshake"),
  });
  expect(() => open(-1)).toThrow("startTimeoutMs");
});
