import { PassThrough } from "node:stream";
import { serveStdio } from "@parley/server";
import { expect, onTestFinished, test, vi } from "vitest";
import { fullRegistry } from "./_fuzz/registry.ts";
import { initialize } from "./_fuzz/recorded.ts";

function pipe() {
  const [input, output] = [new PassThrough(), new PassThrough()];
  const said = { text: "" };
  output.on("data", (chunk: Buffer) => {
    said.text += chunk.toString();
  });
  const served = serveStdio({ name: "t", version: "1", registry: fullRegistry(), input, output });
  onTestFinished(async () => {
    input.end();
    await served;
  });
  const answered = (id: number): Promise<void> =>
    vi.waitFor(() => expect(said.text).toContain(`"id":${id}`), { timeout: 5000 });
  const call = async (id: number): Promise<void> => {
    const params = { name: "echo", arguments: { message: `call ${id}` } };
    input.write(`${JSON.stringify({ jsonrpc: "2.0", id, method: "tools/call", params })}\n`);
    await answered(id);
    expect(said.text).toContain(`call ${id}`);
  };
  return { input, answered, call, said };
}

const nested = `${"[".repeat(50_000)}${"]".repeat(50_000)}`;
const garbage = [
  "",
  "\u0000",
  "nonsense",
  "{",
  "[]",
  "null",
  '{"jsonrpc":"2.0"}',
  '{"jsonrpc":"1.0","id":1,"method":"tools/list"}',
  '{"jsonrpc":"2.0","id":{},"method":"tools/list"}',
  '{"jsonrpc":"2.0","id":50,"result":{}}',
  '{"jsonrpc":"2.0","__proto__":{"polluted":true},"method":"notifications/x"}',
  nested,
  "x".repeat(1_000_000),
];

test("[ROB-06] garbage on standard input leaves proper calls their answers", async () => {
  const { input, answered, call } = pipe();
  for (const line of garbage) input.write(`${line}\n`);
  input.write(Buffer.from([0xff, 0xfe, 0x0a]));
  input.write(`${JSON.stringify(initialize)}\n`);
  await answered(1);
  await call(2);
  for (const line of garbage) input.write(`${line}\n`);
  await call(3);
  expect({}).not.toHaveProperty("polluted");
});

test("[ROB-05] deep arguments on standard input are the caller's fault", async () => {
  const { input, answered, call, said } = pipe();
  input.write(`${JSON.stringify(initialize)}\n`);
  await answered(1);
  const deep = `{"name":"odd","arguments":{"args":${nested}}}`;
  input.write(`{"jsonrpc":"2.0","id":7,"method":"tools/call","params":${deep}}\n`);
  await answered(7);
  expect(said.text).toMatch(/"id":7,"error":\{"code":-326(?:00|02)/);
  await call(8);
});

test("[ROB-06] a line without an end is cut off, and what follows it is served", async () => {
  const { input, answered, call, said } = pipe();
  input.write(`${JSON.stringify(initialize)}\n`);
  await answered(1);
  for (let piece = 0; piece < 30; piece += 1) input.write("x".repeat(1_000_000));
  input.write("\n");
  await call(4);
  expect(said.text).toMatch(/"id":null,"error":\{"code":-32600,"message":"A message of 30000001 bytes/);
});
