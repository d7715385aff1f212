import {
  type AuthInfo,
  type CallToolResult,
  type GetPromptResult,
  type ListPromptsResult,
  type ListResourcesResult,
  type ListResourceTemplatesResult,
  type ListToolsResult,
  ProtocolError,
  ProtocolErrorCode,
  type ReadResourceResult,
  ResourceNotFoundError,
  Server,
  type ServerContext,
  UriTemplate,
} from "@modelcontextprotocol/server";
import { type Registry, type Resource, toolContext } from "@parley/tool-registry";
import type { Caller } from "./auth.ts";
import type { Calls } from "./calls.ts";
import type { Lists } from "./lists.ts";
import { asProtocol, protocolError } from "./protocol-errors.ts";

/** How a server introduces itself. */
export interface Identity {
  readonly name: string;
  readonly version: string;
  readonly title?: string | undefined;
  readonly instructions?: string | undefined;
}

/** What all protocol servers of one process share; a server per request costs the same with 1 tool or 1,000. */
export interface Shared {
  readonly identity: Identity;
  readonly registry: Registry;
  readonly lists: () => Lists;
  readonly calls: Calls;
  /** Who calls where the transport carries no credential. */
  readonly caller: Caller;
}

/** How long a client may keep a list (milliseconds) if it does not listen for changes. */
export const listTtlMs = 5000;

const cacheHints = {
  "tools/list": { ttlMs: listTtlMs, cacheScope: "private" },
  "prompts/list": { ttlMs: listTtlMs, cacheScope: "private" },
  "resources/list": { ttlMs: listTtlMs, cacheScope: "private" },
  "resources/templates/list": { ttlMs: listTtlMs, cacheScope: "private" },
} as const;

/** The identity as `serverInfo` carries it. */
export function serverInfo({ name, version, title }: Identity): {
  name: string;
  version: string;
  title?: string;
} {
  return { name, version, ...(title === undefined ? {} : { title }) };
}

/** A protocol server of either era whose handlers read the shared registry. */
export function createProtocolServer(shared: Shared): Server {
  const { instructions } = shared.identity;
  const server = new Server(serverInfo(shared.identity), {
    capabilities: {
      tools: { listChanged: true },
      prompts: { listChanged: true },
      resources: { listChanged: true },
    },
    cacheHints,
    ...(instructions === undefined ? {} : { instructions }),
  });
  handleTools(server, shared);
  handlePrompts(server, shared);
  handleResources(server, shared);
  return server;
}

// The registry's items have the protocol's shapes, held as open records: each `as` below adopts one.
function handleTools(server: Server, shared: Shared): void {
  server.setRequestHandler("tools/list", ({ params }) => {
    refuseCursor(params?.cursor);
    return { tools: shared.lists().tools } as unknown as ListToolsResult;
  });
  server.setRequestHandler("tools/call", ({ params }, context) =>
    asProtocol(async () => {
      const result = await shared.calls.run({
        name: params.name,
        args: params.arguments,
        caller: callerOf(context.http?.authInfo, shared.caller),
        signal: context.mcpReq.signal,
        progress: progressOf(context),
        _meta: params._meta,
      });
      const schema = shared.registry.tool(params.name)?.outputSchema;
      return server.projectCallToolResult(result as unknown as CallToolResult, schema);
    }),
  );
}

function handlePrompts(server: Server, shared: Shared): void {
  server.setRequestHandler("prompts/list", ({ params }) => {
    refuseCursor(params?.cursor);
    return { prompts: shared.lists().prompts } as unknown as ListPromptsResult;
  });
  server.setRequestHandler("prompts/get", ({ params }, context) =>
    asProtocol(async () => {
      const prompt = shared.registry.prompts.find(({ name }) => name === params.name);
      if (prompt === undefined) {
        throw new ProtocolError(
          ProtocolErrorCode.InvalidParams,
          `There is no prompt named "${params.name}".`,
        );
      }
      const found = await prompt.get(params.arguments ?? {}, handlerContext(context, shared));
      return found as unknown as GetPromptResult;
    }),
  );
}

function handleResources(server: Server, shared: Shared): void {
  server.setRequestHandler("resources/list", ({ params }) => {
    refuseCursor(params?.cursor);
    return { resources: shared.lists().resources } as unknown as ListResourcesResult;
  });
  server.setRequestHandler("resources/templates/list", ({ params }) => {
    refuseCursor(params?.cursor);
    return { resourceTemplates: shared.lists().templates } as unknown as ListResourceTemplatesResult;
  });
  server.setRequestHandler("resources/read", ({ params }, context) =>
    asProtocol(async () => {
      const resource = findResource(shared.registry.resources, params.uri);
      if (resource === undefined) throw new ResourceNotFoundError(params.uri);
      const contents = await resource.read(params.uri, handlerContext(context, shared));
      return { contents } as unknown as ReadResourceResult;
    }),
  );
}

function findResource(resources: readonly Resource[], uri: string): Resource | undefined {
  const exact = resources.find((resource) => resource.uri === uri);
  return exact ?? resources.find(({ uriTemplate }) => uriTemplate !== undefined && matches(uriTemplate, uri));
}

function matches(template: string, uri: string): boolean {
  try {
    return new UriTemplate(template).match(uri) !== null;
  } catch {
    // A template or URI beyond the matcher's bounds matches nothing.
    return false;
  }
}

function handlerContext(context: ServerContext, shared: Shared): ReturnType<typeof toolContext> {
  const caller = callerOf(context.http?.authInfo, shared.caller);
  return toolContext({
    signal: context.mcpReq.signal,
    caller: caller.name,
    scopes: caller.scopes,
    progress: progressOf(context),
    _meta: context.mcpReq._meta,
  });
}

function progressOf(context: ServerContext): (done: number, total?: number, message?: string) => void {
  const progressToken = context.mcpReq._meta?.progressToken;
  if (progressToken === undefined) return () => undefined;
  return (progress, total, message) => {
    const params = {
      progressToken,
      progress,
      ...(total === undefined ? {} : { total }),
      ...(message === undefined ? {} : { message }),
    };
    // A client that has gone does not fail the tool.
    context.mcpReq.notify({ method: "notifications/progress", params }).catch(() => undefined);
  };
}

/** Lists come whole, so no cursor was ever given out. */
function refuseCursor(cursor: string | undefined): void {
  if (cursor === undefined) return;
  throw protocolError(
    new ProtocolError(ProtocolErrorCode.InvalidParams, "Unknown cursor: lists come in one page."),
  );
}

/** A caller in the form the SDK carries beside a request. */
export function authInfoOf(caller: Caller): AuthInfo {
  return { token: "", clientId: caller.name, scopes: [...caller.scopes] };
}

function callerOf(auth: AuthInfo | undefined, fallback: Caller): Caller {
  return auth === undefined ? fallback : { name: auth.clientId, scopes: new Set(auth.scopes) };
}
