import { basename } from "node:path";
import { ParleyError } from "@parley/core";
import { createClient, patienceOf } from "../_client.ts";
import { describePeer } from "../_peer.ts";
import type { McpClient } from "../client.ts";
import type { McpCommonOptions } from "../options.ts";
import { createStdioEndpoint } from "./_endpoint.ts";

/** Options of {@link createStdioClient}. */
export interface StdioClientOptions extends McpCommonOptions {
  /** The program, found on PATH unless it is a path; no shell is involved. */
  readonly command: string;
  readonly args?: readonly string[] | undefined;
  /** Added to PATH, HOME, USER, LOGNAME, LANG, TZ and TMPDIR of this process; nothing else is passed on. */
  readonly env?: Readonly<Record<string, string>> | undefined;
  /** More of this process's environment for the program; `env` outranks it. Credentials in it are told by their names. */
  readonly passOn?: Readonly<Record<string, string>> | undefined;
  readonly cwd?: string | undefined;
  /** Hears what the program writes to its standard error, line by line, each at most 8 KiB. */
  readonly onStderr?: ((line: string) => void) | undefined;
  /** From the end of its input to SIGTERM, and from there to SIGKILL (default 2,000). */
  readonly graceMs?: number | undefined;
}

/** Values that must not be quoted: the rest of an environment is paths and names, without which errors say little. */
function credentialsIn(environment: Readonly<Record<string, string>>): readonly string[] {
  return Object.entries(environment).flatMap(([name, value]) =>
    /token|secret|passw|key|credential|auth/i.test(name) ? [value] : [],
  );
}

/**
 * A client of one MCP server that it starts at the first call, and again at the first call after it ended. `close()`
 * ends the program and all it started.
 * @throws {@link ParleyError} `E_ARGUMENT_INVALID` for an empty command; from calls, `E_EXEC_NOT_FOUND` too.
 */
export function createStdioClient(options: StdioClientOptions): McpClient {
  const { command, args = [], env = {}, passOn = {} } = options;
  if (command === "" || [command, ...args].some((part) => part.includes("\0"))) {
    throw new ParleyError(
      "E_ARGUMENT_INVALID",
      "The command of an MCP server is empty or holds a NUL character.",
    );
  }
  const host = basename(command);
  const peer = describePeer(options, {
    host,
    where: { command },
    secrets: () => [...Object.values(env), ...credentialsIn(passOn)],
  });
  const endpoint = createStdioEndpoint({ peer, patienceMs: patienceOf(options), options });
  return createClient(endpoint, options);
}
