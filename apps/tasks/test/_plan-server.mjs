// An MCP server over stdio whose tools write down that they were called; `slow` waits until it is let go.
import { appendFileSync, existsSync } from "node:fs";
import { createInterface } from "node:readline";

const [folder] = process.argv.slice(2);
const tools = ["quick", "slow"].map((name) => ({ name, inputSchema: { type: "object" } }));
const answers = {
  initialize: ({ protocolVersion }) => ({
    protocolVersion,
    capabilities: { tools: {}, prompts: {} },
    serverInfo: { name: "plan-server", version: "1" },
  }),
  "tools/list": () => ({ tools }),
  "prompts/list": () => ({ prompts: [{ name: "role", arguments: [{ name: "who", required: true }] }] }),
  "prompts/get": ({ arguments: { who } }) => ({
    messages: [{ role: "user", content: { type: "text", text: `You are ${who}.` } }],
  }),
  "resources/list": () => ({ resources: [] }),
  async "tools/call"({ name }) {
    appendFileSync(`${folder}/calls`, `${name}\n`);
    const waits = () => name === "slow" && !existsSync(`${folder}/go`);
    while (waits()) await new Promise((resolve) => setTimeout(resolve, 20));
    return { content: [{ type: "text", text: `${name} done` }] };
  },
};

for await (const line of createInterface({ input: process.stdin })) {
  const { id, method, params } = JSON.parse(line);
  if (id === undefined) continue;
  const answer = answers[method];
  const body =
    answer === undefined
      ? { error: { code: -32601, message: `no ${method}` } }
      : Promise.resolve(answer(params)).then((result) => ({ result }));
  void Promise.resolve(body).then((said) =>
    process.stdout.write(`${JSON.stringify({ jsonrpc: "2.0", id, ...said })}\n`),
  );
}
