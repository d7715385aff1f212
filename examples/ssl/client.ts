// Calls simple_echo and says what came of it.
import { readTrust } from "@parley/cli";
import { createMcpClient } from "@parley/mcp-client";

const client = createMcpClient({
  url: process.argv[2] ?? "https://localhost:8089/mcp",
  ca: await readTrust({ env: process.env }),
});
try {
  const { content } = await client.callTool("simple_echo", { message: "hello over TLS" });
  const blocks: unknown[] = Array.isArray(content) ? content : [];
  const text = blocks.map((block) => Object(block).text).join("");
  console.log(`heard: ${text}`);
} catch (error) {
  console.log(`failed: ${error instanceof Error ? error.message : String(error)}`);
} finally {
  await client.close();
}
