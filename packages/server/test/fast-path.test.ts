import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { toolContext } from "@parley/tool-registry";
import { inject, modernRequest, oddTool, testServer, testTools } from "./support.ts";

/** One server with the thin path and one without, over the same tools. */
function pair() {
  return { fast: testServer(), sdk: testServer({ fastPath: false }) };
}

/** The last message of an answer, plain or streamed. */
function answerOf(response: { body: string; headers: Record<string, unknown> }) {
  const streamed = String(response.headers["content-type"]).startsWith("text/event-stream");
  return JSON.parse(streamed ? (response.body.match(/(?<=^data: ).*/gm)?.at(-1) ?? "") : response.body);
}

type Pair = ReturnType<typeof pair>;

async function both({ fast, sdk }: Pair, request: ReturnType<typeof modernRequest>) {
  const [left, right] = await Promise.all([inject(fast, request), inject(sdk, request)]);
  return {
    fast: { status: left.statusCode, body: answerOf(left) },
    sdk: { status: right.statusCode, body: answerOf(right) },
  };
}

describe("the thin path answers as the SDK does", () => {
  it.each(
    testTools()
      .map((tool) => tool.name)
      .filter((name) => name !== "bad_block"),
  )("calling %s", async (name) => {
    const answers = await both(pair(), modernRequest("tools/call", { name, arguments: {} }));
    expect(answers.fast).toEqual(answers.sdk);
    expect(answers.fast.status).toBe(200);
  });

  it("for lists and for unknown tools", async () => {
    const servers = pair();
    const list = await both(servers, modernRequest("tools/list"));
    expect(list.fast).toEqual(list.sdk);
    const unknown = await both(servers, modernRequest("tools/call", { name: "nope", arguments: {} }));
    expect(unknown.fast).toEqual(unknown.sdk);
    expect(unknown.fast.body).toMatchObject({ error: { code: -32602, data: { code: "E_TOOL_UNKNOWN" } } });
  });

  it("for a result outside the protocol", async () => {
    const { fast, sdk } = await both(
      pair(),
      modernRequest("tools/call", { name: "bad_block", arguments: {} }),
    );
    expect(fast.body.error.code).toBe(sdk.body.error.code);
    expect(fast.body.error.message).toMatch(/Invalid tools\/call result/);
  });

  it("for any arguments, metadata and ids", async () => {
    const servers = pair();
    const names = fc.constantFrom("odd", "echo", "add", "who", "list", "none");
    const shape = fc.record({
      name: names,
      args: fc.option(fc.dictionary(fc.string(), fc.jsonValue()), { nil: undefined }),
      meta: fc.dictionary(fc.constantFrom("traceparent", "a/b", "progress"), fc.jsonValue()),
      id: fc.oneof(fc.string(), fc.integer(), fc.double(), fc.constant(null)),
    });
    await fc.assert(
      fc.asyncProperty(shape, async ({ name, args, meta, id }) => {
        const request = modernRequest(
          "tools/call",
          { name, ...(args === undefined ? {} : { arguments: args }) },
          meta,
        );
        Object.assign(request.payload, { id });
        const answers = await both(servers, JSON.parse(JSON.stringify(request)));
        expect(answers.fast).toEqual(answers.sdk);
      }),
      { numRuns: 60 },
    );
  });

  it("for envelopes and headers that are wrong", async () => {
    const servers = pair();
    const spoil = fc.constantFrom<(request: ReturnType<typeof modernRequest>) => void>(
      (request) => Object.assign(request.headers, { "mcp-method": "tools/list" }),
      (request) => Object.assign(request.headers, { "mcp-name": "add" }),
      (request) => Reflect.deleteProperty(request.headers, "mcp-name"),
      (request) => Reflect.deleteProperty(request.headers, "mcp-protocol-version"),
      (request) => Object.assign(request.headers, { "mcp-protocol-version": "2025-11-25" }),
      (request) => Object.assign(request.payload, { jsonrpc: "1.0" }),
      (request) => Object.assign(request.payload, { extra: 1 }),
      (request) =>
        Object.assign(request.payload.params._meta ?? {}, {
          "io.modelcontextprotocol/clientCapabilities": 1,
        }),
      (request) =>
        Object.assign(request.payload.params._meta ?? {}, {
          "io.modelcontextprotocol/protocolVersion": "2099-01-01",
        }),
      (request) =>
        Object.assign(request.payload.params._meta ?? {}, {
          "io.modelcontextprotocol/clientInfo": { name: 1 },
        }),
      (request) => Object.assign(request.payload.params, { arguments: [] }),
      (request) => Object.assign(request.payload.params, { requestState: "x" }),
      (request) => Reflect.deleteProperty(request.payload.params, "_meta"),
      (request) => Object.assign(request.payload, { method: "tools/none" }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(spoil, { minLength: 1, maxLength: 3 }), async (spoilers) => {
        const request = modernRequest("tools/call", { name: "echo", arguments: { message: "x" } });
        for (const apply of spoilers) apply(request);
        const answers = await both(servers, request);
        expect(answers.fast).toEqual(answers.sdk);
        expect(answers.fast.status).toBeLessThan(500);
      }),
      { numRuns: 60 },
    );
  });
});

describe("what the thin path leaves to the SDK", () => {
  it("streams progress when a token asks for it", async () => {
    const request = modernRequest("tools/call", { name: "counts", arguments: {} }, { progressToken: "p" });
    const answer = await inject(testServer(), request);
    expect(answer.headers["content-type"]).toMatch("text/event-stream");
    expect(answer.body.match(/notifications\/progress/g)).toHaveLength(3);
  });

  it("answers a batch, and forbids what the caller's scopes do not cover", async () => {
    const server = testServer();
    expect((await inject(server, { ...modernRequest("tools/list"), payload: [] as never })).statusCode).toBe(
      400,
    );
  });
});

describe("cost", () => {
  it("serialises the tool list once per version", async () => {
    const server = testServer();
    let reads = 0;
    const inputSchema = {
      type: "object",
      get title() {
        reads += 1;
        return "counted";
      },
    };
    server.registry.replace("w", { tools: [{ ...oddTool, name: "counted", inputSchema }] });
    await inject(server, modernRequest("tools/list"));
    const after = reads;
    for (let index = 0; index < 5; index += 1) await inject(server, modernRequest("tools/list"));
    await server.registry.call("counted", {}, toolContext());
    expect(reads).toBe(after);
    server.registry.remove("w");
    expect((await inject(server, modernRequest("tools/list"))).body).not.toContain("counted");
  });
});
