import { ParleyError } from "@parley/core";
import { createConnection } from "./_connection.ts";
import { startDeadline } from "./_deadline.ts";
import type { Deadline } from "./_deadline.ts";
import { createInbound } from "./_create-inbound.ts";
import { withInput } from "./_input-required.ts";
import type { Endpoint, McpRequest } from "./_link.ts";
import { identified } from "./_modern.ts";
import { collectPages } from "./_pages.ts";
import { checkMilliseconds } from "./_peer.ts";
import { createSubscriptions } from "./_subscriptions.ts";
import type { McpClient } from "./client.ts";
import type { JsonObject } from "./json.ts";
import type { McpCallOptions, McpCommonOptions } from "./options.ts";

/** The default of `timeoutMs`. */
const defaultTimeoutMs = 60_000;

/** How long a peer may keep silent before it gets a handshake: 5 s, or half of a short time-out. */
export function patienceOf({ probeTimeoutMs, timeoutMs = defaultTimeoutMs }: McpCommonOptions): number {
  checkMilliseconds("probeTimeoutMs", probeTimeoutMs);
  return probeTimeoutMs ?? Math.min(5000, timeoutMs / 2);
}

/** What is given a time, and which unless the call has its own. */
interface Timed {
  readonly what: string;
  readonly defaultTimeoutMs?: number | undefined;
}

/** Builds requests and gives each its deadline. */
function createCaller(endpoint: Endpoint, options: McpCommonOptions, closing: AbortSignal) {
  const timeoutMs = options.timeoutMs ?? defaultTimeoutMs;
  checkMilliseconds("timeoutMs", timeoutMs);
  checkMilliseconds("startTimeoutMs", options.startTimeoutMs);
  const { peer } = endpoint;
  return async <Result>(
    { what, defaultTimeoutMs = timeoutMs }: Timed,
    call: McpCallOptions,
    work: (deadline: Deadline) => Promise<Result>,
  ): Promise<Result> => {
    if (closing.aborted) {
      throw new ParleyError("E_MCP_UNREACHABLE", `The client of ${peer.host} is closed: create another.`, {
        retryable: false,
      });
    }
    checkMilliseconds("timeoutMs", call.timeoutMs);
    checkMilliseconds("maxTotalMs", call.maxTotalMs);
    const deadline = startDeadline({ peer, what, defaultTimeoutMs, call, closing });
    try {
      return await work(deadline);
    } catch (error) {
      throw deadline.reason() ?? error;
    } finally {
      deadline.end();
    }
  };
}

/** A client over any transport. */
export function createClient(endpoint: Endpoint, options: McpCommonOptions): McpClient {
  const { peer } = endpoint;
  const stop = new AbortController();
  const closing = stop.signal;
  const timed = createCaller(endpoint, options, closing);
  const wantsStream = options.onNotification !== undefined || options.handlers !== undefined;
  const subscriptions = createSubscriptions({ wantsStream: options.onNotification !== undefined, closing });
  const inbound = createInbound({
    options,
    wantsStream,
    logLevel: () => subscriptions.logLevel(),
    lost: (link) => connection.drop(link),
  });
  const connection = createConnection({
    endpoint,
    era: options.era ?? "auto",
    timeoutMs: options.timeoutMs ?? defaultTimeoutMs,
    startTimeoutMs: options.startTimeoutMs,
    closing,
    inbound,
    onOpen: (link, deadline) => subscriptions.resume(link, deadline),
  });
  let closed: Promise<void> | undefined;

  const ofCalls = options.unlimitedCalls === true ? Infinity : undefined;
  const send = (request: McpRequest): Promise<JsonObject> =>
    request.call.inputRequired === "return"
      ? connection.request(request)
      : withInput(peer, { request, inbound, send: (each) => connection.request(each) });

  const ask = (
    { method, params, label }: { method: string; params: JsonObject; label?: string | undefined },
    call: McpCallOptions = {},
  ): Promise<JsonObject> => {
    const what = label === undefined ? method : `${method} ${label.slice(0, 128)}`;
    return timed({ what, defaultTimeoutMs: ofCalls }, call, (deadline) =>
      send({ method, params, what, deadline, call }),
    );
  };

  const list = async (method: string, key: string, call: McpCallOptions = {}): Promise<JsonObject[]> =>
    await timed({ what: method }, call, (deadline) =>
      collectPages(peer, { key, ask: (params) => send({ method, params, what: method, deadline, call }) }),
    );

  /** Changes what the peer tells; how depends on its era. */
  const adjust = async (
    { method, params }: { method: string; params: JsonObject },
    call: McpCallOptions = {},
    work: (...on: [Awaited<ReturnType<typeof connection.link>>, McpRequest]) => Promise<void>,
  ): Promise<void> =>
    await timed({ what: method }, call, async (deadline) =>
      work(await connection.link(deadline), { method, params, what: method, deadline, call }),
    );

  const discover = async (call: McpCallOptions = {}): Promise<JsonObject> =>
    await timed({ what: "server/discover" }, call, async (deadline) => {
      const link = await connection.link(deadline);
      if (link.era === "legacy") return { ...link.server };
      const method = "server/discover";
      return identified(await connection.request({ method, params: {}, what: method, deadline, call }));
    });

  const ping = async (call: McpCallOptions = {}): Promise<number> =>
    await timed({ what: "ping" }, call, async (deadline) => {
      const { era } = await connection.link(deadline);
      const method = era === "legacy" ? "ping" : "server/discover";
      const start = performance.now();
      await connection.request({ method, params: {}, what: method, deadline, call });
      return performance.now() - start;
    });

  const end = async (): Promise<void> => {
    stop.abort();
    await connection.close();
    await endpoint.close();
  };

  return {
    get era() {
      return connection.current()?.era;
    },
    get server() {
      return connection.current()?.server;
    },
    listTools: (call) => list("tools/list", "tools", call),
    listPrompts: (call) => list("prompts/list", "prompts", call),
    listResources: (call) => list("resources/list", "resources", call),
    listResourceTemplates: (call) => list("resources/templates/list", "resourceTemplates", call),
    readResource: (uri, call) => ask({ method: "resources/read", params: { uri }, label: uri }, call),
    subscribeResource: (uri, call) =>
      adjust({ method: "resources/subscribe", params: { uri } }, call, (link, request) =>
        subscriptions.add(uri, link, request),
      ),
    unsubscribeResource: (uri, call) =>
      adjust({ method: "resources/unsubscribe", params: { uri } }, call, (link, request) =>
        subscriptions.remove(uri, link, request),
      ),
    getPrompt: (name, args = {}, call = {}) =>
      ask({ method: "prompts/get", params: { name, arguments: args }, label: name }, call),
    callTool: (name, args = {}, call = {}) =>
      ask({ method: "tools/call", params: { name, arguments: args }, label: name }, call),
    complete: (completion, call) => ask({ method: "completion/complete", params: { ...completion } }, call),
    setLogLevel: (level, call) =>
      adjust({ method: "logging/setLevel", params: { level } }, call, (link, request) =>
        subscriptions.setLogLevel(level, link, request),
      ),
    discover,
    ping,
    request: (method, params = {}, call = {}) => ask({ method, params }, call),
    notify: (method, params = {}) =>
      timed({ what: method }, {}, async (deadline) =>
        (await connection.link(deadline)).notify(method, params),
      ),
    close: () => (closed ??= end()),
  };
}
