import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { ParleyError } from "@parley/core";
import { createMcpClient } from "@parley/mcp-client";
import type { McpClient } from "@parley/mcp-client";
import { createQueue } from "@parley/queue";
import { onTestFinished } from "vitest";
import { z } from "zod";

const root = fileURLToPath(new URL("../../../", import.meta.url));
const loader = new URL("../../../node_modules/tsx/dist/esm/index.mjs", import.meta.url).href;

/** Arguments of node that run `parley-tasks` from source. */
export const fromSource = [
  "--conditions=@parley/source",
  "--import",
  loader,
  join(root, "apps/tasks/src/cli.ts"),
];

/** Why these tests cannot run here; absent when they can. */
export async function sqliteMissing(): Promise<string | undefined> {
  try {
    await (await createQueue({ path: ":memory:", sweepMs: 0 })).close();
    return undefined;
  } catch (error) {
    if (ParleyError.isInstance(error) && error.code === "E_DATABASE_DRIVER")
      return `skipped: ${error.message}`;
    throw error;
  }
}

/** An empty folder that is gone after the test. */
export async function scratch(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), "parley-tasks-"));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  return directory;
}

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function start(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const child = spawn(process.execPath, [...fromSource, ...args], {
    cwd: root,
    env: { PATH: process.env["PATH"], NO_COLOR: "1", ...env },
  });
  const said = { stdout: "", stderr: "" };
  child.stdout.setEncoding("utf8").on("data", (text: string) => (said.stdout += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (said.stderr += text));
  onTestFinished(() => kill(child));
  return { child, said };
}

/** kill -9, and waits until it is gone. */
export async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, "close");
  child.kill("SIGKILL");
  await ended;
}

/** Runs `parley-tasks` to its end. */
export async function run(args: readonly string[], env?: Readonly<Record<string, string>>): Promise<Ended> {
  const { child, said } = start(args, env);
  child.stdin.end();
  await once(child, "close");
  return { code: child.exitCode, ...said };
}

/** Starts `parley-tasks` over HTTP, and waits until it says where it listens. */
export async function serve(
  args: readonly string[],
): Promise<{ url: string; base: string; child: ChildProcess }> {
  const { child, said } = start(["--port", "0", "--no-page", ...args]);
  for (;;) {
    const url = /ready at (\S+)/.exec(said.stderr)?.[1];
    if (url !== undefined) return { url, base: url.replace(/\/mcp$/, ""), child };
    if (child.exitCode !== null) throw new Error(`It ended with ${child.exitCode}: ${said.stderr}`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

const Answer = z.looseObject({
  isError: z.boolean().default(false),
  structuredContent: z.record(z.string(), z.unknown()).default({}),
  content: z.array(z.looseObject({ text: z.string().default("") })).default([]),
});

const Contents = z.object({ contents: z.tuple([z.looseObject({ text: z.string() })]).rest(z.unknown()) });

export interface Client {
  readonly client: McpClient;
  /** The structured answer. @throws for a tool that failed */
  call(name: string, args?: Readonly<Record<string, unknown>>): Promise<Record<string, unknown>>;
  /** A resource whose text is JSON. */
  read(uri: string): Promise<unknown>;
}

/** A client of revision 2026-07-28, closed after the test. */
export function clientOf(client: McpClient): Client {
  onTestFinished(() => client.close());
  return {
    client,
    async call(name, args = {}) {
      const { isError, structuredContent, content } = Answer.parse(await client.callTool(name, args));
      if (isError) throw new Error(content.map(({ text }) => text).join("\n"));
      return structuredContent;
    },
    async read(uri) {
      const { contents } = Contents.parse(await client.readResource(uri));
      return JSON.parse(contents[0].text);
    },
  };
}

export const connect = (url: string): Client => clientOf(createMcpClient({ url, timeoutMs: 60_000 }));
