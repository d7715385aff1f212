import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readSettings, start } from "@parley/mcpserver";
import type { Running } from "@parley/mcpserver";
import { expect, onTestFinished, test } from "vitest";
import { z } from "zod";

/** A tool that is always a task. */
const slow = `
export const slow = {
  name: "slow", description: "Slow.", task: "required",
  inputSchema: { type: "object", properties: {} },
  call: async () => ({ content: [{ type: "text", text: "done" }] }),
};
`;

test("[TASK-02] the long calls of a plain server with a store outlive it", async () => {
  const directory = await mkdtemp(join(tmpdir(), "parley-plain-"));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  await writeFile(join(directory, "slow.mjs"), slow);
  const flags = {
    tool: [join(directory, "slow.mjs#slow")],
    port: "0",
    database: `json://${join(directory, "store")}`,
  };
  const serve = async (): Promise<Running> =>
    start(await readSettings({ flags, env: { HOME: directory } }), { env: {}, notice: () => undefined });

  const first = await serve();
  const taskId = await called(first);
  await first.close();
  const second = await serve();
  onTestFinished(() => second.close());
  expect(await post(second, "tasks/get", { taskId })).toMatchObject({
    result: { status: "completed", result: { content: [{ text: "done" }] } },
  });
});

async function called(server: Running): Promise<string> {
  const { result } = await post(server, "tools/call", { name: "slow", arguments: {} });
  const { taskId } = z.object({ taskId: z.string() }).parse(result);
  await expect
    .poll(() => post(server, "tasks/get", { taskId }), { timeout: 30_000 })
    .toMatchObject({ result: { status: "completed" } });
  return taskId;
}

const Answer = z.object({ result: z.looseObject({}).optional(), error: z.looseObject({}).optional() });

/** Sends one request of a client that follows tasks. */
async function post({ url = "" }: Running, method: string, params: Readonly<Record<string, unknown>>) {
  const scope = "io.modelcontextprotocol";
  const _meta = {
    [`${scope}/protocolVersion`]: "2026-07-28",
    [`${scope}/clientInfo`]: { name: "test", version: "0" },
    [`${scope}/clientCapabilities`]: { extensions: { [`${scope}/tasks`]: {} } },
  };
  const answer = await fetch(url, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      accept: "application/json, text/event-stream",
      "mcp-protocol-version": "2026-07-28",
      "mcp-method": method,
      "mcp-name": String(params["name"] ?? params["taskId"]),
    },
    body: JSON.stringify({ jsonrpc: "2.0", id: 1, method, params: { ...params, _meta } }),
  });
  return Answer.parse(await answer.json());
}
