import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { createMcpClient } from "@parley/mcp-client";
import { expect, it } from "vitest";
import { entry, start } from "./_gateway.ts";

const program = new URL("fixtures/careless-server.mjs", import.meta.url).pathname;
const server = entry("odd one", { command: process.execPath, args: [program] });

it(
  "[GTW-301] tools of careless servers are all there, by their own names over REST",
  { timeout: 120_000 },
  async () => {
    const { url, warnings, get, post } = await start({ servers: [server] });
    expect(warnings).toEqual([]);
    const long = "x".repeat(120);
    for (const name of ["send a mail", "größe-🚀", long, "files/read", "no_schema", "open", "nullable"]) {
      const { status, json } = await post(`/odd%20one/${encodeURIComponent(name)}`);
      expect([status, json]).toEqual([200, name]);
    }
    const document = await get("/openapi.json");
    for (const path of document.keys("paths").filter((one) => one.startsWith("/odd%20one/"))) {
      expect((await post(path)).status).toBe(/fails|says/.test(path) ? 502 : 200);
      expect(document.at("paths", path, "post", "operationId")).toMatch(/^odd_one_[\w.-]+$/);
    }
    for (const path of ["/mcp", "/mcp/", "/servers/odd%20one/mcp", "/servers/odd%20one/mcp/"]) {
      const client = createMcpClient({ url: `${url}${path}` });
      const tools = await client.listTools();
      expect(tools).toHaveLength(11);
      for (const { name, inputSchema } of tools) {
        expect(name).toMatch(/^[\w./-]{1,64}$/);
        expect(inputSchema).toMatchObject({ type: "object" });
      }
      await client.close();
      const strict = new Client({ name: "strict", version: "1" });
      await strict.connect(new StreamableHTTPClientTransport(new URL(`${url}${path}`)));
      const listed = (await strict.listTools()).tools;
      const schema = listed.find(({ name }) => name.endsWith("booleans"))?.inputSchema;
      expect(schema).toEqual({ type: "object", properties: { any: {}, none: { not: {} } } });
      await strict.close();
    }
  },
);

it(
  "[GTW-302] errors without a number keep their words, and a slash may stand as it is",
  { timeout: 120_000 },
  async () => {
    const { post } = await start({ servers: [server] });
    expect((await post("/odd%20one/fails")).at("detail", "message")).toBe("the quota is used up");
    expect((await post("/odd%20one/says")).at("detail", "message")).toBe("nothing works");
    expect((await post("/odd%20one/files/read")).json).toBe("files/read");
    expect((await post("/odd%20one/open/")).json).toBe("open");
    const unknown = await post("/odd%20one/files/write");
    expect([unknown.status, unknown.at("error", "code")]).toEqual([404, "E_TOOL_UNKNOWN"]);
  },
);
