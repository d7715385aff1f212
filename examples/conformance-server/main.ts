// Starts the server and asks it one question of each era; with --port it goes on serving.
import assert from "node:assert/strict";
import { parseArgs } from "node:util";
import { conformanceServer } from "./server.ts";

const { values } = parseArgs({ options: { port: { type: "string" } } });
const server = conformanceServer();
const { url } = await server.listen({ port: Number(values.port ?? 0) });

const modern = {
  "content-type": "application/json",
  accept: "application/json, text/event-stream",
  "mcp-protocol-version": "2026-07-28",
};

async function call(name: string, params: object = {}): Promise<unknown> {
  const _meta = {
    "io.modelcontextprotocol/protocolVersion": "2026-07-28",
    "io.modelcontextprotocol/clientCapabilities": { elicitation: {} },
  };
  const response = await fetch(`${url}/mcp`, {
    method: "POST",
    headers: { ...modern, "mcp-method": "tools/call", "mcp-name": name },
    body: JSON.stringify({
      jsonrpc: "2.0",
      id: 1,
      method: "tools/call",
      params: { name, arguments: {}, ...params, _meta },
    }),
  });
  const { result } = (await response.json()) as { result: unknown };
  return result;
}

const asked = (await call("test_input_required_result_elicitation")) as {
  resultType: string;
  requestState: string;
};
assert.equal(asked.resultType, "input_required");
const answered = (await call("test_input_required_result_elicitation", {
  requestState: asked.requestState,
  inputResponses: { user_name: { action: "accept", content: { name: "Ada" } } },
})) as { content: { text: string }[] };
assert.equal(answered.content[0]?.text, "Hello, Ada!");
console.log(`asked for a name, then said: ${answered.content[0]?.text}`);

if (values.port === undefined) await server.close();
else console.log(`serving ${url}/mcp`);
