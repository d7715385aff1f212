import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { option, reads } from "@parley/cli";
import type { Io } from "@parley/cli";
import { createMcpClient } from "@parley/mcp-client";
import { adapterProgram } from "@parley/mcpserver/program";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { greeterProgram, withGreeter } from "./_adapter.ts";
import type { Seen } from "./_adapter.ts";
import { file, run } from "./_program.ts";

const build = greeterProgram({ contexts: [], closed: 0 });

async function said(url: string, token?: string): Promise<string> {
  const client = createMcpClient({ url, ...(token === undefined ? {} : { token }) });
  try {
    const { content, structuredContent } = await client.callTool("greet", { name: "Ada" });
    return JSON.stringify(structuredContent ?? content);
  } finally {
    await client.close();
  }
}

describe("[ADP-01] options of an adapter's program", () => {
  test("--help has its own, those of start with its defaults, and examples", async () => {
    const { code, out } = await run(["--help"], { build });
    expect(code).toBe(0);
    expect(out).toMatch(/--greeting <word> +how to greet \(default hello, GREETER_GREETING\)/);
    expect(out).toMatch(/--transport <kind>[^)]*\)[^)]*default\s+stdio/);
    expect(out).toContain("--token-file <file>");
    expect(out).toContain("parley-greeter --greeting hi");
    expect((await run(["--version"], { build })).out).toBe("7.8.9");
  });

  test("come from the default, the file, variables and flags, each over the one before", async () => {
    const config = await file("c.yaml", "greeter: {greeting: ahoy}");
    const with_ = (argv: string[], env = {}) =>
      withGreeter(["--port", "0", ...argv], async (url) => await said(url), env);
    expect(await with_([])).toContain("hello Ada");
    expect(await with_(["--config", config])).toContain("ahoy Ada");
    expect(await with_(["--config", config], { GREETER_GREETING: "hi" })).toContain("hi Ada");
    expect(await with_(["--greeting", "yo", "--config", config], { GREETER_GREETING: "hi" })).toContain(
      "yo Ada",
    );
  });

  test("are refused when they are wrong, wherever they stand", async () => {
    expect(await run(["--greting", "x"], { build })).toMatchObject({
      code: 2,
      err: expect.stringContaining("--greeting"),
    });
    const unknown = await file("c.yaml", "greeter: {greting: x}");
    expect(await run(["--config", unknown], { build })).toMatchObject({
      code: 2,
      err: expect.stringMatching(/greeter\.greting.*did you mean "greeter\.greeting"/),
    });
    const wrong = await file("c.yaml", "greeter:\n  rest: perhaps");
    expect(await run(["--config", wrong], { build })).toMatchObject({
      code: 2,
      err: expect.stringMatching(/c\.yaml:2:\d+: greeter\.rest: "perhaps" is not true or false/),
    });
  });

  test("--print-config shows them", async () => {
    const { code, out } = await run(["--print-config", "--json", "--greeting", "yo", "--rest"], { build });
    expect(code).toBe(0);
    const { settings } = JSON.parse(out);
    expect(settings).toMatchObject({
      "--greeting": { value: "yo", from: ["--greeting"] },
      "--transport": { value: "sse", origin: "default" },
    });
  });

  test("cannot take a flag of start", async () => {
    const options = { port: option({ flags: "--port <where>", description: "of a ship", read: reads.text }) };
    const open = () => ({ origin: "ship", tools: [] });
    const about = { program: "ship", description: "Sail.", version: "1.0.0" };
    const ship = (io: Io) => adapterProgram(io, { ...about, options, open });
    await expect(run(["--help"], { build: ship })).rejects.toThrow(/--port/);
  });
});

describe("[ADP-02] what an adapter's program serves", () => {
  test("its own items alone, under its own name", async () => {
    const seen = await withGreeter(["--port", "0"], async (url) => {
      const client = createMcpClient({ url });
      try {
        const tools = (await client.listTools()).map(({ name }) => name);
        const prompts = (await client.listPrompts()).map(({ name }) => name);
        const health = await (await fetch(new URL("/health", url))).json();
        return { tools, prompts, info: client.server, health };
      } finally {
        await client.close();
      }
    });
    expect(seen.tools).toEqual(["greet"]);
    expect(seen.prompts).toEqual([]);
    expect(JSON.stringify(seen.info)).toMatch(/parley-greeter.*7\.8\.9|7\.8\.9.*parley-greeter/);
    expect(seen.health).toMatchObject({ version: "7.8.9", mode: "plain" });
  });

  test("and what else is named; --exclude holds for all", async () => {
    const path = await file(
      "t.mjs",
      'export const shout = { name: "shout", tags: [], inputSchema: { type: "object" }, async call() { return { content: [] }; } };',
    );
    const names = (argv: string[]) =>
      withGreeter(["--port", "0", "--tool", `${path}#shout`, ...argv], async (url) => {
        const client = createMcpClient({ url });
        try {
          return (await client.listTools()).map(({ name }) => name);
        } finally {
          await client.close();
        }
      });
    expect(await names([])).toEqual(["greet", "shout"]);
    expect(await names(["--exclude", "polite"])).toEqual(["shout"]);
  });
});

describe("[ADP-03] routes of an adapter", () => {
  const get = async (url: string, path: string, token?: string) => {
    const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
    const response = await fetch(new URL(path, url), { headers });
    return { status: response.status, body: await response.json() };
  };

  test("call tools, and say why they do not", async () => {
    await withGreeter(["--rest"], async (url) => {
      expect(await get(url, "/greet?name=Ada")).toEqual({ status: 200, body: { said: "hello Ada" } });
      expect(await get(url, "/greet?nam=Ada")).toMatchObject({ status: 400 });
      expect(await get(url, "/nowhere")).toMatchObject({ status: 404 });
    });
  });

  test("ask for the server's credential and a scope, count into its rate, and are in its audit log", async () => {
    const tokens = join(dirname(await file("unused", "")), "tokens.json");
    const added = await run(["token", "add", "reader", "--tokens", tokens, "--scopes", "read", "--json"]);
    expect(added.code).toBe(0);
    const { token } = z.object({ token: z.string() }).parse(JSON.parse(added.out));
    const audit = join(dirname(tokens), "audit.jsonl");
    const argv = ["--rest", "--tokens", tokens, "--audit-log", audit, "--rate-limit", "3/min"];
    await withGreeter(argv, async (url) => {
      expect(await get(url, "/greet?name=Ada")).toMatchObject({ status: 401 });
      expect(await get(url, "/greet?name=Ada", token)).toMatchObject({
        status: 403,
        body: { error: { code: "E_AUTH_FORBIDDEN" } },
      });
      expect(await get(url, "/secret", token)).toMatchObject({ status: 403 });
      await get(url, "/secret", token);
      expect(await get(url, "/greet?name=Ada", token)).toMatchObject({ status: 429 });
    });
    const lines = (await readFile(audit, "utf8"))
      .trim()
      .split("\n")
      .map((line): unknown => JSON.parse(line));
    expect(lines).toContainEqual(
      expect.objectContaining({ kind: "tool", name: "greet", caller: "reader", code: "E_AUTH_FORBIDDEN" }),
    );
    expect(JSON.stringify(lines)).not.toContain(token);
  });
});

test("[ADP-04] a port asks for HTTP, and the end frees what was opened", async () => {
  const held: { seen?: Seen } = {};
  const context = await withGreeter(["--port", "0"], async (_url, seen) => {
    held.seen = seen;
    return seen.contexts[0];
  });
  expect(context).toMatchObject({ transport: "http" });
  expect(context?.signal.aborted).toBe(true);
  expect(held.seen?.closed).toBe(1);
});
