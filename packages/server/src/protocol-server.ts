import {
  type CallToolResult,
  isInputRequiredResult,
  type ListToolsResult,
  type Server,
} from "@modelcontextprotocol/server";
import type { Icon, Registry } from "@parley/tool-registry";
import type { Caller } from "./auth.ts";
import type { BegunCalls } from "./begun-calls.ts";
import { createCallSession } from "./call-session.ts";
import type { Calls } from "./calls.ts";
import { CheckedServer } from "./checked-server.ts";
import { handleCompletions } from "./completion-handler.ts";
import type { Era } from "./eras.ts";
import { callFrame, type Handling } from "./handler-context.ts";
import type { Lists } from "./lists.ts";
import { handlePrompts } from "./prompt-handlers.ts";
import { asProtocol, refuseCursor } from "./protocol-errors.ts";
import type { StateSeal } from "./request-state.ts";
import { handleResources } from "./resource-handlers.ts";
import { followsTasks, isCreatedTask, type TaskCalls } from "./tasks.ts";
import type { WatchList } from "./watch-list.ts";

/** How a server introduces itself. */
export interface Identity {
  readonly name: string;
  readonly version: string;
  readonly title?: string | undefined;
  readonly instructions?: string | undefined;
  readonly websiteUrl?: string | undefined;
  readonly icons?: readonly Icon[] | undefined;
}

/** What all protocol servers of one process share; a server per request costs the same with 1 tool or 1,000. */
export interface Shared {
  readonly identity: Identity;
  readonly registry: Registry;
  readonly lists: () => Lists;
  readonly calls: Calls;
  readonly seal: StateSeal;
  /** Calls that may become tasks. */
  readonly tasks: TaskCalls;
  /** Who calls where the transport carries no credential. */
  readonly caller: Caller;
}

/** What one protocol server is for. */
export interface Serving {
  readonly era: Era;
  /** The resources its client watches; absent where it holds no session. */
  readonly watched?: WatchList | undefined;
  /** Calls of this session that began outside the SDK. */
  readonly begun?: BegunCalls | undefined;
}

/** How long a client may keep a list (milliseconds) if it does not listen for changes. */
export const listTtlMs = 5000;

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

type ServerInfo = ConstructorParameters<typeof CheckedServer>[0];

/** The identity as `serverInfo` carries it. */
export function serverInfo({ name, version, title, websiteUrl, icons }: Identity): ServerInfo {
  const known = {
    name,
    version,
    ...(title === undefined ? {} : { title }),
    ...(websiteUrl === undefined ? {} : { websiteUrl }),
    ...(icons === undefined ? {} : { icons }),
  };
  // Icons are read-only here and not there; nothing writes them.
  return known as ServerInfo;
}

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
  shared.tasks.install(handling);
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
      if (isInputRequiredResult(result) || isCreatedTask(result)) return result;
      const schema = tool?.outputSchema;
      return server.projectCallToolResult(result as unknown as CallToolResult, schema);
    }),
  );
}
