import { context, propagation, SpanKind, trace } from "@opentelemetry/api";
import { InMemorySpanExporter, NodeTracerProvider, SimpleSpanProcessor } from "@opentelemetry/sdk-trace-node";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { entry, start, text, tool, upstream } from "./_gateway.ts";

const exporter = new InMemorySpanExporter();
beforeAll(() => {
  new NodeTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] }).register();
});
afterEach(() => exporter.reset());
afterAll(() => {
  trace.disable();
  context.disable();
  propagation.disable();
});

const traceId = "4bf92f3577b34da6a3ce929d0e0e4736";
const traceparent = `00-${traceId}-00f067aa0ba902b7-01`;

test("[GTW-98] a call over REST is one trace, from the caller's header to the server's _meta", async () => {
  const seen: unknown[] = [];
  const { registry, url } = await upstream();
  registry.addTool(
    tool("hi", (_args, { _meta }) => {
      seen.push(_meta?.["traceparent"]);
      return text("hi");
    }),
  );
  registry.addTool(tool("sorry", { isError: true, content: [] }));
  const { post } = await start({ servers: [entry("up", { type: "http", url })] });
  await post("/up/hi", {}, { traceparent });
  const spans = exporter.getFinishedSpans();
  const find = (name: string, kind: SpanKind) =>
    spans.find((span) => span.name === name && span.kind === kind);
  const outer = find("tools/call up.hi", SpanKind.SERVER);
  const inner = find("tools/call hi", SpanKind.CLIENT);
  const far = find("tools/call hi", SpanKind.SERVER);
  expect([outer, inner, far].map((span) => span?.spanContext().traceId)).toEqual([traceId, traceId, traceId]);
  expect(outer?.parentSpanContext?.spanId).toBe("00f067aa0ba902b7");
  expect(inner?.parentSpanContext?.spanId).toBe(outer?.spanContext().spanId);
  expect(far?.parentSpanContext?.spanId).toBe(inner?.spanContext().spanId);
  expect(inner?.attributes).toMatchObject({ "mcp.server.name": "up", "gen_ai.tool.name": "hi" });
  expect(seen).toEqual([`00-${traceId}-${inner?.spanContext().spanId ?? ""}-01`]);

  exporter.reset();
  await post("/up/sorry", {});
  const failed = exporter.getFinishedSpans().find(({ name }) => name === "tools/call up.sorry");
  expect(failed).toMatchObject({ attributes: { "error.type": "tool_error" }, status: { code: 2 } });
});
