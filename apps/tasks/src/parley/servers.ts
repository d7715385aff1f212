import { readFile } from "node:fs/promises";
import { readTrust } from "@parley/cli";
import type { Io, OptionValues } from "@parley/cli";
import { ParleyError } from "@parley/core";
import { createMcpClient } from "@parley/mcp-client";
import type { McpClient } from "@parley/mcp-client";
import { createStdioClient } from "@parley/mcp-client/stdio";
import type { serverOptions } from "../parley-options.ts";
import { readServers, ServerEntry } from "../servers.ts";

type Settings = OptionValues<typeof serverOptions>;

/** Clients that connect at their first call. */
export interface Servers {
  readonly clients: Readonly<Record<string, McpClient>>;
  close(): Promise<void>;
}

/** A server that asks its user during a call is answered by the call's own handler; here it only learns that it may ask. */
const capabilities = { elicitation: { form: {} } };

/** Opens what `--server` names. @throws `E_CONFIG_INVALID` */
export async function openPlanServers(
  { server, tokenFile, ca }: Settings,
  io: Pick<Io, "env">,
): Promise<Servers> {
  const entries = new Map<string, ServerEntry>();
  const add = (name: string, entry: ServerEntry): void => {
    if (entries.has(name))
      throw new ParleyError("E_CONFIG_INVALID", `--server: two servers are called "${name}".`);
    entries.set(name, entry);
  };
  for (const given of server) {
    const [, named, url = given] = /^(?:([A-Za-z0-9][\w.-]*)=)?(https?:\/\/.+)$/.exec(given) ?? [];
    if (!/^https?:\/\//.test(url)) {
      for (const [name, entry] of Object.entries(await readServers(given, "--server"))) add(name, entry);
    } else if (URL.canParse(url))
      add(named ?? (entries.size === 0 ? "server" : `server${entries.size + 1}`), { url });
    else throw new ParleyError("E_CONFIG_INVALID", `--server: ${url} is no address.`);
  }
  const token = await tokenOf(tokenFile, io);
  const trust = await readTrust({ ca, env: io.env });
  const clients = Object.fromEntries(
    [...entries].map(([name, given]): [string, McpClient] => {
      const entry = ServerEntry.parse(given);
      if (!("url" in entry))
        return [name, createStdioClient({ ...entry, name: "parley-plans", capabilities })];
      return [name, createMcpClient({ ...entry, token, ca: trust, name: "parley-plans", capabilities })];
    }),
  );
  return {
    clients,
    close: async () =>
      void (await Promise.allSettled(Object.values(clients).map((client) => client.close()))),
  };
}

async function tokenOf(file: string | undefined, { env }: Pick<Io, "env">): Promise<string | undefined> {
  if (file === undefined) return env["MCPSERVER_TOKEN"] === "" ? undefined : env["MCPSERVER_TOKEN"];
  try {
    return (await readFile(file, "utf8")).trim();
  } catch (cause) {
    throw new ParleyError("E_CONFIG_INVALID", `--token-file ${file} cannot be read.`, { cause });
  }
}
