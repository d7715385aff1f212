import { readFile } from "node:fs/promises";
import { ParleyError } from "@parley/core";
import { createMcpClient } from "@parley/mcp-client";
import type { McpClient } from "@parley/mcp-client";
import { createStdioClient } from "@parley/mcp-client/stdio";
import { parse, printParseErrorCode } from "jsonc-parser";
import type { ParseError } from "jsonc-parser";
import { z } from "zod";
import { whyUnreadable } from "./unreadable.ts";

const Text = z.string().min(1);
const scalar = z.union([z.string(), z.number(), z.boolean()]).transform(String);

/** One MCP server: a program to start, or an address. Keys of hosts that mean nothing here are passed over. */
export const ServerEntry = z.union([
  z.object({
    command: Text,
    args: z.array(scalar).default([]),
    env: z.record(z.string(), scalar).default({}),
    cwd: z.string().optional(),
  }),
  z.object({ url: z.url(), headers: z.record(z.string(), z.string()).default({}) }),
]);
export type ServerEntry = z.input<typeof ServerEntry>;

const Flags = z.looseObject({ disabled: z.boolean().optional(), enabled: z.boolean().optional() });

/** `servers` is the word of VS Code. */
const ServersFile = z.union([
  z.object({ mcpServers: z.record(Text, z.unknown()) }),
  z.object({ servers: z.record(Text, z.unknown()) }).transform(({ servers }) => ({ mcpServers: servers })),
]);

/**
 * Reads `{ "mcpServers": { ... } }` as desktop hosts have it, comments and servers that are switched off included.
 * @param flag - names the file in messages
 * @throws `E_CONFIG_INVALID` naming the file and the place in it
 */
export async function readServers(
  path: string,
  flag = "--servers",
): Promise<Readonly<Record<string, ServerEntry>>> {
  const refuse = (what: string, cause?: unknown): ParleyError =>
    new ParleyError("E_CONFIG_INVALID", `${flag} ${path}: ${what}.`, { cause });
  const text = await readFile(path, "utf8").catch((cause: unknown) => {
    throw refuse(whyUnreadable(cause), cause);
  });
  const errors: ParseError[] = [];
  const raw: unknown = parse(text.replace(/^\uFEFF/, ""), errors, { allowTrailingComma: true });
  const [broken] = errors;
  if (broken !== undefined) {
    const line = text.slice(0, broken.offset).split("\n").length;
    throw refuse(`line ${line} is no JSON (${printParseErrorCode(broken.error)})`);
  }
  const file = ServersFile.safeParse(raw);
  if (!file.success) throw refuse("it holds no servers: write an object mcpServers of servers by name");
  const entries = Object.entries(file.data.mcpServers).filter(([, entry]) => isOn(entry));
  return Object.fromEntries(
    entries.map(([name, entry]) => {
      const read = ServerEntry.safeParse(entry);
      if (read.success) return [name, read.data];
      throw refuse(
        `mcpServers.${name} does not fit: write a command with args and env, or a url with headers`,
      );
    }),
  );
}

function isOn(entry: unknown): boolean {
  const { success, data } = Flags.safeParse(entry);
  return !success || (data.enabled ?? data.disabled !== true);
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
