import type { Entry } from "./_entry.ts";
import { safetyOf } from "./_safety.ts";
import type { Path } from "./_document.ts";
import type {
  GatewayServer,
  HttpConnection,
  OAuthSettings,
  StdioConnection,
  ToolChange,
} from "./gateway-config.ts";
import { readPooling } from "./_read-pooling.ts";
import type { Place } from "./_read-pooling.ts";

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
  const pooling = readPooling(entry, connectionOf);
  if ("message" in pooling) return pooling;
  return {
    name,
    enabled: isEnabled(entry),
    connection,
    ...pooling,
    ...servingOf(entry),
    tools: {
      allow: entry.allowTools ?? [],
      deny: [...(entry.disabledTools ?? entry.disabled_tools ?? []), ...(entry.denyTools ?? [])],
      changes: Object.fromEntries(
        Object.entries(entry.tools ?? {}).map(([tool, change]) => [tool, changeOf(change)]),
      ),
    },
    ...safetyOf(entry),
    ...forwardingOf(entry),
  };
}

/** How long its calls and its start may take, and who shares it. */
function servingOf({
  required,
  timeout,
  startTimeout,
  sessions,
  maxSessions,
}: Entry): Partial<GatewayServer> {
  return {
    ...(required === true ? { required: true } : {}),
    ...(timeout == null ? {} : { timeoutMs: Math.ceil(timeout * 1000) }),
    ...(startTimeout == null ? {} : { startTimeoutMs: Math.ceil(startTimeout * 1000) }),
    ...(sessions == null ? {} : { sessions }),
    ...(maxSessions == null ? {} : { maxSessions }),
  };
}

function forwardingOf({ client_header_forwarding: given }: Entry): Pick<GatewayServer, "forwarding"> {
  if (given?.enabled !== true) return {};
  const renamed = Object.entries(given.rename ?? {}).map(([from, to]) => [
    from.toLowerCase(),
    to.toLowerCase(),
  ]);
  return {
    forwarding: {
      whitelist: lower(given.whitelist ?? []),
      blacklist: lower(given.blacklist ?? []),
      rename: Object.fromEntries(renamed),
    },
  };
}

/** Whether an entry is in use; `disabled` is the word of other programs. */
export function isEnabled({ enabled, disabled }: Pick<Entry, "enabled" | "disabled">): boolean {
  return enabled ?? disabled !== true;
}

/** Where an entry, or one of its replicas, says that its server is. */
function connectionOf(entry: Place): StdioConnection | HttpConnection | EntryProblem {
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

function overStdio(entry: Place, command: string): StdioConnection | EntryProblem {
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

function isGiven(entry: Place, key: "oauth" | "client_header_forwarding"): boolean {
  return key === "oauth" ? entry.oauth != null : entry.client_header_forwarding?.enabled === true;
}

function overHttp(entry: Place, url: string, kind: "http" | "sse"): HttpConnection | EntryProblem {
  if (entry.startTimeout != null) {
    return { path: ["startTimeout"], message: "it works for a command alone: nothing is started for a url" };
  }
  const { headers, oauth } = entry;
  if (oauth?.grant === "client_credentials" && (oauth.client_id == null || oauth.client_secret == null)) {
    return { path: ["oauth", "grant"], message: "client_credentials needs client_id and client_secret" };
  }
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
            ...oauthClientOf(oauth),
          },
        }),
  };
}

/** Who the gateway is to an authorization server, where that is settled beforehand. */
function oauthClientOf(oauth: NonNullable<Entry["oauth"]>): Partial<OAuthSettings> {
  const { client_id: id, client_secret: secret, client_metadata_url: clientMetadataUrl, grant } = oauth;
  return {
    ...(id == null ? {} : { client: { id, ...(secret == null ? {} : { secret }) } }),
    ...(clientMetadataUrl == null ? {} : { clientMetadataUrl }),
    ...(grant == null ? {} : { grant }),
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
