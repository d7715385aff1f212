import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readSettings, start } from "@parley/mcpserver";
import type { Running } from "@parley/mcpserver";
import { onTestFinished } from "vitest";

export const secret = "potato-potato";

/** A temporary directory that goes when the test does. */
export async function scratch(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), "parley-e2e-"));
  onTestFinished(() => rm(directory, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 }));
  return directory;
}

export interface Node extends Running {
  /** Address without the MCP path. */
  readonly base: string;
  readonly url: string;
  readonly stateDir: string;
  readonly notices: readonly string[];
}

/** `mcpserver start` with these flags, in this process, on a free loopback port. */
export async function startNode(
  flags: Readonly<Record<string, unknown>>,
  env: Readonly<Record<string, string>> = {},
): Promise<Node> {
  const stateDir = typeof flags["stateDir"] === "string" ? flags["stateDir"] : await scratch();
  const notices: string[] = [];
  const reread = () => readSettings({ flags: { port: "0", ...flags, stateDir }, env });
  const running = await start(await reread(), {
    env: { PATH: process.env["PATH"], HOME: stateDir, ...env },
    notice: (text) => notices.push(text),
    reread,
    watchEveryMs: 20,
  });
  onTestFinished(() => running.close());
  const url = running.url ?? "";
  return { ...running, url, base: url.replace(/\/mcp$/, ""), stateDir, notices };
}

/** A hub; heartbeats come every second so that loss is seen quickly. */
export function startHub(flags: Readonly<Record<string, unknown>> = {}, env = {}): Promise<Node> {
  return startNode({ hub: true, hubSecret: secret, heartbeat: "1", ...flags }, env);
}

/** A worker that has joined a hub. */
export async function startWorker(
  hub: { readonly base: string },
  id: string,
  flags: Readonly<Record<string, unknown>> = {},
  env: Readonly<Record<string, string>> = {},
): Promise<Node> {
  const node = await startNode({ join: hub.base, joinSecret: secret, workerId: id, ...flags }, env);
  const joined = await node.membership?.first;
  if (joined?.kind !== "joined") throw new Error(`${id} did not join: ${JSON.stringify(joined)}`);
  return node;
}
