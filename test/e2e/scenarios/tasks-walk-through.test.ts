import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import { execute, plainColors } from "@parley/cli";
import type { Io } from "@parley/cli";
import { expect, onTestFinished } from "vitest";
import { z } from "zod";
import { createProgram } from "../../../apps/proxy/src/program.ts";
import { connect, fromSource, scratch, serve, sqliteMissing } from "../../../apps/tasks/test/_process.ts";
import { inspector, runClient } from "../harness/other-clients.ts";
import { createTranslation, exchangesOf, withoutTimes } from "../harness/transcript.ts";
import { verifies } from "../verifies.ts";

const root = new URL("../../../", import.meta.url);
const guide = await readFile(new URL("docs/guides/tasks-walk-through.md", root), "utf8");
const address = "http://127.0.0.1:8089";
const blocks = Array.from(guide.matchAll(/```json\n([^]*?)```/g), ([, block = ""]) => block);

async function mcpo(args: readonly string[]): Promise<string> {
  const said: string[] = [];
  const io: Io = {
    out: (text) => void said.push(text),
    err: () => undefined,
    env: {},
    interactive: false,
    width: 100,
    colors: plainColors,
    signal: AbortSignal.timeout(60_000),
  };
  expect(await execute(createProgram(io), args, io)).toBe(0);
  return said.join("\n");
}

/** What the Inspector prints; where it is not installed, what our client reads as the Inspector shows it. */
async function inspect(args: readonly string[]): Promise<string> {
  if (inspector !== undefined) return JSON.stringify(await runClient(inspector, args, {}), null, 2);
  const [, url = "", , , , uri = ""] = args;
  const { contents } = z
    .looseObject({ contents: z.unknown() })
    .parse(await connect(url).client.readResource(uri));
  return JSON.stringify({ contents }, null, 2);
}

/** A stream's text until as many events have come as are waited for. */
async function follow(url: string, events: number): Promise<string> {
  const stop = new AbortController();
  const { body } = await fetch(url, { signal: stop.signal });
  let text = "";
  for await (const piece of (body ?? new ReadableStream()).pipeThrough(new TextDecoderStream())) {
    text += piece;
    if ((text.match(/^data: .*\n\n/gm) ?? []).length >= events) break;
  }
  stop.abort();
  return text.trimEnd();
}

verifies(["PLN-54"], "the walk-through of tasks prints what it says", async (context) => {
  const missing = await sqliteMissing();
  context.skip(missing !== undefined, missing);
  const [started, ...exchanges] = exchangesOf(guide);
  const [, , port, , , , ...allowed] = started?.words.slice(0, -1) ?? [];
  expect([port, started?.printed]).toEqual(["--port", `parley-tasks ready at ${address}/mcp`]);
  const folder = await scratch();
  const { base } = await serve(["--tasks", join(folder, "lab.db"), ...allowed]);
  await writeFile(join(folder, "lab.json"), (blocks[0] ?? "").replaceAll(address, base));
  const ids = createTranslation();
  const type = async ([program, ...words]: readonly string[], printed: string): Promise<string> => {
    const args = words.map((word) =>
      word === "lab.json" ? join(folder, word) : ids.apply(word.replaceAll(address, base)),
    );
    if (program === "curl") return await follow(args.at(-1) ?? "", printed.match(/^id: /gm)?.length ?? 0);
    return args[0] === "mcpo" ? await mcpo(args.slice(1)) : await inspect(args.slice(1));
  };
  expect(exchanges.length).toBeGreaterThan(15);
  for (const { words, printed } of exchanges) {
    const here = await type(words, printed);
    ids.learn(printed, here);
    expect(withoutTimes(here)).toBe(withoutTimes(ids.apply(printed)));
  }
});

const Desktop = z.strictObject({
  mcpServers: z.strictObject({
    tasks: z.strictObject({ command: z.literal("npx"), args: z.array(z.string()) }),
  }),
});

verifies(
  ["PLN-55"],
  "its configuration of Claude Desktop starts a queue that needs no tokens",
  async (context) => {
    const missing = await sqliteMissing();
    context.skip(missing !== undefined, missing);
    const { args } = Desktop.parse(JSON.parse(blocks[1] ?? "")).mcpServers.tasks;
    expect(args.slice(0, 3)).toEqual(["-y", "--package=@parley/tasks", "parley-tasks"]);
    const client = new Client({ name: "desktop", version: "1.0.0" });
    onTestFinished(() => client.close());
    const home = await scratch();
    await client.connect(
      new StdioClientTransport({
        command: process.execPath,
        args: [...fromSource, ...args.slice(3)],
        env: { HOME: home, PATH: process.env["PATH"] ?? "" },
        cwd: fileURLToPath(root),
        stderr: "ignore",
      }),
    );
    const call = async (name: string, input: Record<string, unknown> = {}) =>
      z
        .looseObject({ structuredContent: z.looseObject({ id: z.string().optional() }) })
        .parse(await client.callTool({ name, arguments: input })).structuredContent;
    const { id } = await call("add_task", { description: "Write a haiku about MCP" });
    await call("get_next_task");
    expect(await call("complete_task", { task_id: id, result: "done" })).toMatchObject({
      id,
      status: "completed",
    });
  },
);
