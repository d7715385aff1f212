import type { AsyncLocalStorage } from "node:async_hooks";
import type { McpClient } from "@parley/mcp-client";
import type { CallerClients } from "./callers.ts";

export interface Routing {
  /** The headers of whoever the present call is for; nothing where the connection that all share will do. */
  readonly own: AsyncLocalStorage<Readonly<Record<string, string>>>;
  readonly callers: CallerClients;
}

/** A client that sends calls made for a caller with headers of its own over that caller's connection. */
export function routeClient(shared: McpClient, { own, callers }: Routing): McpClient {
  const route = <Value>(work: (client: McpClient) => Promise<Value>): Promise<Value> => {
    const headers = own.getStore();
    return headers === undefined ? work(shared) : callers.with(headers, work);
  };
  return {
    ...shared,
    get era() {
      return shared.era;
    },
    get server() {
      return shared.server;
    },
    callTool: (name, args, call) => route((client) => client.callTool(name, args, call)),
    readResource: (uri, call) => route((client) => client.readResource(uri, call)),
    getPrompt: (name, args, call) => route((client) => client.getPrompt(name, args, call)),
    request: (method, params, call) => route((client) => client.request(method, params, call)),
  };
}
