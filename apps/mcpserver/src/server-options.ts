import { option, reader, reads } from "@parley/cli";

const toolsSchema = {
  type: "array",
  items: {
    anyOf: [
      { type: "string" },
      {
        type: "object",
        properties: { path: { type: "string" }, name: { type: "string" } },
        required: ["path"],
        additionalProperties: false,
      },
    ],
  },
};

/** Where and how a server listens, what it serves, and where it keeps things. */
export const serverOptions = {
  transport: option({
    flags: "-t, --transport <kind>",
    description: "http, stdio, or sse (http, and the HTTP+SSE transport for old hosts beside it)",
    env: ["MCPSERVER_TRANSPORT"],
    file: "server.transport",
    initial: "http",
    group: "Server",
    read: reader({ enum: ["http", "streamable-http", "stdio", "sse"] }, (raw, where) =>
      raw === "streamable-http" ? "http" : reads.choice("http", "stdio", "sse")(raw, where),
    ),
  }),
  port: option({
    flags: "--port <number>",
    description: "port to listen on; 0 takes a free one",
    initialText: "8000 for a hub, else 8089",
    env: ["MCPSERVER_PORT", "PORT"],
    file: "server.port",
    group: "Server",
    read: reads.integer(0, 65_535),
  }),
  host: option({
    flags: "--host <address>",
    description: "address to bind",
    env: ["MCPSERVER_HOST"],
    file: "server.host",
    initialText: "127.0.0.1",
    group: "Server",
    read: reads.text,
  }),
  path: option({
    flags: "--path <path>",
    description: "path of the MCP endpoint",
    env: ["MCPSERVER_PATH"],
    file: "server.path",
    initial: "/mcp",
    group: "Server",
    read: reader(reads.text.schema, (raw, where) => `/${reads.text(raw, where).replace(/^\/+|\/+$/g, "")}`),
  }),
  allowedHosts: option({
    flags: "--allowed-hosts <names...>",
    description: "host names under which requests are accepted, beside the bound one",
    env: ["MCPSERVER_ALLOWED_HOSTS"],
    file: "server.allowed_hosts",
    list: true,
    initial: [],
    group: "Server",
    read: reads.list,
  }),
  config: option({
    flags: "--config <file>",
    description: "YAML file with the same settings; flags and variables win",
    env: ["MCPSERVER_CONFIG"],
    group: "Server",
    read: reads.text,
  }),
  insecure: option({
    flags: "--insecure",
    description: "allow a network address without a token",
    env: ["MCPSERVER_INSECURE"],
    file: "server.insecure",
    initial: false,
    group: "Server",
    read: reads.flag,
  }),
  token: option({
    flags: "--token-file <file>",
    description: "file with the bearer token callers must send; MCPSERVER_TOKEN holds the token itself",
    env: ["MCPSERVER_TOKEN_FILE"],
    file: "server.token_file",
    group: "Server",
    read: reads.text,
  }),
  logLevel: option({
    flags: "--log-level <level>",
    description: "how much is logged to standard error",
    env: ["MCPSERVER_LOG_LEVEL"],
    file: "server.log_level",
    initial: "warn",
    group: "Server",
    read: reads.choice("debug", "info", "warn", "error", "silent"),
  }),
  tool: option({
    flags: "--tool <path>",
    description: "load a tool: ./file.ts#name, @scope/package#name or package.module.name; repeat for more",
    file: "tools",
    list: true,
    initial: [],
    group: "Tools",
    read: reader(toolsSchema, (raw, where): readonly string[] =>
      Array.isArray(raw)
        ? raw.map((entry, index) => toolPath(entry, `${where}[${index}]`))
        : reads.list(raw, where),
    ),
  }),
  database: option({
    flags: "--database <uri>",
    description: "where records are kept: sqlite://PATH, json://DIR or memory:",
    env: ["MCPSERVER_DATABASE"],
    file: "database",
    initialText: "sqlite in the state directory",
    group: "Storage",
    read: reads.text,
  }),
  stateDir: option({
    flags: "--state-dir <dir>",
    description: "directory for records, job output and generated secrets",
    env: ["MCPSERVER_STATE_DIR"],
    file: "state_dir",
    initialText: "~/.local/state/parley/<role>",
    group: "Storage",
    read: reads.text,
  }),
  ca: option({
    flags: "--ca <file>",
    description:
      "certificate authority to trust for hub and workers (PEM), beside the well-known ones, SSL_CERT_FILE and SSL_CERT_DIR",
    env: ["MCPSERVER_CA"],
    file: "server.ca",
    group: "Server",
    read: reads.text,
  }),
};

function toolPath(entry: unknown, where: string): string {
  if (typeof entry === "object" && entry !== null && "path" in entry) {
    const path = reads.text(entry.path, `${where}.path`);
    return "name" in entry && entry.name !== undefined
      ? `${reads.text(entry.name, `${where}.name`)}=${path}`
      : path;
  }
  return reads.text(entry, where);
}
