import type { IncomingHttpHeaders } from "node:http";
import {
  type Attributes,
  context,
  propagation,
  ProxyTracerProvider,
  type Span,
  SpanKind,
  SpanStatusCode,
  trace,
} from "@opentelemetry/api";
import { toParleyError } from "@parley/core";

/** One request as its span describes it (OpenTelemetry's conventions for MCP). */
export interface TracedRequest {
  readonly method: "tools/call" | "prompts/get" | "resources/read";
  /** Name of a tool or prompt this server has; a name that a caller made up would make names of spans without end. */
  readonly target?: string | undefined;
  readonly uri?: string | undefined;
  /** Holds the caller's `traceparent`, `tracestate` and `baggage`. */
  readonly _meta?: Readonly<Record<string, unknown>> | undefined;
}

/** What stands for a provider until the process sets one. */
const noProvider = new ProxyTracerProvider().getDelegate();

/** Whether spans or traces of this process go anywhere: without that {@link traced} would do work for nobody. */
export function isTracing(): boolean {
  const provider = trace.getTracerProvider();
  if (!(provider instanceof ProxyTracerProvider) || provider.getDelegate() !== noProvider) return true;
  return propagation.fields().length > 0;
}

/**
 * Runs a request inside a server span. The parent is what `_meta` names, else what the HTTP headers or an outer
 * span made current. Where the process has no OpenTelemetry SDK this only runs the work.
 * @param failure - `error.type` of a result that says its work failed.
 */
export function traced<Result>(
  request: TracedRequest,
  work: () => Promise<Result>,
  failure: (result: Result) => string | undefined = () => undefined,
): Promise<Result> {
  if (!isTracing()) return work();
  const ambient = context.active();
  const { method, target, _meta } = request;
  const named = typeof _meta?.["traceparent"] === "string";
  const parent = named ? propagation.extract(ambient, _meta) : ambient;
  const outer = named ? trace.getSpanContext(ambient) : undefined;
  const options = {
    kind: SpanKind.SERVER,
    attributes: attributesOf(request),
    ...(outer === undefined ? {} : { links: [{ context: outer }] }),
  };
  const name = target === undefined ? method : `${method} ${target}`;
  return trace
    .getTracer("@parley/server")
    .startActiveSpan(name, options, parent, (span) => recorded(span, work, failure));
}

async function recorded<Result>(
  span: Span,
  work: () => Promise<Result>,
  failure: (result: Result) => string | undefined,
): Promise<Result> {
  try {
    const result = await work();
    const failed = failure(result);
    if (failed !== undefined) markFailed(span, failed);
    return result;
  } catch (thrown) {
    const { code, message } = toParleyError(thrown);
    markFailed(span, code, message);
    throw thrown;
  } finally {
    span.end();
  }
}

function markFailed(span: Span, type: string, message?: string): void {
  span.setAttribute("error.type", type);
  span.setStatus({ code: SpanStatusCode.ERROR, ...(message === undefined ? {} : { message }) });
}

function attributesOf({ method, target, uri }: TracedRequest): Attributes {
  const attributes: Attributes = { "mcp.method.name": method };
  if (method === "tools/call") attributes["gen_ai.operation.name"] = "execute_tool";
  if (target !== undefined) {
    attributes[method === "tools/call" ? "gen_ai.tool.name" : "gen_ai.prompt.name"] = target;
  }
  if (uri !== undefined) attributes["mcp.resource.uri"] = uri.slice(0, 2048);
  return attributes;
}

/** Runs the work in the trace that HTTP headers name, unless an instrumentation of HTTP has opened a span already. */
export function inTraceOf<Result>(headers: IncomingHttpHeaders, work: () => Result): Result {
  if (headers["traceparent"] === undefined) return work();
  const active = context.active();
  if (trace.getSpanContext(active) !== undefined) return work();
  return context.with(propagation.extract(active, headers), work);
}
