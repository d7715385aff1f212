import {
  type ListResourcesResult,
  type ListResourceTemplatesResult,
  ProtocolError,
  ProtocolErrorCode,
  type ReadResourceResult,
  ResourceNotFoundError,
} from "@modelcontextprotocol/server";
import type { CacheHint } from "@parley/tool-registry";
import { findResource } from "./find-resource.ts";
import { callFrame, type Handling } from "./handler-context.ts";
import { asProtocol, refuseCursor } from "./protocol-errors.ts";
import type { Shared } from "./shared.ts";
import type { WatchList } from "./watch-list.ts";
import { mayWatch } from "./watchable.ts";

interface ResourceHandling extends Handling {
  readonly watched: WatchList | undefined;
}

// The registry's resources have the protocol's shapes, held as open records: each `as` below adopts one.
export function handleResources(shared: Shared, handling: ResourceHandling): void {
  const { server } = handling;
  server.setRequestHandler("resources/list", ({ params }) => {
    refuseCursor(params?.cursor);
    return { resources: shared.lists().resources } as unknown as ListResourcesResult;
  });
  server.setRequestHandler("resources/templates/list", ({ params }) => {
    refuseCursor(params?.cursor);
    return { resourceTemplates: shared.lists().templates } as unknown as ListResourceTemplatesResult;
  });
  server.setRequestHandler("resources/read", ({ params: { uri } }, context) =>
    asProtocol(async () => {
      const found = await shared.calls.perform<object>(
        { ...callFrame(context, handling), name: uri, args: {} },
        {
          kind: "resource",
          run: async (running) => {
            const { resource, variables } = findResource(shared.registry.resources, uri);
            const contents = await resource.read(uri, running, variables);
            return {
              contents,
              ...(handling.era === "2026" ? cacheFields(contents.cache ?? resource.cache) : {}),
            };
          },
          late: (error) => {
            throw error;
          },
        },
      );
      return found as ReadResourceResult;
    }),
  );
  if (handling.era === "2025") handleWatching(shared, handling);
}

function handleWatching({ registry }: Shared, handling: ResourceHandling): void {
  const { server, watched } = handling;
  const list = (): WatchList => {
    if (watched !== undefined) return watched;
    throw new ProtocolError(
      ProtocolErrorCode.InvalidRequest,
      "A subscription needs a session; call initialize first and send its Mcp-Session-Id.",
    );
  };
  server.setRequestHandler("resources/subscribe", ({ params: { uri } }, context) =>
    asProtocol(async () => {
      const watching = list();
      const { caller, session } = callFrame(context, handling);
      if (!mayWatch(registry, uri, { caller: caller.name, session })) throw new ResourceNotFoundError(uri);
      watching.add(uri);
      return {};
    }),
  );
  server.setRequestHandler("resources/unsubscribe", ({ params }) =>
    asProtocol(async () => {
      list().remove(params.uri);
      return {};
    }),
  );
}

function cacheFields(cache: CacheHint | undefined): { ttlMs?: number; cacheScope?: "public" | "private" } {
  return cache === undefined ? {} : { ttlMs: cache.ttlMs, cacheScope: cache.scope ?? "private" };
}
