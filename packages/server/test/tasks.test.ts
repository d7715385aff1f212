import { setTimeout as sleep } from "node:timers/promises";
import { PassThrough } from "node:stream";
import { createMemoryTaskStore } from "@parley/mcp-tasks";
import { type ParleyServer, type ServerOptions, serveStdio, staticToken } from "@parley/server";
import { ask, createRegistry, defineTool, type Tool, toolResult } from "@parley/tool-registry";
import { describe, expect, it, vi } from "vitest";
import { z } from "zod";
import { gate, inject, modernClient, modernRequest, oldClient, registryOf, testServer } from "./support.ts";

const follows = {
  "io.modelcontextprotocol/clientCapabilities": {
    elicitation: {},
    extensions: { "io.modelcontextprotocol/tasks": {} },
  },
};
const Empty = z.object({});
/** Longer than anything here takes on a busy machine. */
const patient = { timeout: 30_000 };
const yesNo = ask.form({ message: "Sure?", schema: z.object({ ok: z.boolean() }) });

/** Waits for what the test gives it, in whatever way it is asked to. */
function heldTool(known: Partial<Tool> = {}) {
  const released = gate<string>();
  const seen: { aborted?: unknown; mayOutlive?: boolean | undefined } = {};
  const tool = defineTool({
    name: "held",
    description: "Waits.",
    task: "optional",
    input: z.object({ n: z.number().default(1) }),
    handler: async ({ n }, context) => {
      const { signal } = context;
      seen.mayOutlive = context.mayOutlive;
      context.progress(n, 4, "on it");
      signal.addEventListener("abort", () => (seen.aborted = signal.reason));
      const aborted = new Promise((_resolve, reject) => {
        signal.addEventListener("abort", () => reject(signal.reason));
      });
      return await Promise.race([released.opened, aborted]);
    },
  });
  return { tool: { ...tool, ...known }, release: released.open, seen };
}

function serve(tools: readonly Tool[], options: Partial<ServerOptions> = {}): ParleyServer {
  return testServer({ registry: registryOf(tools), tasks: { taskAfterMs: 20, longCallMs: 60 }, ...options });
}

interface Sending {
  readonly meta?: object | undefined;
  readonly token?: string | undefined;
}

async function send(
  server: ParleyServer,
  method: string,
  params: Record<string, unknown>,
  { meta = follows, token }: Sending = {},
) {
  const request = modernRequest(method, params, meta);
  const headers = {
    ...request.headers,
    ...(typeof params["taskId"] === "string" ? { "mcp-name": params["taskId"] } : {}),
    ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
  };
  const reply = await inject(server, { ...request, headers });
  return z
    .object({ result: z.looseObject({}).optional(), error: z.looseObject({}).optional() })
    .parse(reply.json());
}

const call = async (server: ParleyServer, name: string, sending?: Sending) =>
  await send(server, "tools/call", { name, arguments: {} }, sending);

const Handle = z.looseObject({ resultType: z.literal("task"), taskId: z.string() });

async function startTask(server: ParleyServer, name: string, sending?: Sending): Promise<string> {
  return Handle.parse((await call(server, name, sending)).result).taskId;
}

async function until(server: ParleyServer, taskId: string, status: string, sending?: Sending) {
  return await vi.waitFor(async () => {
    const { result } = await send(server, "tasks/get", { taskId }, sending);
    expect(result).toMatchObject({ status });
    return result;
  }, patient);
}

describe("[TASK-01] an optional tool, for a client that follows tasks", () => {
  it("answers at once when it is quick", async () => {
    const { tool, release } = heldTool();
    release("quick");
    const server = serve([tool], { tasks: { taskAfterMs: 5000 } });
    expect((await call(server, "held")).result).toMatchObject({
      resultType: "complete",
      content: [{ text: "quick" }],
    });
  });

  it("becomes a task when it is not, without a deadline", async () => {
    const { tool, release, seen } = heldTool();
    const server = serve([tool], { requestTimeoutMs: 30 });
    const taskId = await startTask(server, "held");
    expect(seen.mayOutlive).toBe(true);
    await sleep(60);
    expect((await send(server, "tasks/get", { taskId })).result).toMatchObject({ status: "working" });
    release("slow");
    expect(await until(server, taskId, "completed")).toMatchObject({
      result: { resultType: "complete", content: [{ text: "slow" }] },
    });
  });

  it("stops when it is cancelled, and not when its request is over", async () => {
    const { tool, seen } = heldTool();
    const server = serve([tool]);
    const taskId = await startTask(server, "held");
    await sleep(20);
    expect(seen.aborted).toBeUndefined();
    await send(server, "tasks/cancel", { taskId });
    expect(seen.aborted).toBeInstanceOf(Error);
    await until(server, taskId, "cancelled");
  });

  it("stays in its request when there is no room for a task", async () => {
    const { tool, release } = heldTool();
    const server = serve([tool], { tasks: { taskAfterMs: 20, maxPerOwner: 1 } });
    await startTask(server, "held");
    const second = call(server, "held");
    await sleep(60);
    release("both");
    expect((await second).result).toMatchObject({ resultType: "complete", content: [{ text: "both" }] });
  });

  it("is refused as any tool for want of a scope", async () => {
    const { tool } = heldTool({ scope: "dispatch" });
    const authenticator = staticToken("t", { name: "reader", scopes: new Set(["read"]) });
    const request = modernRequest("tools/call", { name: "held" }, follows);
    const headers = { ...request.headers, authorization: "Bearer t" };
    const reply = await inject(serve([tool], { authenticator }), { ...request, headers });
    expect(reply.statusCode).toBe(403);
  });
});

describe("[TASK-01] a required tool", () => {
  it("is a task from its start, and no call for others", async () => {
    const { tool, release } = heldTool({ task: "required" });
    release("at once");
    const server = serve([tool]);
    expect(await until(server, await startTask(server, "held"), "completed")).toMatchObject({
      result: { content: [{ text: "at once" }] },
    });
    expect((await call(server, "held", { meta: {} })).error).toMatchObject({
      code: -32_021,
      message: expect.stringContaining('Tool "held"'),
      data: { requiredCapabilities: { extensions: { "io.modelcontextprotocol/tasks": {} } } },
    });
  });

  it("fails when what it answers is no result", async () => {
    const bad: Tool = {
      name: "bad",
      inputSchema: { type: "object" },
      task: "required",
      call: async () => ({ content: [{ type: "hologram" }] }),
    };
    const server = serve([bad]);
    expect(await until(server, await startTask(server, "bad"), "failed")).toMatchObject({
      error: { code: -32_602, message: "Invalid tools/call result" },
    });
  });
});

describe("[TASK-03] questions of a tool", () => {
  const asking = (task: "optional" | "required", patienceMs = 0): Tool =>
    defineTool({
      name: "asks",
      description: "Asks.",
      task,
      input: Empty,
      handler: async (_args, context) => {
        await sleep(patienceMs);
        const { sure } = await context.input({ sure: yesNo });
        return `${sure.action} ${String(sure.content?.ok)}`;
      },
    });
  const accept = (content: unknown) => ({ sure: { action: "accept", content } });

  it.each([
    ["required", 0],
    ["optional", 600],
  ] as const)("are asked by the task: %s", async (task, patienceMs) => {
    const server = serve([asking(task, patienceMs)]);
    const taskId = await startTask(server, "asks");
    expect(await until(server, taskId, "input_required")).toMatchObject({
      inputRequests: { sure: { method: "elicitation/create", params: { message: "Sure?" } } },
    });
    await send(server, "tasks/update", { taskId, inputResponses: accept({ ok: "maybe" }) });
    expect(await until(server, taskId, "input_required")).toHaveProperty("inputRequests.sure_2");
    const { sure } = accept({ ok: true });
    await send(server, "tasks/update", { taskId, inputResponses: { sure_2: sure } });
    expect(await until(server, taskId, "completed")).toMatchObject({
      result: { content: [{ text: "accept true" }] },
    });
  });

  it("go out on the request while it is one", async () => {
    const server = serve([asking("optional")], { tasks: { taskAfterMs: 5000 } });
    const { result } = await call(server, "asks");
    expect(result).toMatchObject({ resultType: "input_required", inputRequests: { sure: {} } });
    const requestState = result?.["requestState"];
    const params = { name: "asks", arguments: {}, requestState, inputResponses: accept({ ok: true }) };
    expect((await send(server, "tools/call", params)).result).toMatchObject({
      resultType: "complete",
      content: [{ text: "accept true" }],
    });
  });

  it("are refused where the client cannot answer them", async () => {
    const server = serve([asking("required")]);
    const tasksOnly = { extensions: { "io.modelcontextprotocol/tasks": {} } };
    const meta = { "io.modelcontextprotocol/clientCapabilities": tasksOnly };
    const taskId = await startTask(server, "asks", { meta });
    expect(await until(server, taskId, "failed")).toMatchObject({
      error: { code: -32_021, data: { requiredCapabilities: { elicitation: {} } } },
    });
  });
});

describe("[TASK-09] clients without the extension", () => {
  const plain = { meta: {} };
  const Answer = z.looseObject({
    structuredContent: z.looseObject({ taskId: z.string(), status: z.string() }),
  });

  it("get the result when it comes in time", async () => {
    const { tool, release, seen } = heldTool();
    release("soon");
    const server = serve([tool], { tasks: { longCallMs: 5000 } });
    expect((await call(server, "held", plain)).result).toMatchObject({ content: [{ text: "soon" }] });
    expect(seen.mayOutlive).toBe(false);
  });

  it("get the handle and the tool to poll when it takes long", async () => {
    const { tool, release } = heldTool();
    const server = serve([tool]);
    const { result } = await call(server, "held", plain);
    expect(result).toMatchObject({
      structuredContent: { status: "working", poll: "get_task", pollIntervalMs: 1000 },
      content: [{ text: expect.stringMatching(/goes on .*get_task with taskId ".+" .*cancel_task/) }],
    });
    const { taskId } = Answer.parse(result).structuredContent;
    const poll = (wait_seconds: number) =>
      send(server, "tools/call", { name: "get_task", arguments: { taskId, wait_seconds } }, plain);
    expect((await poll(0)).result).toMatchObject({
      structuredContent: { taskId, status: "working", poll: "get_task" },
    });
    const waiting = poll(5);
    release("late");
    const last = await waiting;
    expect(last.result).toMatchObject({
      content: [{ type: "text", text: "late" }],
      structuredContent: { taskId, status: "completed", result: { content: [{ text: "late" }] } },
    });
    expect(last.result).not.toHaveProperty("structuredContent.poll");
  });

  it("cancel by a tool, and see nobody else's tasks", async () => {
    const { tool, seen } = heldTool();
    const owner = staticToken("a", { name: "ann" });
    const other = staticToken("b", { name: "bob" });
    const authenticator: typeof owner = async (given) => (await owner(given)) ?? (await other(given));
    const server = serve([tool], { authenticator });
    const { result } = await call(server, "held", { ...plain, token: "a" });
    const { taskId } = Answer.parse(result).structuredContent;
    const by = (token: string, name: string) =>
      send(server, "tools/call", { name, arguments: { taskId } }, { ...plain, token });
    for (const name of ["get_task", "cancel_task"]) {
      expect((await by("b", name)).result).toMatchObject({
        isError: true,
        _meta: { "parley/error": { code: "E_TASK_UNKNOWN" } },
      });
    }
    expect(seen.aborted).toBeUndefined();
    expect((await by("a", "cancel_task")).result).toMatchObject({
      structuredContent: { status: "cancelled" },
    });
    expect(seen.aborted).toBeInstanceOf(Error);
  });

  it("get progress while they wait, and results that fit the tool's promise", async () => {
    const held = heldTool({ outputSchema: { type: "object", properties: { sum: { type: "number" } } } });
    const slow = heldTool({ name: "slow" });
    const { url } = await serve([held.tool, slow.tool]).listen();
    const seen: unknown[] = [];
    const client = await modernClient(url);
    await client.listTools();
    const options = { onprogress: (progress: unknown) => void seen.push(progress) };
    expect(await client.callTool({ name: "slow", arguments: { n: 3 } }, options)).toMatchObject({
      structuredContent: { poll: "get_task" },
    });
    expect(seen).toEqual([{ progress: 3, total: 4, message: "on it" }]);
    const broken = await client.callTool({ name: "held" });
    expect(broken).toMatchObject({ isError: true, structuredContent: { poll: "get_task" } });
    const old = await oldClient(url);
    await old.listTools();
    const { structuredContent } = Answer.parse(await old.callTool({ name: "held" }));
    const polled = old.callTool({
      name: "get_task",
      arguments: { taskId: structuredContent.taskId, wait_seconds: 5 },
    });
    held.release("text");
    expect(await polled).toMatchObject({ structuredContent: { status: "completed" } });
  });

  it("say what a failure of the call was", async () => {
    const failing = defineTool({
      name: "fails",
      description: "Fails late.",
      task: "optional",
      input: Empty,
      handler: async () => {
        await sleep(100);
        return toolResult({ text: "no luck", isError: true });
      },
    });
    const server = serve([failing]);
    const { taskId } = Answer.parse((await call(server, "fails", plain)).result).structuredContent;
    const params = { name: "get_task", arguments: { taskId, wait_seconds: 5 } };
    expect((await send(server, "tools/call", params, plain)).result).toMatchObject({
      isError: true,
      content: [{ text: "no luck" }],
      structuredContent: { status: "completed" },
    });
  });
});

describe("what a server shows", () => {
  const names = async (server: ParleyServer) =>
    (await server.app.inject("/tools/list"))
      .json<{ tools: { name: string }[] }>()
      .tools.map(({ name }) => name);

  it("has the extension and its two tools as long as some tool may become a task", async () => {
    const registry = createRegistry();
    const server = testServer({ registry });
    const { url } = await server.listen();
    expect(await names(server)).toEqual([]);
    expect((await modernClient(url)).getServerCapabilities()?.extensions).toBeUndefined();
    expect((await send(server, "tasks/get", { taskId: "x" })).error).toMatchObject({ code: -32_601 });
    registry.addTool(heldTool().tool);
    expect(await names(server)).toEqual(["cancel_task", "get_task", "held"]);
    expect((await modernClient(url)).getServerCapabilities()?.extensions).toEqual({
      "io.modelcontextprotocol/tasks": {},
    });
    expect((await send(server, "tasks/get", { taskId: "x" })).error).toMatchObject({ code: -32_602 });
  });

  it("leaves a tool of that name alone, and its calls in their requests", async () => {
    const { tool, release } = heldTool();
    const mine = defineTool({ name: "get_task", description: "Mine.", input: Empty, handler: () => "mine" });
    const server = serve([tool, mine]);
    expect(await names(server)).toEqual(["get_task", "held"]);
    const waiting = call(server, "held", { meta: {} });
    await sleep(100);
    release("in time");
    expect((await waiting).result).toMatchObject({ content: [{ text: "in time" }] });
    expect((await call(server, "get_task", { meta: {} })).result).toMatchObject({
      content: [{ text: "mine" }],
    });
  });
});

describe("[TASK-07] closing", () => {
  it("leaves tasks in the store as failed, and results as they are", async () => {
    const store = createMemoryTaskStore();
    const { tool, release } = heldTool();
    const server = serve([tool, { ...heldTool().tool, name: "never" }], {
      tasks: { store, taskAfterMs: 20 },
      closeGraceMs: 50,
    });
    const done = await startTask(server, "held");
    const lost = await startTask(server, "never");
    release("done");
    await server.close();
    expect((await store.read(done))?.task).toMatchObject({ status: "completed" });
    expect((await store.read(lost))?.task).toMatchObject({
      status: "failed",
      error: { data: { code: "E_TASK_LOST" } },
    });
  });

  it("serves tasks over a pipe too", async () => {
    const { tool, release } = heldTool();
    const input = new PassThrough();
    const output = new PassThrough();
    const ended = serveStdio({ name: "s", version: "1", registry: registryOf([tool]), input, output });
    const lines: string[] = [];
    output.on("data", (chunk) => lines.push(...String(chunk).trim().split("\n")));
    const say = (id: number, method: string, params: Record<string, unknown>) => {
      const { payload } = modernRequest(method, params, follows);
      input.write(`${JSON.stringify({ ...payload, id })}\n`);
      return vi.waitFor(() => {
        const line = lines.find((text) => text.includes(`"id":${id}`)) ?? "";
        return z.object({ result: z.looseObject({}) }).parse(JSON.parse(line)).result;
      }, patient);
    };
    const { taskId } = Handle.parse(await say(1, "tools/call", { name: "held", arguments: {} }));
    release("piped");
    await sleep(20);
    expect(await say(2, "tasks/get", { taskId })).toMatchObject({ result: { content: [{ text: "piped" }] } });
    input.end();
    await ended;
  });
});
