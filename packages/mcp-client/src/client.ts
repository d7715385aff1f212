import { ParleyError } from "@parley/core";
import { createConnection } from "./_connection.ts";
import type { Deadline } from "./_deadline.ts";
import { startDeadline } from "./_deadline.ts";
import { collectPages } from "./_pages.ts";
import { createPeer } from "./_peer.ts";
import type { JsonObject, McpCallOptions, McpClient, McpClientOptions } from "./options.ts";

function checkMilliseconds(name: string, value: number | undefined): void {
  if (value === undefined || (value > 0 && value < 2 ** 31)) return;
  throw new ParleyError("E_ARGUMENT_INVALID", `${name} is ${value}: pass a number of milliseconds above 0.`);
}

/**
 * A client of one MCP server over HTTP, for both protocol eras. It connects at the first call.
 * @throws {@link ParleyError} `E_ARGUMENT_INVALID` for an unusable url or token, `E_CONFIG_INVALID` for `ca`.
 */
export function createMcpClient(options: McpClientOptions): McpClient {
  const timeoutMs = options.timeoutMs ?? 60_000;
  checkMilliseconds("timeoutMs", timeoutMs);
  const peer = createPeer(options);
  const stop = new AbortController();
  const closing = stop.signal;
  const connection = createConnection({ peer, era: options.era ?? "auto", timeoutMs, closing });
  let closed: Promise<void> | undefined;

  const timed = async <Result>(
    what: string,
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
    const deadline = startDeadline({ peer, what, defaultTimeoutMs: timeoutMs, call, closing });
    try {
      return await work(deadline);
    } catch (error) {
      throw deadline.reason() ?? error;
    } finally {
      deadline.end();
    }
  };

  const ask = async (
    request: { method: string; params: JsonObject; label?: string | undefined },
    call: McpCallOptions = {},
  ): Promise<JsonObject> => {
    const { method, label } = request;
    const params = call.meta === undefined ? request.params : { ...request.params, _meta: call.meta };
    const what = label === undefined ? method : `${method} ${label.slice(0, 128)}`;
    return await timed(what, call, (deadline) =>
      connection.request({ method, params, deadline, onProgress: call.onProgress }, what),
    );
  };

  const list = async (method: string, call: McpCallOptions = {}): Promise<JsonObject[]> =>
    await timed(method, call, (deadline) =>
      collectPages(peer, {
        key: method.slice(0, method.indexOf("/")),
        ask: (params) => connection.request({ method, params, deadline }, method),
      }),
    );

  const end = async (): Promise<void> => {
    stop.abort();
    await connection.close();
    await peer.disconnect();
  };

  return {
    get era() {
      return connection.era();
    },
    listTools: (call) => list("tools/list", call),
    listPrompts: (call) => list("prompts/list", call),
    listResources: (call) => list("resources/list", call),
    readResource: (uri, call) => ask({ method: "resources/read", params: { uri }, label: uri }, call),
    getPrompt: (name, args = {}, call = {}) =>
      ask({ method: "prompts/get", params: { name, arguments: args }, label: name }, call),
    callTool: (name, args = {}, call = {}) =>
      ask({ method: "tools/call", params: { name, arguments: args }, label: name }, call),
    discover: (call = {}) => timed("server/discover", call, (deadline) => connection.discover(deadline)),
    close: () => (closed ??= end()),
  };
}
