import { createServer, type Server as HttpServer } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { toNodeHandler } from "@modelcontextprotocol/node";
import {
  type CallToolResult,
  createMcpHandler,
  inputRequired,
  ProtocolError,
  ProtocolErrorCode,
  Server,
  type ServerContext,
} from "@modelcontextprotocol/server";
import { createMemoryTaskStore, createTasks, type TaskRun, type Tasks } from "@parley/mcp-tasks";
import { createdTask, declaresTasks, installTasks, requireTasks } from "@parley/mcp-tasks/sdk";
import { z } from "zod";

/** A running server with the tools that the conformance suite's tasks scenarios call. */
export interface FixtureServer {
  readonly url: string;
  readonly tasks: Tasks;
  close(): Promise<void>;
}

interface FixtureTool {
  readonly task?: "optional" | "required";
  run(args: Record<string, unknown>, run: TaskRun): Promise<CallToolResult>;
}

const text = (words: string, isError = false): CallToolResult => ({
  content: [{ type: "text", text: words }],
  ...(isError ? { isError } : {}),
});

const question = (message: string) => ({
  method: "elicitation/create",
  params: {
    mode: "form",
    message,
    requestedSchema: { type: "object", properties: { confirm: { type: "boolean" } }, required: ["confirm"] },
  },
});

const confirmed = (answer: Record<string, unknown> | undefined): boolean =>
  z.object({ content: z.object({ confirm: z.literal(true) }) }).safeParse(answer).success;

const tools: Readonly<Record<string, FixtureTool>> = {
  greet: { run: async ({ name }) => text(`Hello, ${String(name)}!`) },
  slow_compute: {
    task: "optional",
    run: async ({ seconds, label }, { signal, progress }) => {
      progress(0, Number(seconds), `computing ${String(label)}`);
      await sleep(Number(seconds) * 1000, undefined, { signal });
      return text(`${String(label)} took ${String(seconds)} s`);
    },
  },
  failing_job: {
    task: "required",
    run: async (_args, { signal }) => {
      await sleep(1000, undefined, { signal });
      return text("the job failed", true);
    },
  },
  protocol_error_job: {
    task: "optional",
    run: async () => {
      throw new ProtocolError(ProtocolErrorCode.InternalError, "the job broke", { part: 7 });
    },
  },
  confirm_delete: {
    task: "optional",
    run: async ({ filename }, run) => {
      const { confirm } = await run.input({ confirm: question(`Delete ${String(filename)}?`) });
      return text(confirmed(confirm) ? `deleted ${String(filename)}` : `kept ${String(filename)}`);
    },
  },
  multi_input: {
    task: "optional",
    run: async (_args, run) => {
      const answers = await run.input({ first: question("First?"), second: question("Second?") });
      return text(`got ${Object.keys(answers).toSorted().join(" and ")}`);
    },
  },
  test_tool_with_task: {
    task: "required",
    run: async ({ user }) => text(`done for ${String(user)}`),
  },
};

const userNameRequest = inputRequired.elicit({
  message: "Who are you?",
  requestedSchema: { type: "object", properties: { name: { type: "string" } }, required: ["name"] },
});
const UserName = z.object({ user_name: z.object({ content: z.object({ name: z.string() }) }) });

/** Asks for the name first; the second round carries it. */
function withUser(args: Record<string, unknown>, context: ServerContext) {
  const answer = UserName.safeParse(context.mcpReq.inputResponses);
  return answer.success ? { ...args, user: answer.data.user_name.content.name } : undefined;
}

/** One protocol server: the handlers of every request share the tasks. */
function fixtureProtocolServer(tasks: Tasks): Server {
  const server = new Server({ name: "tasks-fixture", version: "1.0.0" }, { capabilities: { tools: {} } });
  installTasks(server, { tasks });
  server.setRequestHandler("tools/list", () => ({
    tools: Object.keys(tools).map((name) => ({ name, inputSchema: { type: "object" as const } })),
  }));
  server.setRequestHandler("tools/call", async ({ params }, context) => {
    const { name } = params;
    const tool = tools[name];
    if (tool === undefined) throw new ProtocolError(ProtocolErrorCode.InvalidParams, `no tool ${name}`);
    if (tool.task === "required") requireTasks(context);
    const given = params.arguments ?? {};
    const args = name === "test_tool_with_task" ? withUser(given, context) : given;
    if (args === undefined) return inputRequired({ inputRequests: { user_name: userNameRequest } });
    if (tool.task === undefined || !declaresTasks(context)) return await tool.run(args, inline(context));
    const work = async (run: TaskRun) => ({ ...(await tool.run(args, run)) });
    const owner = context.http?.authInfo?.clientId ?? "anonymous";
    return createdTask(await tasks.start({ owner, title: name, work }));
  });
  return server;
}

function inline(context: ServerContext): TaskRun {
  return {
    taskId: "",
    signal: context.mcpReq.signal,
    progress: () => undefined,
    input: async () => {
      throw new ProtocolError(ProtocolErrorCode.InvalidParams, "this client cannot be asked");
    },
  };
}

/** Serves the fixtures on any free port, or on that one. */
export async function startFixtureServer(
  tasks: Tasks = createTasks({ store: createMemoryTaskStore(), pollIntervalMs: 50 }),
  port = 0,
): Promise<FixtureServer> {
  const handler = createMcpHandler(() => fixtureProtocolServer(tasks));
  const serve = toNodeHandler(handler);
  const http = createServer((request, response) => {
    const { method = "GET", url = "/" } = request;
    void serve(Object.assign(request, { method, url }), response);
  });
  await new Promise<void>((resolve) => {
    http.listen(port, "127.0.0.1", resolve);
  });
  return {
    url: `http://127.0.0.1:${portOf(http)}/mcp`,
    tasks,
    async close() {
      await tasks.close();
      await handler.close();
      http.closeAllConnections();
      await new Promise((resolve) => {
        http.close(resolve);
      });
    },
  };
}

function portOf(http: HttpServer): number {
  const address = http.address();
  if (address === null || typeof address === "string") throw new Error("not bound");
  return address.port;
}
