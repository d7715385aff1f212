import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { createRequire } from "node:module";
import { createMcpClient } from "@parley/mcp-client";
import type { McpClient, McpCommonOptions, McpNotification } from "@parley/mcp-client";
import { createStdioClient } from "@parley/mcp-client/stdio";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";

/** The reference server of the protocol's maintainers, on the v1 SDK. */
const program = createRequire(import.meta.url).resolve(
  "@modelcontextprotocol/server-everything/dist/index.js",
);

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const { port } = probe.address() as AddressInfo;
  await new Promise((resolve) => probe.close(resolve));
  return port;
}

/** Starts the server on a port it cannot choose by itself. */
async function serveEverything(transport: "sse" | "streamableHttp"): Promise<{ url: string; stop(): void }> {
  const port = await freePort();
  const child = spawn(process.execPath, [program, transport], {
    env: { PATH: process.env["PATH"], PORT: String(port) },
    stdio: ["ignore", "ignore", "pipe"],
  });
  await new Promise<void>((resolve) => {
    child.stderr.on("data", (piece: Buffer) => {
      if (piece.toString().includes(String(port))) resolve();
    });
  });
  const path = transport === "sse" ? "sse" : "mcp";
  return { url: `http://127.0.0.1:${port}/${path}`, stop: () => void child.kill("SIGKILL") };
}

let http: Awaited<ReturnType<typeof serveEverything>>;
let sse: Awaited<ReturnType<typeof serveEverything>>;
beforeAll(async () => {
  [http, sse] = await Promise.all([serveEverything("streamableHttp"), serveEverything("sse")]);
}, 30_000);
afterAll(() => {
  http.stop();
  sse.stop();
});

const open: Readonly<Record<string, (options: McpCommonOptions) => McpClient>> = {
  stdio: (options) => createStdioClient({ command: process.execPath, args: [program, "stdio"], ...options }),
  "streamable HTTP": (options) => createMcpClient({ url: http.url, ...options }),
  sse: (options) => createMcpClient({ url: sse.url, transport: "sse", ...options }),
  "SSE, found out": (options) => createMcpClient({ url: sse.url, ...options }),
};

function start(transport: string, options: McpCommonOptions = {}): McpClient {
  const client = open[transport]?.({ timeoutMs: 15_000, ...options });
  if (!client) throw new Error(`no transport ${transport}`);
  onTestFinished(() => client.close());
  return client;
}

describe.each(Object.keys(open))("[MCL-05] the reference server over %s", (transport) => {
  test("lists, reads, gets, completes", async () => {
    const client = start(transport);
    expect((await client.listTools()).length).toBeGreaterThan(5);
    expect((await client.listPrompts()).length).toBeGreaterThan(1);
    expect((await client.listResourceTemplates()).length).toBeGreaterThan(0);
    const [resource] = await client.listResources();
    const { contents } = await client.readResource(String(resource?.["uri"]));
    expect(contents).toHaveLength(1);
    expect(await client.callTool("echo", { message: "hi" })).toMatchObject({
      content: [{ text: "Echo: hi" }],
    });
    const ref = { type: "ref/prompt", name: "completable-prompt" } as const;
    const completed = await client.complete({ ref, argument: { name: "department", value: "E" } });
    expect(completed).toMatchObject({ completion: { values: ["Engineering"] } });
    expect(await client.ping()).toBeGreaterThan(0);
    expect(client.era).toBe("legacy");
  });

  test("asks for input, a completion and roots, and reports progress", async () => {
    const asked: unknown[] = [];
    const client = start(transport, {
      handlers: {
        "elicitation/create": (params) => {
          asked.push(params["requestedSchema"]);
          return { action: "decline" };
        },
        "sampling/createMessage": (params) => ({
          role: "assistant",
          model: "none",
          content: { type: "text", text: JSON.stringify(params["messages"]) },
        }),
        "roots/list": () => ({ roots: [{ uri: "file:///data", name: "data" }] }),
      },
      onNotification() {},
    });
    await client.listTools();
    await expect
      .poll(async () => (await client.listTools()).map(({ name }) => name))
      .toContain("get-roots-list");
    const sampled = await client.callTool("trigger-sampling-request", { prompt: "say it", maxTokens: 5 });
    expect(JSON.stringify(sampled)).toContain("say it");
    expect(JSON.stringify(await client.callTool("trigger-elicitation-request"))).toContain("declined");
    expect(asked).toHaveLength(1);
    expect(JSON.stringify(await client.callTool("get-roots-list"))).toContain("file:///data");
    const heard: number[] = [];
    const onProgress = ({ progress }: { progress: number }): void => void heard.push(progress);
    await client.callTool("trigger-long-running-operation", { duration: 0.4, steps: 4 }, { onProgress });
    expect(heard.length).toBeGreaterThan(2);
  });

  test("tells of a resource that changed, until it need not", async () => {
    const told: McpNotification[] = [];
    const client = start(transport, { onNotification: (notification) => void told.push(notification) });
    const [resource] = await client.listResources();
    const uri = String(resource?.["uri"]);
    await client.subscribeResource(uri);
    await client.callTool("toggle-subscriber-updates");
    const updated = { method: "notifications/resources/updated", params: { uri } };
    await expect.poll(() => told, { timeout: 30_000 }).toContainEqual(expect.objectContaining(updated));
    await client.unsubscribeResource(uri);
  });
});
