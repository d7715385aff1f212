import { mkdir } from "node:fs/promises";
import { dirname } from "node:path";
import type { ChatModel } from "@parley/llm";
import {
  createCommandExecutor,
  createCommandVerifier,
  createHttpExecutor,
  createHttpVerifier,
  createModelExecutor,
  createModelVerifier,
  createOrchestrator,
  createRegexVerifier,
  createSchemaVerifier,
  createToolExecutor,
  defaultLimits,
  openBreaker,
} from "@parley/orchestrator";
import type { Orchestrator, Safety, SafetyLimits } from "@parley/orchestrator";
import { createTaskBoard } from "@parley/page";
import type { OwnRoutes } from "@parley/mcpserver/program";
import { eventFeed } from "@parley/orchestrator/feed";
import { createTaskTools } from "@parley/orchestrator/tools";
import type { TaskToolkit } from "@parley/orchestrator/tools";
import { createQueue } from "@parley/queue";
import type { Queue } from "@parley/queue";
import { openServers } from "./servers.ts";
import type { ServerEntry } from "./servers.ts";
import { tasksFile } from "./state-file.ts";

/** Options of {@link createTasks}. */
export interface TasksOptions {
  /** Default: `tasks.db` in the user's state directory. */
  readonly file?: string | undefined;
  /** Programs that tasks may run. */
  readonly allow?: readonly string[] | undefined;
  readonly workDir?: string | undefined;
  /** Origins that tasks may call. */
  readonly httpAllow?: readonly string[] | undefined;
  /** MCP servers whose tools tasks may call, by name. */
  readonly servers?: Readonly<Record<string, ServerEntry>> | undefined;
  /** Does tasks of type model. */
  readonly model?: ChatModel | undefined;
  /** Judges results; another than `model`. */
  readonly judge?: ChatModel | undefined;
  /** Lets the model do tasks that do not say how. */
  readonly auto?: boolean | undefined;
  readonly limits?: SafetyLimits | undefined;
  /** Longest single attempt. Default 15 min. */
  readonly attemptTimeoutMs?: number | undefined;
  /** All calls come from one client, as over stdio: it need not repeat its lease tokens. */
  readonly oneClient?: boolean | undefined;
  /** Default: this process's. */
  readonly env?: Readonly<Record<string, string | undefined>> | undefined;
  /** Told what goes on without: the error's message says what. */
  readonly onError?: ((error: Error) => void) | undefined;
}

/** What {@link createTasks} offers: tools and resources for a registry, and routes for a server. */
export interface Tasks extends TaskToolkit {
  readonly queue: Queue;
  readonly orchestrator: Orchestrator;
  /** Adds `GET /events`, and the board at `/board/`. */
  install(routes: Pick<OwnRoutes, "app" | "requireScope">): Promise<void>;
}

/** Opens the file of the tasks and all that works on them. @throws `E_QUEUE_OWNED`, `E_DATABASE_DRIVER`, `E_CONFIG_INVALID` */
export async function createTasks(options: TasksOptions = {}): Promise<Tasks> {
  const path = tasksFile(options.file, options.env ?? process.env);
  if (path !== ":memory:") await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const { attemptTimeoutMs } = options;
  const queue = await createQueue({ path, attemptTimeoutMs });
  const servers = openServers(options.servers ?? {});
  try {
    const { limits, onError } = options;
    const told = (what: string) => (cause: unknown) =>
      onError?.(new Error(`${what}: ${String(cause)}`, { cause }));
    const safety = await openBreaker({
      store: queue,
      limits: { ...defaultLimits, ...limits },
      onError: told("The breaker's state was not written down"),
    });
    const orchestrator = assemble({ store: queue, safety }, servers, options);
    const toolkit = createTaskTools({
      queue,
      orchestrator,
      oneClient: options.oneClient,
      onError: told("Changes of tasks are told to nobody any more"),
    });
    return {
      ...toolkit,
      origin: "@parley/tasks",
      queue,
      orchestrator,
      async install({ app, requireScope }) {
        await app.register(eventFeed({ queue, access: requireScope("read") }));
        await app.register((scope) => createTaskBoard().plugin(scope), { prefix: "/board" });
      },
      async close() {
        await toolkit.close();
        await Promise.all(Object.values(servers).map((client) => client.close()));
        await queue.close();
      },
    };
  } catch (error) {
    await queue.close();
    throw error;
  }
}

function assemble(
  base: { readonly store: Queue; readonly safety: Safety },
  servers: ReturnType<typeof openServers>,
  { allow = [], workDir: cwd, httpAllow: origins = [], model, judge, auto = false }: TasksOptions,
): Orchestrator {
  const commands = { allow, cwd };
  return createOrchestrator({
    ...base,
    executors: [
      createCommandExecutor(commands),
      createToolExecutor({ servers }),
      createHttpExecutor({ origins }),
      ...(model === undefined ? [] : [createModelExecutor({ model })]),
    ],
    verifiers: [
      createCommandVerifier(commands),
      createRegexVerifier(),
      createSchemaVerifier(),
      createHttpVerifier({ origins }),
      ...(judge === undefined ? [] : [createModelVerifier({ model: judge })]),
    ],
    ...(auto && model !== undefined ? { otherwise: { type: "model" } } : {}),
  });
}
