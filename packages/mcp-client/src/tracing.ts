import {
  type Attributes,
  context,
  propagation,
  ProxyTracerProvider,
  SpanKind,
  SpanStatusCode,
  trace,
} from "@opentelemetry/api";
import { toParleyError } from "@parley/core";
import { createMcpClient } from "./create-client.ts";
import type { McpClient } from "./client.ts";
import type { JsonObject } from "./json.ts";
import type { McpCallOptions, McpClientOptions } from "./options.ts";

/** Keys of `_meta` that carry a trace (W3C Trace Context and Baggage, SEP-414). */
const keys = ["traceparent", "tracestate", "baggage"] as const;

/** The trace a request belongs to, out of its `_meta`, for the `meta` of calls made on its behalf. */
export function traceContext(meta: JsonObject | undefined): JsonObject | undefined {
  const found = keys.flatMap((key) => {
    const value = meta?.[key];
    return typeof value === "string" ? [[key, value] as const] : [];
  });
  return found.length === 0 ? undefined : Object.fromEntries(found);
}

/**
 * A client that puts a span around each call and sends the trace on in `_meta`. Where the process has no
 * OpenTelemetry SDK it is a plain client: a trace in a call's `meta` goes on as it came.
 */
export function createTracedClient(options: McpClientOptions): McpClient {
  return traceClient(createMcpClient(options), addressOf(options.url));
}

/** Attributes of spans that say where a peer is. */
function addressOf(url: string): Attributes {
  const { hostname: address, port } = new URL(url);
  return { "server.address": address, ...(port === "" ? {} : { "server.port": Number(port) }) };
}

/** What stands for a provider until the process sets one. */
const noProvider = new ProxyTracerProvider().getDelegate();

/** Whether spans or traces of this process go anywhere. */
function isTracing(): boolean {
  const provider = trace.getTracerProvider();
  if (!(provider instanceof ProxyTracerProvider) || provider.getDelegate() !== noProvider) return true;
  return propagation.fields().length > 0;
}

/** The same for a client over any transport. @param where - attributes of its spans, such as where the peer is */
export function traceClient(client: McpClient, where: Attributes): McpClient {
  const run = (request: Request, call: McpCallOptions | undefined, work: Work): Promise<JsonObject> => {
    const attributes = { "mcp.method.name": request.method, ...request.attributes, ...where };
    const tracer = trace.getTracer("@parley/mcp-client");
    const name = request.target === undefined ? request.method : `${request.method} ${request.target}`;
    return tracer.startActiveSpan(name, { kind: SpanKind.CLIENT, attributes }, async (span) => {
      const carrier: Record<string, string> = {};
      propagation.inject(context.active(), carrier);
      const meta = { ...call?.meta, ...carrier };
      try {
        const result = await work(Object.keys(meta).length === 0 ? call : { ...call, meta });
        if (result["isError"] === true) span.setAttribute("error.type", "tool_error");
        if (result["isError"] === true) span.setStatus({ code: SpanStatusCode.ERROR });
        return result;
      } catch (thrown) {
        const { code, message } = toParleyError(thrown);
        span.setAttribute("error.type", code);
        span.setStatus({ code: SpanStatusCode.ERROR, message });
        throw thrown;
      } finally {
        span.end();
      }
    });
  };

  return {
    ...client,
    get era() {
      return client.era;
    },
    get server() {
      return client.server;
    },
    callTool: (name, args, call) =>
      isTracing()
        ? run(toolRequest(name), call, (traced) => client.callTool(name, args, traced))
        : client.callTool(name, args, call),
    getPrompt: (name, args, call) =>
      isTracing()
        ? run(promptRequest(name), call, (traced) => client.getPrompt(name, args, traced))
        : client.getPrompt(name, args, call),
    readResource: (uri, call) =>
      isTracing()
        ? run(resourceRequest(uri), call, (traced) => client.readResource(uri, traced))
        : client.readResource(uri, call),
  };
}

interface Request {
  readonly method: string;
  readonly target?: string | undefined;
  readonly attributes: Attributes;
}

type Work = (call: McpCallOptions | undefined) => Promise<JsonObject>;

function toolRequest(name: string): Request {
  const attributes = { "gen_ai.operation.name": "execute_tool", "gen_ai.tool.name": name };
  return { method: "tools/call", target: name, attributes };
}

function promptRequest(name: string): Request {
  return { method: "prompts/get", target: name, attributes: { "gen_ai.prompt.name": name } };
}

function resourceRequest(uri: string): Request {
  return { method: "resources/read", attributes: { "mcp.resource.uri": uri.slice(0, 2048) } };
}
