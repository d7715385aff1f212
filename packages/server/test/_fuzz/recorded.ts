/** A request as a real client sent it, before anything is done to it. */
export interface Recorded {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
  /** Whether it goes to the session the target holds open. */
  readonly inSession?: boolean;
}

const common = {
  "content-type": "application/json",
  accept: "application/json, text/event-stream",
} as const;

const _meta = {
  "io.modelcontextprotocol/protocolVersion": "2026-07-28",
  "io.modelcontextprotocol/clientCapabilities": { elicitation: { form: {} } },
  "io.modelcontextprotocol/clientInfo": { name: "recorded", version: "1.0.0" },
};

function modern(method: string, params: Readonly<Record<string, unknown>> = {}): Recorded {
  const name = params["name"] ?? params["uri"];
  return {
    headers: {
      ...common,
      "mcp-protocol-version": "2026-07-28",
      "mcp-method": method,
      ...(typeof name === "string" ? { "mcp-name": name } : {}),
    },
    body: { jsonrpc: "2.0", id: 7, method, params: { ...params, _meta } },
  };
}

function old(message: Readonly<Record<string, unknown>>, inSession = true): Recorded {
  const headers = inSession ? { ...common, "mcp-protocol-version": "2025-11-25" } : common;
  return { headers, body: { jsonrpc: "2.0", ...message }, inSession };
}

const echo = { name: "echo", arguments: { message: "hello" } };
const add = { name: "add", arguments: { a: 1, b: 2 } };
const odd = { name: "odd", arguments: { url: "x", info: { a: 1 }, from: null, args: ["a"] } };
const event = { name: "subscribe", arguments: { provider_name: "bell", params: { tone: "low" } } };

/** The handshake of a 2025-era client, with which the target opens its session too. */
export const initialize = {
  jsonrpc: "2.0",
  id: 1,
  method: "initialize",
  params: {
    protocolVersion: "2025-11-25",
    capabilities: { roots: { listChanged: true }, sampling: {}, elicitation: {} },
    clientInfo: { name: "recorded", version: "1.0.0" },
  },
} as const;

/** One request of each kind, of both eras. */
export const recorded: readonly Recorded[] = [
  modern("server/discover"),
  modern("tools/list"),
  modern("tools/call", echo),
  modern("tools/call", add),
  modern("tools/call", odd),
  modern("tools/call", event),
  modern("tools/call", { name: "counts", arguments: {} }),
  modern("prompts/list"),
  modern("prompts/get", { name: "greeting", arguments: { name: "ada" } }),
  modern("resources/list"),
  modern("resources/templates/list"),
  modern("resources/read", { uri: "test://one" }),
  modern("completion/complete", {
    ref: { type: "ref/prompt", name: "greeting" },
    argument: { name: "name", value: "a" },
  }),
  modern("subscriptions/listen", { notifications: { toolsListChanged: true } }),
  old(initialize, false),
  old({ id: 2, method: "tools/list" }, false),
  old({ id: 2, method: "tools/call", params: echo }, false),
  old({ method: "notifications/initialized" }),
  old({ id: 3, method: "ping" }),
  old({ id: 4, method: "tools/list", params: {} }),
  old({ id: 5, method: "tools/call", params: { ...echo, _meta: { progressToken: 1 } } }),
  old({ id: 6, method: "tools/call", params: odd }),
  old({ id: 6, method: "tools/call", params: event }),
  old({ id: 7, method: "prompts/get", params: { name: "greeting", arguments: { name: "ada" } } }),
  old({ id: 8, method: "resources/read", params: { uri: "test://one" } }),
  old({ id: 9, method: "resources/subscribe", params: { uri: "test://one" } }),
  old({ id: 10, method: "logging/setLevel", params: { level: "debug" } }),
  old({
    id: 11,
    method: "completion/complete",
    params: { ref: { type: "ref/resource", uri: "test://{name}" }, argument: { name: "name", value: "" } },
  }),
  old({ method: "notifications/cancelled", params: { requestId: 5, reason: "late" } }),
  old({ method: "notifications/progress", params: { progressToken: 1, progress: 1 } }),
  old({ id: 99, result: { roots: [] } }),
  old({ id: 99, error: { code: -1, message: "no" } }),
];
