import { context, propagation, SpanKind, trace } from "@opentelemetry/api";
import {
  InMemorySpanExporter,
  NodeTracerProvider,
  type ReadableSpan,
  SimpleSpanProcessor,
} from "@opentelemetry/sdk-trace-node";
import { createTracedClient } from "@parley/mcp-client";
import { defineTool } from "@parley/tool-registry";
import { afterAll, afterEach, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { z } from "zod";
import { inject, modernRequest, oldClient, registryOf, testServer } from "./support.ts";

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
const call = (name: string, meta: object = {}, args: object = {}) =>
  modernRequest("tools/call", { name, arguments: args }, meta);

function named(name: string): ReadableSpan {
  const found = exporter.getFinishedSpans().find((span) => span.name === name);
  if (found === undefined) throw new Error(`No span ${name}.`);
  return found;
}

describe("[SRV-11] spans of calls", () => {
  it("carry what OpenTelemetry's conventions ask for, and the caller's trace of _meta", async () => {
    const server = testServer();
    await inject(server, call("echo", { traceparent, tracestate: "a=b" }, { message: "x" }));
    const span = named("tools/call echo");
    expect(span.attributes).toEqual({
      "mcp.method.name": "tools/call",
      "gen_ai.operation.name": "execute_tool",
      "gen_ai.tool.name": "echo",
    });
    expect(span.spanContext().traceId).toBe(traceId);
    expect(span.parentSpanContext).toMatchObject({ spanId: "00f067aa0ba902b7", isRemote: true });
    expect(span.spanContext().traceState?.serialize()).toBe("a=b");
  });

  it("take the trace of the HTTP headers when _meta has none, for either era", async () => {
    const server = testServer();
    const { headers, payload } = call("echo", {}, { message: "x" });
    await inject(server, { headers: { ...headers, traceparent }, payload });
    expect(named("tools/call echo").spanContext().traceId).toBe(traceId);
    exporter.reset();
    const { url } = await server.listen();
    const client = await oldClient(url, { traceparent });
    await client.callTool({ name: "add", arguments: { a: 1 } });
    expect(named("tools/call add").spanContext().traceId).toBe(traceId);
  });

  it("are marked where the tool failed, and do not take a name from a stranger", async () => {
    const server = testServer();
    await inject(server, call("fails"));
    await inject(server, call("made_up"));
    expect(named("tools/call fails")).toMatchObject({
      attributes: { "error.type": "tool_error" },
      status: { code: 2 },
    });
    const unknown = named("tools/call");
    expect(unknown.attributes).toEqual({
      "mcp.method.name": "tools/call",
      "gen_ai.operation.name": "execute_tool",
      "error.type": "E_TOOL_UNKNOWN",
    });
  });

  it("are made for prompts and resources too", async () => {
    const server = testServer();
    server.registry.addPrompt({ name: "p", get: async () => ({ messages: [] }) });
    server.registry.addResource({ name: "r", uri: "a://r", read: async (uri) => [{ uri, text: "x" }] });
    const { url } = await server.listen();
    const client = await oldClient(url);
    await client.getPrompt({ name: "p" });
    await client.readResource({ uri: "a://r" });
    expect(named("prompts/get p").attributes).toMatchObject({ "gen_ai.prompt.name": "p" });
    expect(named("resources/read").attributes).toMatchObject({ "mcp.resource.uri": "a://r" });
  });
});

it("[SRV-12] a call that a tool makes of another server belongs to the same trace, with baggage", async () => {
  const far = testServer();
  const { url } = await far.listen();
  const client = createTracedClient({ url: `${url}/mcp` });
  onTestFinished(() => client.close());
  const relay = defineTool({
    name: "relay",
    description: "Asks the far server who calls.",
    input: z.object({}),
    handler: async () => await client.callTool("who"),
  });
  const near = testServer({ registry: registryOf([relay]) });
  const answer = await inject(near, call("relay", { traceparent, baggage: "user=alice" }));
  const [server, sent, received] = ["tools/call relay", "tools/call who", "tools/call who"].map(
    (name, index) =>
      exporter
        .getFinishedSpans()
        .find(
          (span) => span.name === name && span.kind === (index === 1 ? SpanKind.CLIENT : SpanKind.SERVER),
        ),
  );
  expect(server?.spanContext().traceId).toBe(traceId);
  expect(sent?.parentSpanContext?.spanId).toBe(server?.spanContext().spanId);
  expect(received?.parentSpanContext?.spanId).toBe(sent?.spanContext().spanId);
  expect(answer.body).toContain("user=alice");
});
