import { execFile, spawn } from "node:child_process";
import { copyFile, cp, mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { createMcpClient } from "@parley/mcp-client";
import { build } from "tsup";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { commands, line } from "../tsup.command.config.ts";
import { file } from "./_program.ts";

const app = fileURLToPath(new URL("..", import.meta.url));
const built: { outDir?: string } = {};

/** The bundle of the command as it is published, made from the sources as they are now. */
beforeAll(async () => {
  built.outDir = await mkdtemp(join(app, ".bundle-"));
  for (const part of [line, commands]) {
    await build({
      ...part,
      config: false,
      silent: true,
      entry: Object.fromEntries(
        Object.entries(part.entry).map(([name, path]) => [name, join(app, path)] as const),
      ),
      outDir: built.outDir,
      esbuildOptions: (options, context) => {
        part.esbuildOptions?.(options, context);
        options.conditions = ["@parley/source"];
      },
    });
  }
}, 60_000);

afterAll(() => rm(built.outDir ?? "", { recursive: true, force: true }));

function start(...args: readonly string[]): Promise<string> {
  return startIn(built.outDir ?? "", ...args);
}

async function startIn(folder: string, ...args: readonly string[]): Promise<string> {
  const argv = [join(folder, "cli.cjs"), "start", "--port", "0", ...args];
  // The test runner has a BASE_URL of its own.
  const env = { PATH: process.env["PATH"] };
  const child = spawn(process.execPath, argv, { env, stdio: ["ignore", "ignore", "pipe"] });
  const gone = new Promise((resolve) => child.once("exit", resolve));
  onTestFinished(async () => {
    child.kill("SIGKILL");
    await gone;
  });
  let said = "";
  for await (const chunk of child.stderr) {
    said += String(chunk);
    const url = /ready at (\S+)/.exec(said)?.[1];
    if (url !== undefined) return url;
  }
  throw new Error(`mcpserver start ended: ${said}`);
}

const tools = `
import { defineTool } from "@parley/tool-registry";
import { z } from "zod";
export const typed = defineTool({
  name: "typed",
  description: "typed",
  input: z.object({ count: z.number() }),
  handler: ({ count }) => String(count + 1),
});
export const plain = {
  name: "plain",
  inputSchema: { type: "object", properties: { when: { type: "string", format: "date" } }, required: ["when"] },
  call: async ({ when }: { when: string }) => ({ content: [{ type: "text", text: when }] }),
};
`;

/** A folder of its own beside the package's files, as `dist` is. */
async function beside(): Promise<string> {
  const folder = await mkdtemp(join(app, ".bundle-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

describe("the bundled command", () => {
  test("[START-01] answers --help and refuses a wrong flag out of one file", async () => {
    const folder = await beside();
    const alone = join(folder, "cli.cjs");
    await copyFile(join(built.outDir ?? "", "cli.cjs"), alone);
    const run = promisify(execFile);
    expect((await run(process.execPath, [alone, "--help"])).stdout).toMatch(/^Usage: mcpserver /);
    expect((await run(process.execPath, [alone, "start", "--help"])).stdout).toContain("--tool-module");
    await expect(run(process.execPath, [alone, "start", "--prot", "1"])).rejects.toMatchObject({
      code: 2,
      stderr: expect.stringContaining("--port"),
    });
    expect(await readFile(alone, "utf8")).not.toMatch(/node_modules\/(?:zod|fastify|pino)\//);
  });

  test("[START-02] answers a first call without the SDK, which later requests load", async () => {
    const folder = await beside();
    await cp(built.outDir ?? "", folder, { recursive: true });
    const later = (await readdir(folder)).filter((name) => /^(?:sdk-side|open-api-document)-/.test(name));
    expect(later).toHaveLength(2);
    const call = async (url: string, era: "modern" | "legacy") => {
      const client = createMcpClient({ url, era });
      onTestFinished(() => client.close());
      return JSON.stringify(await client.callTool("simple_echo", { message: "here" }));
    };
    const whole = await startIn(folder);
    for (const name of later) await rm(join(folder, name));
    expect(await call(await startIn(folder), "modern")).toContain("here");
    await expect(call(await startIn(folder), "legacy")).rejects.toThrow(/failed to answer|500/);
    // What was started before has not loaded it either.
    await expect(call(whole, "legacy")).rejects.toThrow(/failed to answer|500/);
    expect(await call(await start(), "legacy")).toContain("here");
  });

  test("serves tools of a TypeScript file, and checks arguments by zod and by JSON Schema", async () => {
    const path = await file("tools.ts", tools);
    const url = await start("--tool", `${path}#typed`, "--tool", `${path}#plain`);
    const client = createMcpClient({ url });
    onTestFinished(() => client.close());
    const call = async (name: string, args: Record<string, unknown>) => {
      const { content, isError = false } = await client.callTool(name, args);
      return `${String(isError)} ${JSON.stringify(content)}`;
    };
    expect(await call("typed", { count: 1 })).toMatch(/^false .*"2"/);
    expect(await call("typed", { count: "x" })).toMatch(/^true .*count/);
    expect(await call("plain", { when: "2026-01-31" })).toMatch(/^false .*2026-01-31/);
    expect(await call("plain", { when: "soon" })).toMatch(/^true .*when/);
    expect(await call("plain", {})).toMatch(/^true .*required/);
    const document: unknown = await (await fetch(url.replace(/\/mcp$/, "/openapi.json"))).json();
    expect(document).toMatchObject({ info: { title: "mcpserver" }, paths: { "/health": {} } });
  });

  test("holds the licenses of what is inside, and nothing that is to stay outside", async () => {
    const notices = await readFile(join(built.outDir ?? "", "third-party-licenses.txt"), "utf8");
    expect(notices).toMatch(/^zod \d[\d.]+: MIT$/m);
    expect(notices).toMatch(/^fastify \d[\d.]+: MIT$/m);
    expect(notices).not.toMatch(/^(?:better-sqlite3|jiti|undici) /m);
  });

  test("serves pages of other origins, takes tokens of an issuer and keeps an audit log", async () => {
    const log = await file("audit.jsonl", "");
    const url = await start(
      "--cors-origin=https://app.example",
      `--audit-log=${log}`,
      "--oauth-issuer=http://127.0.0.1:9",
      "--oauth-audience=https://hub.test/mcp",
    );
    const authorization = "Bearer eyJhbGciOiJFUzI1NiJ9.e30.e30";
    const answer = await fetch(url, { headers: { origin: "https://app.example", authorization } });
    expect([answer.status, answer.headers.get("access-control-allow-origin")]).toEqual([
      503,
      "https://app.example",
    ]);
    await expect.poll(() => readFile(log, "utf8")).toContain("E_AUTH_UNAVAILABLE");
  });
});
