import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { createMcpClient } from "@parley/mcp-client";
import type { McpClient } from "@parley/mcp-client";
import { createStdioClient } from "@parley/mcp-client/stdio";
import { expect, onTestFinished } from "vitest";
import { z } from "zod";
import { scratch, startNode } from "../harness/nodes.ts";
import type { Node } from "../harness/nodes.ts";
import { eventually } from "../harness/wait.ts";
import { verifies } from "../verifies.ts";

const folder = new URL("../../../examples/hosts/", import.meta.url);
const root = fileURLToPath(new URL("../../../", import.meta.url));
const token = "tok-of-a-host";

const Command = z.strictObject({
  type: z.literal("stdio").optional(),
  command: z.string(),
  args: z.array(z.string()),
});
const Address = z.strictObject({
  type: z.literal("http"),
  url: z.string(),
  headers: z.record(z.string(), z.string()),
});
const Servers = z.record(z.string(), z.union([Command, Address]));

/** Each file with the key its program reads the servers from. */
const files = [
  [
    "claude_desktop_config.json",
    z.strictObject({ mcpServers: Servers }).transform((file) => file.mcpServers),
  ],
  [".mcp.json", z.strictObject({ mcpServers: Servers }).transform((file) => file.mcpServers)],
  [
    ".vscode/mcp.json",
    z.strictObject({ inputs: z.array(z.unknown()), servers: Servers }).transform(({ servers }) => servers),
  ],
] as const;

/** Fills in what the program would: variables, inputs, and the address of a server that runs here. */
function filledIn(text: string, site: Node): string {
  return text
    .replaceAll(/\$\{PARLEY_URL:-([^}]+)\}/g, "$1")
    .replaceAll(/\$\{(?:PARLEY_TOKEN|input:parley-token)\}/g, token)
    .replaceAll("http://127.0.0.1:8089/mcp", site.url);
}

function connect(server: z.infer<typeof Command> | z.infer<typeof Address>): McpClient {
  const client =
    "url" in server
      ? createMcpClient({ url: server.url, headers: server.headers })
      : createStdioClient({ command: server.command, args: server.args, cwd: root });
  onTestFinished(() => client.close());
  return client;
}

for (const [file, schema] of files) {
  verifies(
    ["HOST-04"],
    `every server of ${file} lists tools`,
    async () => {
      const tokenFile = join(await scratch(), "token");
      await writeFile(tokenFile, token);
      // A bridge has no credential of its own in its command: it speaks to a server that asks for none.
      const open = file === "claude_desktop_config.json";
      const site = await startNode(open ? {} : { tokenFile });
      const servers = schema.parse(JSON.parse(filledIn(await readFile(new URL(file, folder), "utf8"), site)));
      expect(Object.keys(servers)).toEqual(["parley", "site"]);
      for (const [name, server] of Object.entries(servers)) {
        const client = connect(server);
        const wanted = name === "site" && "command" in server ? "site_simple_echo" : "simple_echo";
        await eventually(
          `${name} lists ${wanted}`,
          async () => (await client.listTools()).some((tool) => tool["name"] === wanted),
          60_000,
        );
        const result = await client.callTool(wanted, { message: "hello" });
        expect(result).toMatchObject({ content: [{ text: "hello" }] });
      }
    },
    120_000,
  );
}
