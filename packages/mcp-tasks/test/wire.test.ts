import { Client } from "@modelcontextprotocol/client";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import { Client as OldClient } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport as OldTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { z } from "zod";
import { type FixtureServer, startFixtureServer } from "./_fixture-server.ts";
import { callRaw, declaring } from "./_raw.ts";

let server: FixtureServer;
beforeAll(async () => {
  server = await startFixtureServer();
});
afterAll(() => server.close());

const Handle = z.looseObject({ resultType: z.literal("task"), taskId: z.string() });

async function start(name: string, args: Record<string, unknown> = {}): Promise<string> {
  const { result } = await callRaw(server.url, "tools/call", { name, arguments: args });
  return Handle.parse(result).taskId;
}

async function until(taskId: string, status: string): Promise<Record<string, unknown>> {
  for (;;) {
    const { result = {} } = await callRaw(server.url, "tasks/get", { taskId });
    if (result["status"] === status) return result;
    await sleep(20);
  }
}

describe("[TASK-01] tools/call", () => {
  it("answers with a flat handle that says no more than the head of the task", async () => {
    const params = { name: "slow_compute", arguments: { seconds: 9 } };
    const { result } = await callRaw(server.url, "tools/call", params);
    expect(result).toEqual({
      resultType: "task",
      content: [],
      taskId: expect.stringMatching(/^[\da-f-]{36}$/),
      status: "working",
      createdAt: expect.stringMatching(/^\d{4}-.*Z$/),
      lastUpdatedAt: expect.any(String),
      ttlMs: 86_400_000,
      pollIntervalMs: 50,
      _meta: expect.anything(),
    });
  });

  it("runs in the request for a client that does not declare the extension there", async () => {
    const params = { name: "slow_compute", arguments: { seconds: 0, label: "now" } };
    const { result } = await callRaw(server.url, "tools/call", params, {});
    expect(result).toMatchObject({ resultType: "complete", content: [{ text: "now took 0 s" }] });
  });

  it("refuses it a tool that needs a task, and the methods of tasks", async () => {
    const missing = {
      code: -32_021,
      data: { requiredCapabilities: { extensions: { "io.modelcontextprotocol/tasks": {} } } },
    };
    const required = await callRaw(server.url, "tools/call", { name: "failing_job", arguments: {} }, {});
    expect(required.error).toMatchObject(missing);
    for (const method of ["tasks/get", "tasks/update", "tasks/cancel"]) {
      const answer = await callRaw(server.url, method, { taskId: "x", inputResponses: {} }, {});
      expect(answer.error).toMatchObject(missing);
    }
  });
});

describe("[TASK-03 TASK-04] tasks/*", () => {
  it("tells a result, a tool's own failure and a protocol error apart", async () => {
    const [done, failing, broken] = await Promise.all([
      start("slow_compute", { seconds: 0, label: "x" }),
      start("failing_job"),
      start("protocol_error_job"),
    ]);
    expect(await until(done, "completed")).toMatchObject({
      resultType: "complete",
      result: { content: [{ type: "text", text: "x took 0 s" }] },
    });
    expect(await until(failing, "completed")).toMatchObject({ result: { isError: true } });
    const failed = await until(broken, "failed");
    expect(failed).toMatchObject({ error: { code: -32_603, message: "the job broke", data: { part: 7 } } });
    expect(failed).not.toHaveProperty("result");
  });

  it("takes answers one by one and acknowledges with nothing", async () => {
    const taskId = await start("multi_input");
    expect(await until(taskId, "input_required")).toHaveProperty("inputRequests.second.method");
    const accept = { action: "accept", content: { confirm: true } };
    for (const key of ["first", "second"]) {
      const { result } = await callRaw(server.url, "tasks/update", {
        taskId,
        inputResponses: { [key]: accept },
      });
      expect(result).toEqual({ resultType: "complete", _meta: expect.anything() });
    }
    expect(await until(taskId, "completed")).toMatchObject({
      result: { content: [{ text: "got first and second" }] },
    });
  });

  it("cancels, and again", async () => {
    const taskId = await start("slow_compute", { seconds: 60 });
    for (const _time of [1, 2]) {
      const { result } = await callRaw(server.url, "tasks/cancel", { taskId });
      expect(result).toEqual({ resultType: "complete", _meta: expect.anything() });
    }
    expect(await until(taskId, "cancelled")).not.toHaveProperty("result");
  });

  it("answers -32602 for an unknown task and for an update without answers, -32601 for what there is not", async () => {
    for (const method of ["tasks/get", "tasks/update", "tasks/cancel"]) {
      const { error } = await callRaw(server.url, method, { taskId: "never", inputResponses: {} });
      expect(error).toMatchObject({ code: -32_602, data: { code: "E_TASK_UNKNOWN" } });
    }
    const taskId = await start("confirm_delete", { filename: "f" });
    expect((await callRaw(server.url, "tasks/update", { taskId })).error).toMatchObject({ code: -32_602 });
    for (const method of ["tasks/list", "tasks/result"]) {
      expect((await callRaw(server.url, method, { taskId })).error).toMatchObject({ code: -32_601 });
    }
  });

  it("needs Mcp-Name to be the id of the task", async () => {
    const taskId = await start("slow_compute", { seconds: 9 });
    const { error, status } = await callRaw(server.url, "tasks/get", { taskId }, declaring, {
      "mcp-name": "other",
    });
    expect({ status, code: error?.code }).toEqual({ status: 400, code: -32_020 });
  });
});

describe("other clients", () => {
  it("of 2026-07-28 discover the extension", async () => {
    const client = new Client({ name: "new", version: "1" }, { versionNegotiation: { mode: "auto" } });
    await client.connect(new StreamableHTTPClientTransport(new URL(server.url)));
    onTestFinished(() => client.close());
    expect(client.getServerCapabilities()?.extensions).toEqual({ "io.modelcontextprotocol/tasks": {} });
    expect(client.getServerCapabilities()).not.toHaveProperty("tasks");
  });

  it("of 2025 get results, and do not know the methods", async () => {
    const client = new OldClient({ name: "old", version: "1" });
    await client.connect(new OldTransport(new URL(server.url)));
    onTestFinished(() => client.close());
    const result = await client.callTool({ name: "slow_compute", arguments: { seconds: 0, label: "old" } });
    expect(result).toMatchObject({ content: [{ text: "old took 0 s" }] });
    const get = client.request({ method: "tasks/get", params: { taskId: "x" } }, z.looseObject({}));
    await expect(get).rejects.toMatchObject({ code: -32_601 });
    const required = client.callTool({ name: "failing_job", arguments: {} });
    await expect(required).rejects.toMatchObject({ code: -32_021 });
  });
});
