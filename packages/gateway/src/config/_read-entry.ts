import type { Entry } from "./_entry.ts";
import type { Path } from "./_document.ts";
import type { GatewayServer, HttpConnection, StdioConnection, ToolChange } from "./gateway-config.ts";

/** What is wrong with an entry, and at which of its keys. */
export interface EntryProblem {
  readonly path: Path;
  readonly message: string;
}

/** Kinds of transport by their many spellings, without dashes and underscores. */
const kinds: Readonly<Record<string, "stdio" | "sse" | "http">> = {
  stdio: "stdio",
  sse: "sse",
  http: "http",
  streamablehttp: "http",
};

/** The kind of transport a word means: `streamable-http`, `streamable_http`, `streamableHttp`, `http`, `sse`, `stdio`. */
export function transportKind(word: string): "stdio" | "sse" | "http" | undefined {
  return kinds[word.toLowerCase().replaceAll(/[-_]/g, "")];
}

/** Turns an entry of a file into a server, or says what is wrong with it. */
export function readEntry(name: string, entry: Entry): GatewayServer | EntryProblem {
  const connection = connectionOf(entry);
  if ("message" in connection) return connection;
  const { timeout, client_header_forwarding: forwarding } = entry;
  return {
    name,
    enabled: isEnabled(entry),
    connection,
    ...(entry.required === true ? { required: true } : {}),
    ...(timeout == null ? {} : { timeoutMs: Math.ceil(timeout * 1000) }),
    tools: {
      allow: entry.allowTools ?? [],
      deny: [...(entry.disabledTools ?? entry.disabled_tools ?? []), ...(entry.denyTools ?? [])],
      changes: Object.fromEntries(
        Object.entries(entry.tools ?? {}).map(([tool, change]) => [tool, changeOf(change)]),
      ),
    },
    ...(forwarding?.enabled === true
      ? {
          forwarding: {
            whitelist: lower(forwarding.whitelist ?? []),
            blacklist: lower(forwarding.blacklist ?? []),
            rename: Object.fromEntries(
              Object.entries(forwarding.rename ?? {}).map(([from, to]) => [
                from.toLowerCase(),
                to.toLowerCase(),
              ]),
            ),
          },
        }
      : {}),
  };
}

/** Whether an entry is in use; `disabled` is the word of other programs. */
export function isEnabled({ enabled, disabled }: Pick<Entry, "enabled" | "disabled">): boolean {
  return enabled ?? disabled !== true;
}

function connectionOf(entry: Entry): StdioConnection | HttpConnection | EntryProblem {
  const { command, url } = entry;
  const key = entry.type == null ? "transport" : "type";
  const word = entry.type ?? entry.transport;
  const kind = word == null ? undefined : transportKind(word);
  if (word != null && kind === undefined) {
    return { path: [key], message: "write stdio, sse or streamable-http" };
  }
  // As mcpo reads it: an entry with a type of the network needs a url, whatever else it has.
  if (kind === "sse" || kind === "http") {
    return url == null
      ? { path: [key], message: `an entry of type ${word} needs a url` }
      : overHttp(entry, url, kind);
  }
  if (command != null && command !== "") return overStdio(entry, command);
  if (kind === undefined && url != null) return overHttp(entry, url, "http");
  return { path: [], message: "write a command, or a type and a url" };
}

function overStdio(entry: Entry, command: string): StdioConnection | EntryProblem {
  const misplaced = (["oauth", "client_header_forwarding"] as const).find((key) => isGiven(entry, key));
  if (misplaced !== undefined) {
    return {
      path: [misplaced],
      message: "it works for servers with a url alone: a program over stdio has no headers",
    };
  }
  return {
    kind: "stdio",
    command,
    args: entry.args ?? [],
    env: entry.env ?? {},
    ...(entry.cwd == null ? {} : { cwd: entry.cwd }),
    inheritEnv: entry.inheritEnv ?? true,
  };
}

function isGiven(entry: Entry, key: "oauth" | "client_header_forwarding"): boolean {
  return key === "oauth" ? entry.oauth != null : entry.client_header_forwarding?.enabled === true;
}

function overHttp(entry: Entry, url: string, kind: "http" | "sse"): HttpConnection {
  const { headers, oauth } = entry;
  return {
    kind,
    url,
    headers: headers ?? {},
    ...(oauth == null
      ? {}
      : {
          oauth: {
            serverUrl: oauth.server_url ?? undefined,
            storage: oauth.storage_type ?? "file",
            callbackPort: oauth.callback_port ?? 3030,
            clientName: oauth.client_metadata?.client_name ?? undefined,
            scope: oauth.client_metadata?.scope ?? undefined,
          },
        }),
  };
}

function changeOf({ name, description, enabled }: NonNullable<Entry["tools"]>[string]): ToolChange {
  return {
    name: name ?? undefined,
    description: description ?? undefined,
    enabled: enabled ?? undefined,
  };
}

function lower(names: readonly string[]): readonly string[] {
  return names.map((name) => name.toLowerCase());
}
