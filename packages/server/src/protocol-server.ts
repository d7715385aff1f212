import type { CallToolResult, ListToolsResult, Server } from "@modelcontextprotocol/server";
import type { BegunCalls } from "./begun-calls.ts";
import { createCallSession } from "./call-session.ts";
import { CheckedServer } from "./checked-server.ts";
import { handleCompletions } from "./completion-handler.ts";
import type { Era } from "./eras.ts";
import { callFrame, type Handling } from "./handler-context.ts";
import { serverInfo } from "./identity.ts";
import { listTtlMs } from "./lists.ts";
import { handlePrompts } from "./prompt-handlers.ts";
import { asProtocol, refuseCursor } from "./protocol-errors.ts";
import { isInputRequired } from "./protocol-words.ts";
import { handleResources } from "./resource-handlers.ts";
import type { Shared } from "./shared.ts";
import { followsTasks, handleTasks, isCreatedTask } from "./task-handlers.ts";
import type { WatchList } from "./watch-list.ts";

/** What one protocol server is for. */
export interface Serving {
  readonly era: Era;
  /** The resources its client watches; absent where it holds no session. */
  readonly watched?: WatchList | undefined;
  /** Calls of this session that began outside the SDK. */
  readonly begun?: BegunCalls | undefined;
}

const cacheHints = {
  "tools/list": { ttlMs: listTtlMs, cacheScope: "private" },
  "prompts/list": { ttlMs: listTtlMs, cacheScope: "private" },
  "resources/list": { ttlMs: listTtlMs, cacheScope: "private" },
  "resources/templates/list": { ttlMs: listTtlMs, cacheScope: "private" },
} as const;

const capabilities = {
  tools: { listChanged: true },
  prompts: { listChanged: true },
  resources: { listChanged: true, subscribe: true },
  completions: {},
  logging: {},
} as const;

/** A protocol server of either era whose handlers read the shared registry. */
export function createProtocolServer(shared: Shared, serving: Serving): Server {
  const { instructions } = shared.identity;
  const server = new CheckedServer(serverInfo(shared.identity), {
    capabilities,
    cacheHints,
    requestState: { verify: shared.seal.open },
    ...(instructions === undefined ? {} : { instructions }),
  });
  const lasts = serving.era === "2025" && serving.watched !== undefined;
  const session = lasts ? createCallSession(server) : undefined;
  const handling: Handling = { server, era: serving.era, fallback: shared.caller, session };
  serving.begun?.bind(handling);
  handleTools(shared, handling, serving.begun);
  handlePrompts(shared, handling);
  handleResources(shared, { ...handling, watched: serving.watched });
  handleCompletions(shared, handling);
  handleTasks(shared, handling);
  return server;
}

// The registry's items have the protocol's shapes, held as open records: each `as` below adopts one.
function handleTools(shared: Shared, handling: Handling, begun?: BegunCalls): void {
  const { server } = handling;
  server.setRequestHandler("tools/list", ({ params }) => {
    refuseCursor(params?.cursor);
    return { tools: shared.lists().tools } as unknown as ListToolsResult;
  });
  server.setRequestHandler("tools/call", ({ params }, context) =>
    asProtocol(async () => {
      const { name, arguments: args } = params;
      const call = { ...callFrame(context, handling), name, args };
      const tool = shared.registry.tool(name);
      const running = begun?.take(context.mcpReq.id, name);
      running?.adopt(call);
      const result =
        tool?.task === undefined
          ? await (running?.result ?? shared.calls.run(call))
          : await shared.tasks.call(tool, call, followsTasks(context, handling));
      if (isInputRequired(result) || isCreatedTask(result)) return result;
      const schema = tool?.outputSchema;
      return server.projectCallToolResult(result as unknown as CallToolResult, schema);
    }),
  );
}
