import { fileURLToPath } from "node:url";
import { Client as ModernClient } from "@modelcontextprotocol/client";
import { StdioClientTransport as ModernTransport } from "@modelcontextprotocol/client/stdio";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import { ElicitRequestSchema } from "@modelcontextprotocol/sdk/types.js";
import { createServer } from "@parley/server";
import { createRegistry, defineTool } from "@parley/tool-registry";
import { expect, onTestFinished, test } from "vitest";
import { z } from "zod";
import { file, raw, run } from "./_program.ts";

const program = fileURLToPath(new URL("../src/parley-proxy.ts", import.meta.url));

/** A server that is only there over the network. */
async function network(): Promise<string> {
  const registry = createRegistry();
  registry.addTool(
    defineTool({
      name: "greet",
      description: "Asks for a name.",
      input: z.object({}),
      handler: async (_args, context) => {
        const { content } = await context.elicit({ message: "Who?", schema: z.object({ name: z.string() }) });
        return `Hello ${String(content?.name)}`;
      },
    }),
  );
  const server = createServer({ name: "network", version: "1", registry, openApi: false, closeGraceMs: 50 });
  onTestFinished(() => server.close());
  return `${(await server.listen()).url}/mcp`;
}

/** What a host such as Claude Desktop has in its file. */
async function bridge() {
  const config = await file("config.json", { mcpServers: { net: { url: await network() }, raw } });
  const args = ["--conditions=@parley/source", "--import", "tsx", program, "--stdio", "--config", config];
  return { command: process.execPath, args, stderr: "pipe" as const };
}

test("[GTW-42] a client of the first SDK reaches servers of the network over stdio", async () => {
  const client = new Client({ name: "host", version: "1" }, { capabilities: { elicitation: {} } });
  client.setRequestHandler(ElicitRequestSchema, () => ({ action: "accept", content: { name: "Ada" } }));
  await client.connect(new StdioClientTransport(await bridge()));
  onTestFinished(() => client.close());
  expect((await client.listTools()).tools.map(({ name }) => name)).toEqual(
    expect.arrayContaining(["net_greet", "raw_echo"]),
  );
  const greeted = await client.callTool({ name: "net_greet" });
  expect(greeted.content).toMatchObject([{ text: "Hello Ada" }]);
  const said = await client.callTool({ name: "raw_echo", arguments: { text: "hi" } });
  expect(said.content).toMatchObject([{ text: "hi" }]);
}, 120_000);

test("[GTW-42] and so does one of the second SDK, in the revision of 2026", async () => {
  const client = new ModernClient(
    { name: "host", version: "1" },
    { capabilities: { elicitation: {} }, versionNegotiation: { mode: { pin: "2026-07-28" } } },
  );
  client.setRequestHandler("elicitation/create", () => ({ action: "accept", content: { name: "Bob" } }));
  await client.connect(new ModernTransport(await bridge()));
  onTestFinished(() => client.close());
  expect((await client.callTool({ name: "net_greet" })).content).toMatchObject([{ text: "Hello Bob" }]);
}, 120_000);

test("[GTW-42] a wrong file is told before anything is served", async () => {
  const { code, err } = await run(["--stdio", "--config", "none.json"]);
  expect([code, err]).toEqual([2, expect.stringMatching(/none\.json: there is no such file/)]);
});
