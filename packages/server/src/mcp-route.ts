import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { NodeIncomingMessageLike } from "@modelcontextprotocol/node";
import { type Clock, ParleyError } from "@parley/core";
import type { RegistryChange, Tool } from "@parley/tool-registry";
import { checkScope, countFurther } from "./access.ts";
import type { SessionCounts } from "./activity.ts";
import { type FaultHeaders, keepHeaders } from "./fault-headers.ts";
import { type Era, type EraCounts, modernRevision } from "./eras.ts";
import { stopOnDisconnect } from "./disconnect.ts";
import { createBegunCalls } from "./begun-calls.ts";
import { createFastAnswers } from "./fast-answer.ts";
import { type FastRequest, readFastRequest } from "./fast-request.ts";
import { authInfoOf } from "./handler-context.ts";
import type { Admission } from "./limits/admission.ts";
import { headerMismatchCode, paramHeaderProblem } from "./param-headers.ts";
import { noteFault } from "./rest-errors.ts";
import { transportErrorCode } from "./rpc-fault.ts";
import { loadSdk } from "./sdk.ts";
import { createSdkRoute } from "./sdk-route.ts";
import { readSessionRequest } from "./session-request.ts";
import { createSessions, type Exchange } from "./sessions.ts";
import type { Shared } from "./shared.ts";
import { acceptAny } from "./accept-any.ts";
import { isOpen } from "./is-open.ts";
import { readJsonBodies } from "./json-body.ts";
import { inTraceOf } from "./tracing.ts";

/** Options of {@link createMcpRoute}. */
export interface McpRouteOptions {
  readonly shared: Shared;
  readonly path: string;
  readonly bodyLimitBytes: number;
  readonly clock: Clock;
  readonly admission: Admission;
  readonly faultHeaders: FaultHeaders;
  /** Idle time after which a 2025-era session ends. */
  readonly sessionIdleMs: number;
  readonly maxSessions: number;
  /** Whether somebody reads the log: each request's lines then say its era. */
  readonly logged: boolean;
  /** Seam for tests that compare both paths. */
  readonly fastPath: boolean;
}

/** The MCP endpoint of a fastify app. */
export interface McpRoute {
  /** Adds the route; registered as a plugin, so that its errors are JSON-RPC and the app's are not. */
  plugin(scope: FastifyInstance): Promise<void>;
  notify(change: RegistryChange): void;
  /** Tells the clients that watch one of these resources. */
  touch(uris: ReadonlySet<string>): void;
  readonly eras: EraCounts;
  readonly sessions: SessionCounts;
  sweep(): void;
  /** Ends streams and sessions. */
  close(): Promise<void>;
}

export function createMcpRoute(options: McpRouteOptions): McpRoute {
  const { shared } = options;
  const sdk = createSdkRoute(shared, options.bodyLimitBytes);
  const sessions = createSessions({
    createServer: async (watched, begun) => {
      const { createProtocolServer } = await loadSdk();
      return createProtocolServer(shared, { era: "2025", watched, begun });
    },
    beginCalls: () => createBegunCalls(shared),
    clock: options.clock,
    idleMs: options.sessionIdleMs,
    max: options.maxSessions,
  });
  const answers = createFastAnswers(shared);
  const requests = { "2025": 0, "2026": 0 };

  const serveFast = async (
    request: FastifyRequest,
    reply: FastifyReply,
    fast: FastRequest,
  ): Promise<string> => {
    reply.type("application/json");
    if (fast.method === "tools/list") return answers.list(fast.id);
    const { status, json } = await answers.call(fast, request.caller, stopOnDisconnect(reply));
    reply.code(status);
    return json;
  };

  /** Answers in a session without the SDK, where it can. */
  const serveSession = ({
    headers,
    body,
    caller,
  }: FastifyRequest): Promise<string | undefined> | string | undefined => {
    const id = headers["mcp-session-id"];
    const known = typeof id === "string" ? readSessionRequest(headers, body) : undefined;
    if (typeof id !== "string" || known === undefined) return undefined;
    if (known.method === "tools/call") return sessions.begin(id, known, caller);
    return sessions.knows(id, caller) ? answers.listOfSession(known.id) : undefined;
  };

  /** Answers on the raw response, which the SDK may keep open as a stream. */
  const serveStream = async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
    const { headers, body, caller } = request;
    const exchange: Exchange = { request: request.raw, response: reply.raw, body, caller };
    const sessionId = headers["mcp-session-id"];
    if (typeof sessionId === "string" && !carriesEnvelope(body)) {
      if (await sessions.serve(sessionId, exchange)) return;
      sendRaw(reply, 404, { code: -32_001, message: "Session not found" });
      return;
    }
    if (isInitialize(body) && request.method === "POST" && (await sessions.open(exchange))) return;
    const { serve: serveSdk, narrow } = await sdk.open();
    const narrowed = narrow(body, { caller: caller.name });
    if ("refusal" in narrowed) {
      sendRaw(reply, 200, { id: idOf(body), ...narrowed.refusal });
      return;
    }
    const raw = Object.assign(request.raw, { auth: authInfoOf(caller) });
    // fastify's raw request satisfies the adapter's structural type but for exact optional properties.
    await serveSdk(raw as NodeIncomingMessageLike, reply.raw, narrowed.body);
  };

  const serveRaw = async (request: FastifyRequest, reply: FastifyReply): Promise<undefined> => {
    reply.hijack();
    // Of a connection with an unread body nobody hears that it has closed.
    if (request.method === "GET") request.raw.resume();
    acceptAny(request.raw);
    keepHeaders(reply);
    try {
      await serveStream(request, reply);
    } catch (error) {
      request.log.error({ err: error }, "request failed");
      sendRaw(reply, 500, { code: -32_603, message: "The server failed to answer; its log says why." });
    }
    return undefined;
  };

  const serveThin = async (request: FastifyRequest, reply: FastifyReply): Promise<string | undefined> => {
    const answer = await serveSession(request);
    if (answer === undefined) return await serveRaw(request, reply);
    reply.type("application/json");
    return answer;
  };

  const serve = (request: FastifyRequest, reply: FastifyReply): Promise<string | undefined> | string => {
    const { headers, body } = request;
    const era: Era =
      headers["mcp-protocol-version"] === modernRevision || carriesEnvelope(body) ? "2026" : "2025";
    requests[era] += 1;
    if (options.logged) nameEra(era, request, reply);
    const tool = calledTool(shared, request);
    if (tool !== undefined) {
      checkScope(request, tool.scope ?? "read");
      shared.calls.checkRoom();
    }
    countFurther(request, options.admission);
    const problem = tool === undefined || era === "2025" ? undefined : headerProblem(tool, request);
    if (problem !== undefined) {
      reply.code(400).type("application/json");
      return JSON.stringify({ jsonrpc: "2.0", id: idOf(body), error: problem });
    }
    const thin = options.fastPath && request.method === "POST" && tool?.task === undefined;
    const fast = thin ? readFastRequest(headers, body) : undefined;
    if (fast !== undefined) return serveFast(request, reply, fast);
    return thin && era === "2025" ? serveThin(request, reply) : serveRaw(request, reply);
  };

  return {
    async plugin(scope) {
      // DELETE requests and streams carry a content type and nothing else.
      readJsonBodies(scope, { emptyUnlessPost: true });
      scope.setErrorHandler(sendTransportError(options.faultHeaders));
      scope.all(
        options.path,
        { bodyLimit: options.bodyLimitBytes, schema: { hide: true }, config: { mcp: true } },
        async (request, reply) =>
          served.has(request.method)
            ? inTraceOf(request.headers, () => serve(request, reply))
            : refuseMethod(reply),
      );
    },
    notify(change) {
      sdk.notify(change);
      sessions.notify(change);
    },
    touch(uris) {
      sdk.touch(uris);
      sessions.touch(uris);
    },
    get eras() {
      return {
        "2025": { requests: requests["2025"], sessions: sessions.size },
        "2026": { requests: requests["2026"] },
      };
    },
    get sessions() {
      return { open: sessions.size, expired: sessions.expired };
    },
    sweep: () => {
      sessions.sweep();
    },
    async close() {
      await Promise.all([sdk.close(), sessions.close()]);
    },
  };
}

const served: ReadonlySet<string> = new Set(["POST", "GET", "DELETE"]);

function refuseMethod(reply: FastifyReply): string {
  reply
    .code(405)
    .header("allow", [...served].join(", "))
    .type("application/json");
  const error = { code: -32_000, message: "Method not allowed." };
  return JSON.stringify({ jsonrpc: "2.0", id: null, error });
}

/**
 * The tool a single call names: its scope is answered with 403, a server that is full or closes with 503. Calls inside a
 * batch get a JSON-RPC error each.
 */
function calledTool({ registry, calls }: Shared, { body }: FastifyRequest): Tool | undefined {
  if (!isOpen(body) || body["method"] !== "tools/call" || !isOpen(body["params"])) return undefined;
  if (calls.draining) throw new ParleyError("E_SERVER_CLOSING", "The server is closing; call again later.");
  const { name } = body["params"];
  return typeof name === "string" ? registry.tool(name) : undefined;
}

/** The error of a call whose headers say something else than its arguments. */
function headerProblem(tool: Tool, { headers, body }: FastifyRequest): RpcError | undefined {
  const params = isOpen(body) && isOpen(body["params"]) ? body["params"] : {};
  const problem = paramHeaderProblem(tool, params["arguments"], headers);
  if (problem === undefined) return undefined;
  return { code: headerMismatchCode, message: `Bad Request: ${problem}.` };
}

interface RpcError {
  readonly code: number;
  readonly message: string;
}

interface RawError extends RpcError {
  /** Of the request that failed; default: of none. */
  readonly id?: unknown;
  readonly data?: unknown;
}

function idOf(body: unknown): unknown {
  return isOpen(body) ? (body["id"] ?? null) : null;
}

/** Lines of a request logged from here on, the closing one included, carry its era. */
function nameEra(era: Era, request: FastifyRequest, reply: FastifyReply): void {
  request.log = request.log.child({ era });
  reply.log = request.log;
}

function sendTransportError(faultHeaders: FaultHeaders) {
  return (thrown: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply => {
    const { status, error } = noteFault(request, thrown);
    faultHeaders(reply, error);
    const code = transportErrorCode(error, status);
    const { message } = error;
    return reply
      .code(status)
      .send({ jsonrpc: "2.0", id: null, error: { code, message, data: error.toJSON() } });
  };
}

function sendRaw({ raw }: FastifyReply, status: number, { id = null, ...error }: RawError): void {
  if (!raw.headersSent) raw.writeHead(status, { "content-type": "application/json" });
  raw.end(JSON.stringify({ jsonrpc: "2.0", id, error }));
}

function isInitialize(body: unknown): boolean {
  return isOpen(body) && body["method"] === "initialize" && !carriesEnvelope(body);
}

function carriesEnvelope(body: unknown): boolean {
  if (!isOpen(body) || !isOpen(body["params"]) || !isOpen(body["params"]["_meta"])) return false;
  return "io.modelcontextprotocol/protocolVersion" in body["params"]["_meta"];
}
