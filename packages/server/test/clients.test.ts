import { listTool } from "@parley/tool-registry";
import { describe, expect, it } from "vitest";
import { modernClient, oddTool, oldClient, testServer, v2LegacyClient, waitingTool } from "./support.ts";

const clients = [
  ["v1 SDK", oldClient],
  ["v2 SDK, 2025 era", v2LegacyClient],
  ["v2 SDK, 2026 era", modernClient],
] as const;

const read = async (uri: string) => [{ uri, text: "body" }];

describe.each(clients)("%s", (_name, connect) => {
  it("lists and calls", async () => {
    const server = testServer();
    const { url } = await server.listen();
    const client = await connect(url);
    expect(client.getServerVersion()).toMatchObject({ name: "test", version: "1.2.3" });
    const { tools } = await client.listTools();
    expect(tools.map((tool) => tool.name)).toEqual(tools.map((tool) => tool.name).toSorted());
    expect(await client.callTool({ name: "echo", arguments: { message: "hi" } })).toMatchObject({
      content: [{ type: "text", text: "hi" }],
    });
    expect(await client.callTool({ name: "add", arguments: { a: 2 } })).toMatchObject({
      structuredContent: { sum: 3 },
    });
    expect(await client.callTool({ name: "fails", arguments: {} })).toMatchObject({
      isError: true,
      content: [{ type: "text", text: "it broke" }],
      _meta: { "parley/error": { code: "E_TOOL_FAILED" } },
    });
    expect(await client.callTool({ name: "add", arguments: { a: "x" } })).toMatchObject({ isError: true });
    await expect(client.callTool({ name: "nope", arguments: {} })).rejects.toMatchObject({ code: -32602 });
  });

  it("shows a remote schema untouched and delivers odd arguments unchanged", async () => {
    const server = testServer();
    const { url } = await server.listen();
    const client = await connect(url);
    const { tools } = await client.listTools();
    const seen = tools.find((tool) => tool.name === "odd");
    expect(seen).toEqual(listTool(oddTool));
    const args = {
      url: "",
      info: { p: 0 },
      from: null,
      args: [],
      'a"b': false,
      "f(x) => `${y}`": 0,
      toString: 1,
    };
    const result = await client.callTool({ name: "odd", arguments: args });
    expect(result.structuredContent).toEqual({ heard: args });
  });

  it("hears progress", async () => {
    const server = testServer();
    const { url } = await server.listen();
    const client = await connect(url);
    const heard: number[] = [];
    const onprogress = ({ progress }: { progress: number }): void => void heard.push(progress);
    const request = { name: "counts", arguments: {} };
    const result =
      connect === oldClient
        ? await (client as Awaited<ReturnType<typeof oldClient>>).callTool(request, undefined, { onprogress })
        : await (client as Awaited<ReturnType<typeof modernClient>>).callTool(request, { onprogress });
    expect(result.content).toEqual([{ type: "text", text: "done" }]);
    expect(heard).toEqual([0, 50, 100]);
  });

  it("cancels a call", async () => {
    const waits = waitingTool();
    const server = testServer();
    server.registry.addTool(waits.tool);
    const { url } = await server.listen();
    const client = await connect(url);
    const controller = new AbortController();
    const request = { name: "waits", arguments: {} };
    const { signal } = controller;
    const call =
      connect === oldClient
        ? (client as Awaited<ReturnType<typeof oldClient>>).callTool(request, undefined, { signal })
        : (client as Awaited<ReturnType<typeof modernClient>>).callTool(request, { signal });
    const outcome = call.catch((error: unknown) => error);
    await waits.running;
    controller.abort(new Error("enough"));
    expect(await outcome).toBeInstanceOf(Error);
    await waits.aborted;
  });

  // 2025-era answers are streams, each dearer than a thin-path call.
  const many = connect === modernClient ? 500 : 50;

  it(`keeps ${many} concurrent calls apart`, async () => {
    const server = testServer();
    const { url } = await server.listen();
    const client = await connect(url);
    const calls = Array.from({ length: many }, (_, index) =>
      client.callTool({ name: "echo", arguments: { message: `m${index}` } }),
    );
    const texts = (await Promise.all(calls)).map((result) => JSON.stringify(result.content));
    expect(texts).toEqual(calls.map((_, index) => JSON.stringify([{ type: "text", text: `m${index}` }])));
  });

  it("gets prompts and resources", async () => {
    const server = testServer();
    server.registry.addPrompt({
      name: "p",
      arguments: [{ name: "x", required: true }],
      get: async ({ x }) => ({ messages: [{ role: "user", content: { type: "text", text: `x=${x}` } }] }),
    });
    server.registry.addResource({ name: "r", uri: "parley://r", mimeType: "text/plain", read });
    server.registry.addResource({ name: "family", uriTemplate: "parley://jobs/{id}", read });
    const { url } = await server.listen();
    const client = await connect(url);
    expect(await client.listPrompts()).toMatchObject({ prompts: [{ name: "p" }] });
    expect(await client.getPrompt({ name: "p", arguments: { x: "1" } })).toMatchObject({
      messages: [{ content: { text: "x=1" } }],
    });
    expect(await client.listResources()).toMatchObject({ resources: [{ uri: "parley://r" }] });
    expect(await client.listResourceTemplates()).toMatchObject({ resourceTemplates: [{ name: "family" }] });
    expect(await client.readResource({ uri: "parley://jobs/7" })).toMatchObject({
      contents: [{ uri: "parley://jobs/7", text: "body" }],
    });
    await expect(client.readResource({ uri: "parley://none" })).rejects.toMatchObject({ code: -32602 });
    await expect(client.getPrompt({ name: "none" })).rejects.toMatchObject({ code: -32602 });
  });
});

describe("list changes", () => {
  it("reach a v1 client over its session's stream", async () => {
    const { ToolListChangedNotificationSchema } = await import("@modelcontextprotocol/sdk/types.js");
    const server = testServer();
    const { url } = await server.listen();
    const client = await oldClient(url);
    const heard = new Promise<void>((resolve) => {
      client.setNotificationHandler(ToolListChangedNotificationSchema, () => resolve());
    });
    // The client opens its stream after connect() returns: change until it hears.
    const timer = setInterval(() => {
      server.registry.replace("w", { tools: [{ ...oddTool, name: `w_${server.registry.version}` }] });
    }, 20);
    await heard;
    clearInterval(timer);
    expect((await client.listTools()).tools.some((tool) => tool.name.startsWith("w_"))).toBe(true);
  });

  it("reach a modern client over its subscription", async () => {
    const server = testServer();
    const { url } = await server.listen();
    const heard = new Promise<string[]>((resolve) => {
      const onChanged = (_error: unknown, tools: { name: string }[] | null): void =>
        resolve((tools ?? []).map((tool) => tool.name));
      void modernClient(url, { listChanged: { tools: { onChanged, debounceMs: 0 } } }).then(() =>
        server.registry.addTool({ ...oddTool, name: "fresh" }),
      );
    });
    expect(await heard).toContain("fresh");
  });
});
