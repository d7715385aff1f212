import { option, reader, reads } from "@parley/cli";
import { ParleyError } from "@parley/core/errors";
import { safetyOptions } from "./safety-options.ts";

const listening = { group: "Listening" } as const;
const access = { group: "Who may call" } as const;
const servers = { group: "Servers" } as const;
const documents = { group: "Documents" } as const;

/** `{"Authorization": "Bearer x"}`, as mcpo takes it; its text is never shown. */
const jsonHeaders = reader({ type: "string" }, (raw, where): Readonly<Record<string, string>> => {
  const found = parsed(raw);
  const entries =
    typeof found === "object" && found !== null && !Array.isArray(found) ? Object.entries(found) : [];
  const texts = entries.filter((entry): entry is [string, string] => typeof entry[1] === "string");
  if (texts.length > 0 && texts.length === entries.length) return Object.fromEntries(texts);
  const wanted = `a JSON object of texts, such as '{"X-Key": "..."}'`;
  throw new ParleyError("E_CONFIG_INVALID", `${where}: write ${wanted}.`, { details: { where, wanted } });
});

function parsed(raw: unknown): unknown {
  try {
    return JSON.parse(String(raw));
  } catch {
    return undefined;
  }
}

const levels = ["debug", "info", "warning", "error", "critical"] as const;
type Level = (typeof levels)[number];
const anyLevel = reads.choice(...levels);
/** Python's words are in capitals. */
const level = reader<Level>({ enum: levels }, (raw, where) => {
  const word = typeof raw === "string" ? raw.toLowerCase() : raw;
  return anyLevel(word, where);
});

/** Options of `mcpo`: its own, by the names and letters they have there, and ours. */
export const serveOptions = {
  host: option({
    ...listening,
    flags: "-h, --host <address>",
    description: "address to bind",
    initialText: "127.0.0.1; 0.0.0.0 with a key",
    read: reads.text,
  }),
  port: option({
    ...listening,
    flags: "-p, --port <number>",
    description: "port to listen on",
    env: ["PORT"],
    initial: 8000,
    read: reads.integer(0, 65_535),
  }),
  sslCertfile: option({
    ...listening,
    flags: "-t, --ssl-certfile <file>",
    description: "certificate (PEM), for https",
    read: reads.text,
  }),
  sslKeyfile: option({
    ...listening,
    flags: "-K, --ssl-keyfile <file>",
    description: "its private key (PEM)",
    read: reads.text,
  }),
  stdio: option({
    ...listening,
    flags: "--stdio",
    description: "serve MCP over standard input and output, to the program that starts it, and no address",
    initial: false,
    read: reads.flag,
  }),
  rootPath: option({
    ...listening,
    flags: "--root-path <path>",
    description: "what a proxy in front cuts off the path",
    initial: "",
    read: (raw) => String(raw),
  }),
  pathPrefix: option({
    ...listening,
    flags: "--path-prefix <path>",
    description: "stands before the servers' names",
    initial: "/",
    read: (raw) => String(raw),
  }),
  corsAllowOrigins: option({
    ...access,
    flags: "--cors-allow-origins <origin>",
    description: "page that may call, again for more; * for all",
    initialText: "none; * with a key",
    list: true,
    read: reads.list,
  }),
  allowedHosts: option({
    ...access,
    flags: "--allowed-hosts <name>",
    description: "name this address is called by, again for more; * for any",
    initial: [],
    list: true,
    read: reads.list,
  }),
  apiKey: option({
    ...access,
    flags: "-k, --api-key <key>",
    description: "key that callers of tools must send",
    env: ["MCPO_API_KEY"],
    secret: true,
    read: reads.text,
  }),
  apiKeyFile: option({
    ...access,
    flags: "--api-key-file <file>",
    description: "file that holds the key alone",
    env: ["MCPO_API_KEY_FILE"],
    read: reads.text,
  }),
  strictAuth: option({
    ...access,
    flags: "--strict-auth",
    description: "documents and lists ask for the key too",
    initial: false,
    read: reads.flag,
  }),
  insecure: option({
    ...access,
    flags: "--insecure",
    description: "bind beyond this machine without a key",
    initial: false,
    read: reads.flag,
  }),
  config: option({
    ...servers,
    flags: "-c, --config <file>",
    description: "file of servers, in the form of Claude Desktop",
    read: reads.text,
  }),
  hotReload: option({
    ...servers,
    flags: "--hot-reload",
    description: "follow changes of that file",
    initial: false,
    read: reads.flag,
  }),
  type: option({
    ...servers,
    flags: "--type <kind>",
    aliases: ["--server-type"],
    description: "what follows --: stdio, sse or streamable-http",
    initial: "stdio",
    read: reads.text,
  }),
  header: option({
    ...servers,
    flags: "-H, --header <json>",
    description: "headers for the server after --, as a JSON object",
    secret: true,
    read: jsonHeaders,
  }),
  env: option({
    ...servers,
    flags: "-e, --env <name=value>",
    description: "variable for the programs, again for more",
    initial: {},
    list: true,
    secret: true,
    read: reads.pairs,
  }),
  envPath: option({
    ...servers,
    flags: "--env-path <file>",
    description: "file of such variables",
    read: reads.text,
  }),
  timeout: option({
    ...servers,
    flags: "--timeout <seconds>",
    description: "time of a call without progress",
    env: ["CONNECTION_TIMEOUT"],
    initial: 300,
    read: reads.integer(1, 86_400),
  }),
  startTimeout: option({
    ...servers,
    flags: "--start-timeout <seconds>",
    description: "time of a program from its start to its first answer, downloads included",
    initial: 600,
    read: reads.integer(1, 86_400),
  }),
  busyPoll: option({
    ...servers,
    flags: "--busy-poll <microseconds>",
    description:
      "stay awake so long for the next of quick calls, which are answered sooner then; 0 for never",
    env: ["MCPO_BUSY_POLL"],
    initialText: "1000; 0 on one processor",
    read: reads.integer(0, 100_000),
  }),
  tokenDirectory: option({
    ...servers,
    flags: "--token-directory <folder>",
    description: "where tokens of servers with oauth are kept",
    initialText: "~/.local/state/parley/proxy/tokens",
    read: reads.text,
  }),
  ...safetyOptions,
  name: option({
    ...documents,
    flags: "-n, --name <text>",
    description: "title of the document",
    read: reads.text,
  }),
  description: option({
    ...documents,
    flags: "-d, --description <text>",
    description: "its description",
    read: reads.text,
  }),
  version: option({
    ...documents,
    flags: "-v, --version <text>",
    description: "its version",
    read: reads.text,
  }),
  page: option({
    ...documents,
    flags: "--page",
    description: "serve a page at / that shows the servers and tries their tools; --no-page serves none",
    env: ["MCPO_PAGE"],
    initial: true,
    read: reads.flag,
  }),
  logFormat: option({
    flags: "--log-format <format>",
    description: "text, or json: a line of JSON each, labelled by server",
    env: ["LOG_FORMAT"],
    initial: "text",
    read: reads.choice("text", "json"),
  }),
  logLevel: option<Level>({
    flags: "--log-level <level>",
    description: "debug, info, warning, error or critical",
    env: ["LOG_LEVEL"],
    initial: "info",
    read: level,
  }),
} as const;

/** Those that say which servers there are, for commands that do not serve. */
export const serversOptions = {
  config: serveOptions.config,
  env: serveOptions.env,
  envPath: serveOptions.envPath,
  type: serveOptions.type,
  header: serveOptions.header,
  timeout: serveOptions.timeout,
  startTimeout: serveOptions.startTimeout,
  tokenDirectory: serveOptions.tokenDirectory,
} as const;

/** Those of `warm` beside the servers. */
export const warmOptions = {
  parallel: option({
    ...servers,
    flags: "--parallel <number>",
    description: "programs started at once",
    initial: 4,
    read: reads.integer(1, 64),
  }),
} as const;

/** That of `list`. */
export const waitOption = option({
  ...servers,
  flags: "--wait <seconds>",
  description: "how long to wait for servers that have not answered",
  initial: 60,
  read: reads.integer(1, 86_400),
});
