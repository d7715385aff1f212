import { McpError } from "@modelcontextprotocol/sdk/types.js";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { createMcpClient } from "@parley/mcp-client";
import { expect, onTestFinished, test } from "vitest";
import { entry, start, text } from "./_gateway.ts";

const page = "https://pay.example/7";

/** A server of 2025-11-25 whose tool works once its user has been to a page; it takes the second call for that. */
const paid = `
  let calls = 0;
  let rest = "";
  const serve = ({ id, method, params }) => {
    if (id === undefined) return;
    const answer = (more) => process.stdout.write(JSON.stringify({ jsonrpc: "2.0", id, ...more }) + "\\n");
    if (method === "initialize") {
      const { protocolVersion } = params;
      const serverInfo = { name: "paid", version: "1" };
      return answer({ result: { protocolVersion, capabilities: { tools: {} }, serverInfo } });
    }
    if (method === "tools/list") return answer({ result: { tools: [{ name: "run", inputSchema: { type: "object" } }] } });
    if (method !== "tools/call") return answer({ error: { code: -32601, message: "no" } });
    calls += 1;
    if (calls % 2 === 0) return answer({ result: { content: [{ type: "text", text: "paid" }] } });
    const elicitation = { mode: "url", elicitationId: "e" + calls, url: "${page}", message: "Pay first" };
    const odd = { mode: "url", elicitationId: "odd", url: "javascript:alert(1)", message: "Odd" };
    answer({ error: { code: -32042, message: "Pay first", data: { elicitations: [elicitation, odd] } } });
  };
  process.stdin.setEncoding("utf8").on("data", (chunk) => {
    const lines = (rest + chunk).split("\\n");
    rest = lines.pop();
    for (const line of lines) serve(JSON.parse(line));
  });
`;

const started = () => start({ servers: [entry("shop", { command: process.execPath, args: ["-e", paid] })] });

test("[GTW-34] a client of 2025 gets the error that names the pages, as the server sent it", async () => {
  const { url } = await started();
  const client = new Client({ name: "old", version: "1" }, { capabilities: { elicitation: { url: {} } } });
  await client.connect(new StreamableHTTPClientTransport(new URL(`${url}/mcp`)));
  onTestFinished(() => client.close());
  const call = () => client.callTool({ name: "shop_run", arguments: {} });
  const error = await call().catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(McpError);
  expect(error).toMatchObject({
    code: -32_042,
    message: expect.stringContaining("Pay first"),
    data: { elicitations: [{ mode: "url", elicitationId: "e1", url: page, message: "Pay first" }, {}] },
  });
  expect(await call()).toMatchObject(text("paid"));
});

test("[GTW-34] a client of 2026 is asked to visit the pages, and the call goes on", async () => {
  const { url } = await started();
  const asked: unknown[] = [];
  const client = createMcpClient({
    url: `${url}/mcp`,
    era: "modern",
    capabilities: { elicitation: { url: {} } },
    handlers: {
      "elicitation/create": (params) => {
        asked.push(params);
        return { action: "accept" };
      },
    },
  });
  onTestFinished(() => client.close());
  expect(await client.callTool("shop_run")).toMatchObject(text("paid"));
  expect(asked).toEqual([expect.objectContaining({ mode: "url", url: page, message: "Pay first" })]);
});

test("[GTW-34] a client of 2026 that opens no pages hears of the failure", async () => {
  const { url } = await started();
  const client = createMcpClient({ url: `${url}/mcp`, era: "modern" });
  onTestFinished(() => client.close());
  expect(await client.callTool("shop_run")).toMatchObject({
    isError: true,
    content: [{ text: expect.stringContaining("Pay first") }],
  });
});

test("[GTW-50] a caller over REST is given the pages, and the call goes on when it has been there", async () => {
  const { post } = await started();
  const asked = await post("/shop/run", {});
  expect(asked.status).toBe(202);
  const shown = { kind: "url", url: page, message: "Pay first" };
  expect(asked.json).toMatchObject({ status: "input_required", questions: { page_1: shown } });
  const answered = await post(String(asked.at("href")), { action: "accept" });
  expect(answered.status).toBe(200);
  expect(answered.json).toBe("paid");
  const again = await post("/shop/run", {});
  const declined = await post(String(again.at("href")), { action: "decline" });
  expect(declined.status).toBe(502);
});

test("[GTW-50] a caller over REST that is not to be asked gets the failure at once", async () => {
  const { post } = await started();
  const failed = await post("/shop/run", {}, { prefer: "interaction=none" });
  expect(failed.status).toBe(502);
  expect(JSON.stringify(failed.json)).toContain(page);
});
