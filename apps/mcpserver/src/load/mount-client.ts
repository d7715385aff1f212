import { readFileSync, statSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { ParleyError } from "@parley/core";
import type { McpClient } from "@parley/mcp-client";
import { createDispatcher, createMcpClient } from "@parley/mcp-client";
import { createStdioClient } from "@parley/mcp-client/stdio";
import type { MountConnection } from "@parley/mount";
import type { MountEntry } from "./mount-entry.ts";

/** What connections to mounted servers share. */
export interface MountClients {
  /** Path of the YAML file. */
  readonly config?: string | undefined;
  /** Certificate authorities trusted beside the well-known ones. */
  readonly ca: () => string | undefined;
  readonly version: string;
  /** A line a started server wrote to its standard error. */
  readonly onStderr: (line: string) => void;
}

/** The default of `timeout`, in seconds. */
const defaultTimeoutSeconds = 60;

/** Makes the client of a mounted server. */
export function openMountClient(
  entry: MountEntry,
  clients: MountClients,
  connection: MountConnection,
): McpClient {
  const { version, onStderr, ca } = clients;
  const timeoutMs = (entry.timeout ?? defaultTimeoutSeconds) * 1000;
  const common = { ...connection, name: "mcpserver", version, timeoutMs };
  const { url, headers, command = "", args, env } = entry;
  if (url === undefined) {
    const cwd = entry.cwd === undefined ? undefined : placeOf(entry, clients, entry.cwd);
    return createStdioClient({ ...common, command, args, env, cwd, onStderr });
  }
  const dispatcher = createDispatcher(ca);
  const client = createMcpClient({ ...common, url, headers, dispatcher, token: tokenOf(entry, clients) });
  return {
    ...client,
    get era() {
      return client.era;
    },
    get server() {
      return client.server;
    },
    async close() {
      await client.close();
      await dispatcher.destroy();
    },
  };
}

/** Refuses what can never work, before anything starts. @throws `E_CONFIG_INVALID` */
export function checkMountFiles(entry: MountEntry, clients: MountClients): void {
  tokenOf(entry, clients)?.();
  const cwd = entry.cwd === undefined ? undefined : placeOf(entry, clients, entry.cwd);
  if (cwd === undefined || statSync(cwd, { throwIfNoEntry: false })?.isDirectory() === true) return;
  throw new ParleyError(
    "E_CONFIG_INVALID",
    `${entry.where}.cwd: ${cwd} is no directory; create it or name another.`,
  );
}

/** Reads the file before each request, so that a new token is taken up; it is small and local. */
function tokenOf(entry: MountEntry, clients: MountClients): (() => string | undefined) | undefined {
  const { tokenFile, where } = entry;
  if (tokenFile === undefined) return undefined;
  const path = placeOf(entry, clients, tokenFile);
  return () => {
    const token = readToken(path);
    if (token !== "") return token;
    throw new ParleyError("E_CONFIG_INVALID", `${where}.token_file: ${path} cannot be read or is empty.`);
  };
}

function readToken(path: string): string {
  try {
    return readFileSync(path, "utf8").trim();
  } catch {
    return "";
  }
}

function placeOf({ inFile }: MountEntry, { config }: MountClients, path: string): string {
  return inFile && config !== undefined ? resolve(dirname(config), path) : resolve(path);
}
