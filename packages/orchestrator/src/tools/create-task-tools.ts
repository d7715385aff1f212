import type { Queue } from "@parley/queue";
import type { EventSource, Resource, Tool } from "@parley/tool-registry";
import type { Orchestrator } from "../orchestrator.ts";
import { addTaskTool, addTasksBatchTool } from "./add.ts";
import { clearCompletedTool, resetAllTasksTool } from "./bulk.ts";
import { getNextTaskTool, startTaskTool } from "./claim.ts";
import { createHeldLeases } from "./desk.ts";
import { taskEvents } from "./events.ts";
import { completeTaskTool, completeTasksBatchTool, failTaskTool } from "./finish.ts";
import { taskResources } from "./resources.ts";
import { runOrchestratorTool } from "./run.ts";
import {
  answerTaskTool,
  heartbeatTaskTool,
  releaseTaskTool,
  retryTaskTool,
  showTaskTool,
  stopTaskTool,
} from "./steer.ts";
import { createWatcher } from "./watcher.ts";

/** Options of {@link createTaskTools}. */
export interface TaskToolsOptions {
  readonly queue: Queue;
  /** Does the tasks that say how they are done, and checks the results of all. */
  readonly orchestrator: Orchestrator;
  /** All calls come from one client, as over stdio: it need not repeat its tokens. Default `false`. */
  readonly oneClient?: boolean | undefined;
  /** Told when the queue's log cannot be followed any more. */
  readonly onError?: ((error: unknown) => void) | undefined;
}

/** What a registry takes: `registry.replace(origin, toolkit)`. */
export interface TaskToolkit {
  readonly origin: string;
  readonly tools: readonly Tool[];
  readonly resources: readonly Resource[];
  readonly events: readonly EventSource[];
  /** Ends what follows the queue; the queue stays open. */
  close(): Promise<void>;
}

/** A queue and its orchestrator as MCP tools and resources. */
export function createTaskTools({
  queue,
  orchestrator,
  oneClient = false,
  onError = () => undefined,
}: TaskToolsOptions): TaskToolkit {
  const desk = { queue, orchestrator, held: createHeldLeases(oneClient) };
  const watcher = createWatcher(queue, onError);
  return {
    origin: "@parley/orchestrator",
    tools: [
      addTaskTool,
      addTasksBatchTool,
      getNextTaskTool,
      startTaskTool,
      heartbeatTaskTool,
      completeTaskTool,
      completeTasksBatchTool,
      failTaskTool,
      retryTaskTool,
      releaseTaskTool,
      stopTaskTool,
      answerTaskTool,
      showTaskTool,
      clearCompletedTool,
      resetAllTasksTool,
      runOrchestratorTool,
    ].map((make) => make(desk)),
    resources: taskResources(desk, watcher),
    events: [taskEvents(queue)],
    // oxlint-disable-next-line typescript/require-await -- what follows a queue may need time to end one day
    async close() {
      watcher.close();
    },
  };
}
