import type { CallToolResult } from "@modelcontextprotocol/server";
import { type Clock, ParleyError } from "@parley/core";
import {
  createMemoryTaskStore,
  createTasks,
  type TaskRun,
  type Tasks,
  type TasksOptions,
  type TaskView,
} from "@parley/mcp-tasks";
import { hasScope, type Tool, type ToolResult, toolResult } from "@parley/tool-registry";
import type { Call, Calls } from "./calls.ts";
import { badResult, checkResult } from "./check-result.ts";
import { beginCall, type OutlivingCall } from "./outliving-call.ts";
import { isInputRequired } from "./protocol-words.ts";
import { RpcFault } from "./rpc-fault.ts";
import { loadSdk } from "./sdk.ts";
import type { TaskRegistry } from "./task-registry.ts";
import { cancelTool, pollTool, taskAnswer } from "./task-tools.ts";

/** How a server's tools outlive their requests. */
export interface TaskServing extends Partial<Omit<TasksOptions, "clock">> {
  /** Time an `optional` call has to end, or to ask, before it becomes a task; default 100 ms. */
  readonly taskAfterMs?: number | undefined;
  /** Time after which a client without the extension gets a handle and the tool to poll; default 50 s. */
  readonly longCallMs?: number | undefined;
}

type Came = Awaited<ReturnType<Calls["run"]>>;

/** Calls of tools that may become tasks. */
export interface TaskCalls {
  /** The engine, where some tool may become a task. */
  readonly followed: () => Tasks | undefined;
  /** @throws `-32021` for a client that cannot follow a task that has to be one */
  call(tool: Tool, call: Call, follows: boolean): Promise<Came | CallToolResult>;
  /** Lets tasks finish for a while, then fails what still runs. */
  close(graceMs: number): Promise<void>;
}

interface TaskCallsOptions {
  readonly engine: Tasks;
  readonly registry: TaskRegistry;
  readonly calls: Calls;
  readonly options?: TaskServing | undefined;
}

/** The engine behind one server. */
export function createTaskEngine(options: TaskServing = {}, clock?: Clock): Tasks {
  return createTasks({ ...options, store: options.store ?? createMemoryTaskStore(), clock });
}

export function createTaskCalls({ engine, registry, calls, options = {} }: TaskCallsOptions): TaskCalls {
  const { taskAfterMs = 100, longCallMs = 50_000 } = options;

  const start = ({ name, caller }: Call, work: (run: TaskRun) => Promise<Came>): Promise<TaskView> =>
    engine.start({
      owner: caller.name,
      title: name,
      work: async (run) => await wholeResult(await work(run)),
    });

  /** How long the request waits; no limit of its own where nobody could follow the call. */
  const patience = (follows: boolean): number | undefined => {
    if (follows) return taskAfterMs;
    return registry.canPoll() ? longCallMs : undefined;
  };

  return {
    followed: () => (registry.hasTasks() ? engine : undefined),
    close: (graceMs) => engine.close(graceMs),
    async call(tool, call, follows) {
      if (!hasScope(call.caller.scopes, tool.scope ?? "read")) return await calls.run(call);
      const { createdTask, missingTasks } = await loadSdk();
      if (tool.task === "required") {
        if (!follows) throw missingTasks(`Tool "${tool.name}"`);
        return createdTask(await start(call, (run) => beginCall(calls, call, { follows, run }).result));
      }
      const waitMs = patience(follows);
      if (waitMs === undefined) return await calls.run(call);
      const begun = beginCall(calls, call, { follows });
      if ((await endsWithin(waitMs, begun)) || begun.asked()) return await begun.result;
      const view = await start(call, begun.adopt).catch(unlessFull);
      if (view === undefined) {
        begun.stay();
        return await begun.result;
      }
      return follows ? createdTask(view) : handleResult(view, tool);
    },
  };
}

/** What a task keeps: a result that the protocol accepts, as a request would answer it. */
async function wholeResult(came: Came): Promise<Readonly<Record<string, unknown>>> {
  const result = isInputRequired(came) ? undefined : await checkResult(came);
  if (result === undefined) throw new RpcFault(badResult.code, badResult.message);
  return { ...result };
}

/** With no room for one more task, or none to come, the call stays in its request. */
function unlessFull(error: unknown): undefined {
  const code = ParleyError.isInstance(error) ? error.code : undefined;
  if (code !== "E_TASK_LIMIT" && code !== "E_SERVER_CLOSING") throw error;
}

/** Whether a call ends, well or badly, within that time and before it wants to be a task. */
async function endsWithin(
  milliseconds: number,
  { result, leaves }: Pick<OutlivingCall, "result" | "leaves">,
): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => {
    // One more turn: after a busy moment the timer is served before work that ended during it.
    timer = setTimeout(() => setImmediate(resolve, false), milliseconds);
  });
  const ended = result.then(
    () => true,
    () => true,
  );
  const first = await Promise.race([ended, late, leaves.then(() => false)]);
  clearTimeout(timer);
  return first;
}

/**
 * What a client without the extension gets when a call takes long. Where the tool promises a shape of its own, the
 * handle is an error result: that is the one thing such a client takes in its place.
 */
function handleResult(view: TaskView, { outputSchema }: Tool): ToolResult {
  const next = `Call ${pollTool} with taskId "${view.taskId}" for its result, or ${cancelTool} to stop it.`;
  return toolResult({
    text: `The call takes long and goes on without its request. ${next}`,
    structured: taskAnswer(view),
    ...(outputSchema === undefined ? {} : { isError: true }),
  });
}
