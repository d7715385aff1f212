import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client as OldClient } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { ParleyError } from "@parley/core";
import { createMcpClient } from "@parley/mcp-client";
import type { McpClient, McpCommonOptions } from "@parley/mcp-client";
import { createCommandExecutor, createOrchestrator } from "@parley/orchestrator";
import type { Orchestrator, OrchestratorOptions } from "@parley/orchestrator";
import { eventFeed } from "@parley/orchestrator/feed";
import { createTaskTools } from "@parley/orchestrator/tools";
import { createQueue } from "@parley/queue";
import type { Queue, QueueOptions } from "@parley/queue";
import { createServer } from "@parley/server";
import { createRegistry } from "@parley/tool-registry";
import { onTestFinished } from "vitest";
import { z } from "zod";

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
  const directory = await mkdtemp(join(tmpdir(), "parley-orchestrator-"));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  return directory;
}

/** A queue that retries at once, closed after the test. */
export async function openQueue(options: Partial<QueueOptions> = {}): Promise<Queue> {
  const queue = await createQueue({
    path: ":memory:",
    sweepMs: 50,
    backoff: { baseMs: 0, capMs: 0 },
    ...options,
  });
  onTestFinished(() => queue.close());
  return queue;
}

export interface TestServer {
  readonly url: string;
  readonly base: string;
  readonly queue: Queue;
  readonly orchestrator: Orchestrator;
}

/** The tools on a server of their own. */
export async function startDesk(
  parts: Partial<Omit<OrchestratorOptions, "store">> & {
    readonly queue?: Partial<QueueOptions> | undefined;
  } = {},
): Promise<TestServer> {
  const { queue: queueOptions, ...options } = parts;
  const queue = await openQueue(queueOptions);
  const executors = options.executors ?? [createCommandExecutor({ allow: [] })];
  const orchestrator = createOrchestrator({ ...options, executors, store: queue });
  const toolkit = createTaskTools({ queue, orchestrator });
  const registry = createRegistry();
  registry.replace(toolkit.origin, toolkit);
  const server = createServer({ name: "tasks", version: "1", registry, tasks: { taskAfterMs: 20 } });
  await server.app.register(eventFeed({ queue }));
  const { url: base } = await server.listen();
  onTestFinished(async () => {
    await server.close();
    await toolkit.close();
  });
  return { base, url: `${base}/mcp`, queue, orchestrator };
}

/** A client of revision 2026-07-28. */
export function modern(url: string, options: McpCommonOptions = {}): McpClient {
  const client = createMcpClient({ url, ...options });
  onTestFinished(() => client.close());
  return client;
}

/** The client of the 2025 revisions that most programs use. */
export async function legacy(url: string): Promise<OldClient> {
  const client = new OldClient({ name: "old", version: "1" });
  await client.connect(new StreamableHTTPClientTransport(new URL(url)));
  onTestFinished(() => client.close());
  return client;
}

const Result = z.looseObject({
  content: z.array(z.looseObject({ text: z.string().default("") })),
  structuredContent: z.unknown().optional(),
  isError: z.boolean().default(false),
  _meta: z.record(z.string(), z.unknown()).optional(),
});

// oxlint-disable-next-line typescript/no-explicit-any -- tests look into answers whose shape they assert
type Loose = any;

interface Said {
  readonly text: string;
  readonly value: Loose;
  readonly isError: boolean;
  /** The refusal's own code, or else the error's. */
  readonly code: string | undefined;
}

/** Speaks with a server as a program of one era does. */
export interface Speaker {
  call(name: string, args?: Readonly<Record<string, unknown>>): Promise<Said>;
  read(uri: string): Promise<Loose>;
  readParts(uri: string): Promise<readonly { readonly uri: string; readonly text: string }[]>;
}

function said(raw: unknown): Said {
  const { content, structuredContent, isError, _meta } = Result.parse(raw);
  const error: Loose = _meta?.["parley/error"];
  return {
    text: content.map(({ text }) => text).join("\n"),
    value: structuredContent,
    isError,
    code: error?.details?.code ?? error?.code,
  };
}

const Contents = z.looseObject({
  contents: z.array(z.object({ uri: z.string(), text: z.string() }).loose()),
});

function speaker(
  callTool: (name: string, args: Readonly<Record<string, unknown>>) => Promise<unknown>,
  readResource: (uri: string) => Promise<unknown>,
): Speaker {
  const readParts = async (uri: string) => Contents.parse(await readResource(uri)).contents;
  return {
    call: async (name, args = {}) => said(await callTool(name, args)),
    readParts,
    read: async (uri) => JSON.parse((await readParts(uri))[0]?.text ?? ""),
  };
}

/** One client of each era. */
export const eras = ["2025", "2026"] as const;

export async function speak(era: (typeof eras)[number], url: string): Promise<Speaker> {
  if (era === "2026") {
    const client = modern(url);
    return speaker(
      (name, args) => client.callTool(name, args),
      (uri) => client.readResource(uri),
    );
  }
  const client = await legacy(url);
  return speaker(
    (name, args) => client.callTool({ name, arguments: args }),
    (uri) => client.readResource({ uri }),
  );
}
