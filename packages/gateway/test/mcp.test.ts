import { createMcpClient } from "@parley/mcp-client";
import type { McpClientOptions } from "@parley/mcp-client";
import { defineTool } from "@parley/tool-registry";
import { describe, expect, onTestFinished, test } from "vitest";
import { z } from "zod";
import { entry, start, stdio, text, tool, until, upstream } from "./_gateway.ts";

function connect(options: McpClientOptions) {
  const client = createMcpClient({ timeoutMs: 10_000, ...options });
  onTestFinished(() => client.close());
  return client;
}

describe.each(["legacy", "modern"] as const)("[GTW-28] over MCP, %s", (era) => {
  test("all servers are at /mcp, and each is at an address of its own", async () => {
    const { registry, url: own } = await upstream();
    registry.addTool(tool("t".repeat(64), text("long"), { outputSchema: { type: "object" } }));
    const { url } = await start({ servers: [entry("a-server", { type: "http", url: own }), stdio("raw")] });
    const all = connect({ url: `${url}/mcp`, era });
    const names = (await all.listTools()).map(({ name }) => String(name));
    expect(names).toContain("raw_echo");
    expect(names.every((name) => name.length <= 64)).toBe(true);
    expect(await all.callTool("raw_echo", { text: "hi" })).toMatchObject(text("hi"));
    const one = connect({ url: `${url}/servers/raw/mcp`, era });
    expect((await one.listTools()).map(({ name }) => name)).toContain("echo");
    expect(await one.callTool("echo", { text: "hi" })).toMatchObject(text("hi"));
    await expect(connect({ url: `${url}/servers/none/mcp`, era }).listTools()).rejects.toThrow(
      /404|no server/i,
    );
  });

  test("a list that changes is told, and a question reaches the client that called", async () => {
    const { registry, url: own } = await upstream();
    const asks = defineTool({
      name: "asks",
      description: "Asks.",
      input: z.object({}),
      handler: async (_args, context) => {
        const { content } = await context.elicit({ message: "Who?", schema: z.object({ name: z.string() }) });
        return `Hello ${String(content?.name)}`;
      },
    });
    registry.addTool(asks);
    const { url } = await start({ servers: [entry("up", { type: "http", url: own })] });
    const heard: string[] = [];
    const client = (name: string) =>
      connect({
        url: `${url}/mcp`,
        era,
        handlers: { "elicitation/create": () => ({ action: "accept", content: { name } }) },
        onNotification: ({ method }) => heard.push(method),
      });
    const [ada, bob] = [client("Ada"), client("Bob")];
    const answers = await Promise.all([ada.callTool("up_asks"), bob.callTool("up_asks")]);
    expect(answers).toMatchObject([text("Hello Ada"), text("Hello Bob")]);
    registry.addTool(tool("more", text("m")));
    await until(() => expect(heard).toContain("notifications/tools/list_changed"));
  });
});

test("[GTW-24] over MCP too a silent server is given up", async () => {
  const { url } = await start({ servers: [stdio("raw", [], { timeout: 0.4 })] });
  const answer = await connect({ url: `${url}/mcp` }).callTool("raw_hang");
  expect(answer).toMatchObject({ isError: true });
  expect(JSON.stringify(answer)).toContain("E_MCP_TIMEOUT");
});

test("[GTW-02] the tools of a server that is alone have no prefix anywhere", async () => {
  const { url, post, get } = await start({ servers: [stdio("server")], alone: true });
  expect((await post("/echo", { text: "x" })).json).toBe("x");
  expect((await get("/openapi.json")).keys("paths")).toContain("/echo");
  const names = (await connect({ url: `${url}/mcp` }).listTools()).map(({ name }) => name);
  expect(names).toContain("echo");
});

test("[GTW-30] an address that two servers have goes to the first of them, whichever was there sooner", async () => {
  const [first, second] = await Promise.all([upstream(), upstream()]);
  const add = ({ registry }: typeof first, said: string): void =>
    registry.addResource({
      name: said,
      origin: said,
      uri: "x://both",
      read: async (uri) => [{ uri, text: said }],
    });
  add(second, "second");
  const servers = [
    entry("a", { type: "http", url: first.url }),
    entry("b", { type: "http", url: second.url }),
  ];
  const { url } = await start({ servers });
  const client = connect({ url: `${url}/mcp` });
  const read = async (): Promise<unknown> => (await client.readResource("x://both"))["contents"];
  expect(await read()).toMatchObject([{ text: "second" }]);
  add(first, "first");
  await until(async () => expect(await read()).toMatchObject([{ text: "first" }]));
  first.registry.remove("first");
  await until(async () => expect(await read()).toMatchObject([{ text: "second" }]));
});
