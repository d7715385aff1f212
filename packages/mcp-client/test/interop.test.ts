import { createMcpClient } from "@parley/mcp-client";
import type { McpClient, McpEra } from "@parley/mcp-client";
import { createServer, staticToken } from "@parley/server";
import type { ServerOptions } from "@parley/server";
import { createRegistry, defineTool } from "@parley/tool-registry";
import { describe, expect, onTestFinished, test } from "vitest";
import { z } from "zod";

async function peers(
  era: McpEra | "auto",
  options: Partial<ServerOptions> = {},
  token?: string,
): Promise<McpClient> {
  const registry = createRegistry();
  registry.addTool(
    defineTool({
      name: "add",
      description: "Adds.",
      input: z.object({ a: z.number(), b: z.number() }),
      handler: ({ a, b }, context) => {
        context.progress(1, 2, "half");
        return { sum: a + b };
      },
    }),
  );
  registry.addTool(
    defineTool({
      name: "fails",
      description: "Fails.",
      input: z.object({}),
      handler: () => {
        throw new Error("it broke");
      },
    }),
  );
  const server = createServer({ name: "peer", version: "9", registry, closeGraceMs: 10, ...options });
  const { url } = await server.listen({ port: 0 });
  const client = createMcpClient({ url: `${url}/mcp`, era, token, timeoutMs: 5000 });
  onTestFinished(async () => {
    await client.close();
    await server.close();
  });
  return client;
}

describe.each(["modern", "legacy", "auto"] as const)("[ERA-02] our client and our server, era %s", (era) => {
  test.each([true, false])("lists, calls, hears progress and failure (fast path %s)", async (fastPath) => {
    const client = await peers(era, { fastPath });
    expect((await client.listTools()).map((tool) => tool["name"])).toEqual(["add", "fails"]);
    const heard: unknown[] = [];
    const onProgress = ({ message }: { message?: string | undefined }) => void heard.push(message);
    const sum = await client.callTool("add", { a: 2, b: 3 }, { onProgress });
    expect(sum["structuredContent"]).toEqual({ sum: 5 });
    expect(heard).toEqual(["half"]);
    expect(await client.callTool("fails")).toMatchObject({ isError: true });
    expect(await client.callTool("add", { a: "2" })).toMatchObject({ isError: true });
    await expect(client.callTool("nosuch")).rejects.toMatchObject({ code: "E_MCP_PROTOCOL" });
    expect(client.era).toBe(era === "auto" ? "modern" : era);
  });

  test("a token is asked for and accepted", async () => {
    const authenticator = staticToken("s3cret");
    const refused = await peers(era, { authenticator }, "wrong");
    await expect(refused.listTools()).rejects.toMatchObject({ code: "E_AUTH_REQUIRED" });
    const known = await peers(era, { authenticator }, "s3cret");
    expect(await known.listTools()).toHaveLength(2);
  });
});
