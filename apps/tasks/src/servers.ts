import { readFile } from "node:fs/promises";
import { ParleyError } from "@parley/core";
import { createMcpClient } from "@parley/mcp-client";
import type { McpClient } from "@parley/mcp-client";
import { createStdioClient } from "@parley/mcp-client/stdio";
import { z } from "zod";

const Text = z.string().min(1);

/** One MCP server: a program to start, or an address. */
export const ServerEntry = z.union([
  z.object({
    command: Text,
    args: z.array(z.string()).default([]),
    env: z.record(z.string(), z.string()).default({}),
    cwd: z.string().optional(),
  }),
  z.object({ url: z.url(), headers: z.record(z.string(), z.string()).default({}) }),
]);
export type ServerEntry = z.input<typeof ServerEntry>;

const ServersFile = z.object({ mcpServers: z.record(Text, ServerEntry) });

/** Reads `{ "mcpServers": { ... } }`. @throws `E_CONFIG_INVALID` naming the file and the place in it */
export async function readServers(path: string): Promise<Readonly<Record<string, ServerEntry>>> {
  let raw: unknown;
  try {
    raw = JSON.parse(await readFile(path, "utf8"));
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new ParleyError("E_CONFIG_INVALID", `--servers: ${path} cannot be read: ${why}.`, { cause });
  }
  const parsed = ServersFile.safeParse(raw);
  if (parsed.success) return parsed.data.mcpServers;
  const [issue] = parsed.error.issues;
  const where = issue === undefined || issue.path.length === 0 ? "it" : issue.path.join(".");
  throw new ParleyError(
    "E_CONFIG_INVALID",
    `--servers: ${path}: ${where} does not fit: ${issue?.message ?? "odd"}.`,
  );
}

/** Clients that connect at their first call. */
export function openServers(
  entries: Readonly<Record<string, ServerEntry>>,
): Readonly<Record<string, McpClient>> {
  return Object.fromEntries(
    Object.entries(entries).map(([name, given]) => {
      const entry = ServerEntry.parse(given);
      return [name, "url" in entry ? createMcpClient(entry) : createStdioClient(entry)];
    }),
  );
}
