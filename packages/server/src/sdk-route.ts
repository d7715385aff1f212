import type { toNodeHandler as ToNodeHandler } from "@modelcontextprotocol/node";
import type { McpHttpHandler } from "@modelcontextprotocol/server";
import type { RegistryChange, Watcher } from "@parley/tool-registry";
import { loadSdk } from "./sdk.ts";
import type { Shared } from "./shared.ts";

/** The requests of the MCP endpoint that only the SDK can answer; it is loaded with the first of them. */
export interface SdkRoute {
  open(): Promise<OpenedSdk>;
  notify(change: RegistryChange): void;
  touch(uris: ReadonlySet<string>): void;
  /** Ends streams; what is opened later is closed at once. */
  close(): Promise<void>;
}

interface OpenedSdk {
  readonly handler: McpHttpHandler;
  readonly serve: ReturnType<typeof ToNodeHandler>;
  /** The body as it may be served: a subscription without the resources its caller may not watch. */
  readonly narrow: (
    body: unknown,
    who: Watcher,
  ) => { readonly body: unknown } | { readonly refusal: RpcError };
}

interface RpcError {
  readonly code: number;
  readonly message: string;
  readonly data?: unknown;
}

export function createSdkRoute(shared: Shared, maxRequestBodySize: number): SdkRoute {
  let opening: Promise<OpenedSdk> | undefined;
  let opened: OpenedSdk | undefined;
  let closed = false;

  const load = async (): Promise<OpenedSdk> => {
    const sdk = await loadSdk();
    const { createMcpHandler, createProtocolServer, toNodeHandler } = sdk;
    const handler = createMcpHandler(
      ({ era }) => createProtocolServer(shared, { era: era === "modern" ? "2026" : "2025" }),
      { maxRequestBodySize },
    );
    if (closed) await handler.close();
    opened = {
      handler,
      serve: toNodeHandler(handler),
      narrow(body, who) {
        const narrowed = sdk.narrowListen(shared.registry, body, who);
        if (!("refused" in narrowed)) return narrowed;
        const { code, message, data } = new sdk.ResourceNotFoundError(narrowed.refused);
        return { refusal: { code, message, data } };
      },
    };
    return opened;
  };

  return {
    open: () => (opening ??= load()),
    notify(change) {
      const { notify } = opened?.handler ?? {};
      if (change === "tools") notify?.toolsChanged();
      else if (change === "prompts") notify?.promptsChanged();
      else if (change === "resources") notify?.resourcesChanged();
    },
    touch(uris) {
      for (const uri of uris) opened?.handler.notify.resourceUpdated(uri);
    },
    async close() {
      closed = true;
      await opened?.handler.close();
    },
  };
}
