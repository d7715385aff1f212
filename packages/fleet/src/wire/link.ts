import { createTracedClient } from "@parley/mcp-client";
import type { McpCallOptions } from "@parley/mcp-client";
import type { Registry, RemoteTool, ToolResult } from "@parley/tool-registry";
import { readRemoteResult, readRemoteTool, toolContext } from "@parley/tool-registry";
import type { Dispatcher } from "undici";

/** What a hub needs of a worker, over a socket or within this process. */
export interface WorkerLink {
  listTools(options?: McpCallOptions): Promise<readonly RemoteTool[]>;
  callTool(
    name: string,
    args: Readonly<Record<string, unknown>>,
    options?: McpCallOptions,
  ): Promise<ToolResult>;
  close(): Promise<void>;
}

export interface LinkOptions {
  readonly url: string;
  readonly credential: string | undefined;
  readonly ca?: string | undefined;
  readonly dispatcher?: Dispatcher | undefined;
}

/** A link over MCP and HTTP, either protocol era. */
export function createHttpLink(options: LinkOptions): WorkerLink {
  const { url, credential: token, ca, dispatcher } = options;
  const client = createTracedClient({ url, token, ca, dispatcher, name: "parley-hub" });
  return {
    async listTools(call) {
      return (await client.listTools(call)).flatMap((definition) => readRemoteTool(definition) ?? []);
    },
    async callTool(name, args, call) {
      return readRemoteResult(await client.callTool(name, args, call), "worker");
    },
    close: () => client.close(),
  };
}

/** A link to a worker in this very process (`--dual`), by way of its registry and without a socket. */
export function createLocalLink(registry: Registry): WorkerLink {
  const scopes = new Set(["read", "negotiate", "dispatch", "admin"]);
  return {
    async listTools() {
      await Promise.resolve();
      return registry.tools.map((tool) => {
        const { name, title, description, inputSchema, outputSchema, annotations, _meta } = tool;
        return { name, title, description, inputSchema, outputSchema, annotations, _meta };
      });
    },
    callTool(name, args, { signal, onProgress, meta } = {}) {
      return registry.call(
        name,
        args,
        toolContext({
          signal,
          caller: "hub",
          scopes,
          _meta: meta,
          progress: (done, total, message) => onProgress?.({ progress: done, total, message }),
        }),
      );
    },
    close: () => Promise.resolve(),
  };
}
