// Asks any MCP server: `tsx query.ts [URL] [TOOL] [JSON]`. Without TOOL it lists the tools and what each takes; with one
// it calls it. MCPSERVER_TOKEN is sent as the bearer token when it is set.
import { createMcpClient } from "@parley/mcp-client";

const usage =
  'usage: tsx query.ts [URL] [TOOL] [JSON], such as: http://localhost:8089/mcp simple_echo \'{"message":"hi"}\'';
const [url = "http://localhost:8000/mcp", tool, json = "{}", ...rest] = process.argv.slice(2);

function fail(message: string): never {
  console.error(`${message}\n${usage}`);
  process.exit(2);
}

/** The arguments of the call. */
function argumentsOf(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    if (value !== null && typeof value === "object" && !Array.isArray(value)) return { ...value };
  } catch {
    // Said below, with every other thing that is no object.
  }
  return fail(`The arguments must be one JSON object, not: ${text}`);
}

if (rest.length > 0) fail(`There are ${rest.length} words too many.`);
if (!URL.canParse(url)) fail(`This is no URL: ${url}`);
const args = argumentsOf(json);
const client = createMcpClient({ url, token: process.env["MCPSERVER_TOKEN"] });
try {
  if (tool === undefined) {
    for (const found of await client.listTools()) console.log(JSON.stringify(found, undefined, 2));
  } else {
    const { structuredContent, content, isError } = await client.callTool(tool, args);
    const blocks: unknown[] = Array.isArray(content) ? content : [];
    const text = blocks.map((block) => Object(block).text ?? JSON.stringify(block)).join("\n");
    console.log(structuredContent === undefined ? text : JSON.stringify(structuredContent, undefined, 2));
    if (isError === true) process.exitCode = 1;
  }
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
} finally {
  await client.close();
}
