import { spawn } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { createInterface } from "node:readline";
import { expect, onTestFinished, test } from "vitest";
import { folder, toolFile } from "./_loading.ts";

const program = fileURLToPath(new URL("../src/cli.ts", import.meta.url));

/** `mcpserver ...` as a process of its own, spoken to over its standard streams. */
function speak(args: readonly string[]) {
  const loaders = ["--conditions=@parley/source", "--import", "tsx"];
  const child = spawn(process.execPath, [...loaders, program, ...args], {
    stdio: "pipe",
    env: { PATH: process.env["PATH"], HOME: process.env["HOME"] },
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  const lines: string[] = [];
  const waiting: (() => void)[] = [];
  const errors: string[] = [];
  createInterface(child.stdout).on("line", (line) => {
    lines.push(line);
    for (const wake of waiting.splice(0)) wake();
  });
  child.stderr.on("data", (chunk: Buffer) => errors.push(chunk.toString()));
  const ended = new Promise<number | null>((resolve) => child.once("close", resolve));
  void ended.then(() => waiting.splice(0).map((wake) => wake()));
  const line = async (index: number): Promise<string> => {
    while (lines.length <= index && child.exitCode === null) {
      await new Promise<void>((resolve) => waiting.push(resolve));
    }
    return lines[index] ?? "";
  };
  const send = (message: object) => child.stdin.write(`${JSON.stringify({ jsonrpc: "2.0", ...message })}\n`);
  return { child, lines, line, send, ended, errors: () => errors.join("") };
}

const params = { protocolVersion: "2025-11-25", capabilities: {}, clientInfo: { name: "raw", version: "1" } };

test(
  "[LOAD-05] over stdio, what loaded code prints never reaches the protocol",
  { timeout: 60_000 },
  async () => {
    const home = await folder({
      "loud.ts": `console.log("printed at import");
process.stdout.write("written at import\\n");
export function loud(): string { console.log("printed in a call"); return "done"; }
`,
    });
    const { line, lines, send, child, ended, errors } = speak([
      "start",
      "-t",
      "stdio",
      "--tool",
      join(home, "loud.ts#loud"),
    ]);
    send({ id: 1, method: "initialize", params });
    expect(JSON.parse(await line(0))).toMatchObject({ id: 1, result: { serverInfo: { name: "mcpserver" } } });
    send({ method: "notifications/initialized" });
    send({ id: 2, method: "tools/call", params: { name: "loud", arguments: {} } });
    expect(JSON.parse(await line(1))).toMatchObject({ id: 2, result: { content: [{ text: "done" }] } });
    child.stdin.end();
    expect(await ended).toBe(0);
    expect(lines).toHaveLength(2);
    for (const said of ["printed at import", "written at import", "printed in a call"])
      expect(errors()).toContain(said);
  },
);

test("[LOAD-06] tools export prints what a model API takes", { timeout: 60_000 }, async () => {
  const home = await folder({ "a.ts": toolFile("a", "x"), "b.mjs": `export const b = () => "b";` });
  const args = ["--tool", join(home, "a.ts#a"), "--tool", `ops.b=${join(home, "b.mjs#b")}`];
  const asked = speak(["tools", "export", "--format", "openai", ...args]);
  expect([await asked.ended, asked.errors()]).toEqual([0, ""]);
  expect(JSON.parse(asked.lines.join("\n"))).toEqual([
    {
      type: "function",
      function: {
        name: "a",
        description: "Says x.",
        parameters: { type: "object", properties: {}, additionalProperties: false },
      },
    },
    {
      type: "function",
      function: {
        name: "ops_b",
        description: expect.any(String),
        parameters: { type: "object", properties: {} },
      },
    },
  ]);
  const failed = speak(["tools", "export", "--tool", join(home, "absent.ts#a")]);
  expect(await failed.ended).toBe(2);
  expect(failed.errors()).toContain("Cannot find");
  expect(failed.lines).toEqual([]);
});

test(
  "[ROB-31] a promise that a tool forgets costs nobody anything; what its timer throws ends the server with a sentence",
  { timeout: 120_000 },
  async () => {
    const home = await folder({
      "stray.ts": `export function forgets(): string { void Promise.reject(new Error("nobody waits")); return "forgot"; }
export function throws(): string { setTimeout(() => { throw new Error("too late"); }, 10); return "threw"; }
`,
    });
    const path = join(home, "stray.ts");
    const { line, send, ended, errors } = speak([
      "start",
      "-t",
      "stdio",
      "--tool",
      `${path}#forgets`,
      "--tool",
      `${path}#throws`,
    ]);
    send({ id: 1, method: "initialize", params });
    await line(0);
    for (const [index, name] of ["forgets", "forgets", "throws"].entries()) {
      send({ id: index + 2, method: "tools/call", params: { name, arguments: {} } });
      expect(JSON.parse(await line(index + 1))).toMatchObject({ result: { content: [{ type: "text" }] } });
    }
    expect(await ended).toBe(1);
    expect(errors()).toContain("A promise failed that no call waited for: nobody waits");
    expect(errors()).toMatch(
      /error: A loaded module threw outside of a call, so the server ends: too late \(.*stray\.ts:2:\d+\)\n$/,
    );
  },
);
