import {
  type ListResourcesResult,
  type ListResourceTemplatesResult,
  ProtocolError,
  ProtocolErrorCode,
  type ReadResourceResult,
  ResourceNotFoundError,
  UriTemplate,
} from "@modelcontextprotocol/server";
import { matchTemplate } from "@parley/tool-registry";
import type { Resource } from "@parley/tool-registry";
import { callFrame, type Handling } from "./handler-context.ts";
import { asProtocol, refuseCursor } from "./protocol-errors.ts";
import type { Shared } from "./shared.ts";
import type { WatchList } from "./watch-list.ts";

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
            return { contents, ...(handling.era === "2026" ? cacheFields(resource) : {}) };
          },
          late: (error) => {
            throw error;
          },
        },
      );
      return found as ReadResourceResult;
    }),
  );
  if (handling.era === "2025") handleWatching(handling);
}

function handleWatching({ server, watched }: ResourceHandling): void {
  const list = (): WatchList => {
    if (watched !== undefined) return watched;
    throw new ProtocolError(
      ProtocolErrorCode.InvalidRequest,
      "A subscription needs a session; call initialize first and send its Mcp-Session-Id.",
    );
  };
  server.setRequestHandler("resources/subscribe", ({ params }) =>
    asProtocol(async () => {
      list().add(params.uri);
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

interface FoundResource {
  readonly resource: Resource;
  readonly variables: Readonly<Record<string, string | string[]>>;
}

/** One resource goes before a family that would match too. @throws a not-found error that carries the URI */
function findResource(resources: readonly Resource[], uri: string): FoundResource {
  const exact = resources.find((resource) => resource.uri === uri);
  if (exact !== undefined) return { resource: exact, variables: {} };
  for (const resource of resources) {
    const variables = match(resource, uri);
    if (variables !== undefined) return { resource, variables };
  }
  throw new ResourceNotFoundError(uri);
}

const templates = new WeakMap<Resource, UriTemplate>();

/** `{name}`, `{+path}` and a last `{?first,second}`, whose parameters may be missing and come in any order. */
const simple = /^(?:[^{}]|\{\+?[\w.-]+\})*(?:\{\?[\w.,-]+\})?$/;

function match(resource: Resource, uri: string): FoundResource["variables"] | undefined {
  if (resource.uriTemplate === undefined) return undefined;
  if (simple.test(resource.uriTemplate)) return given(matchTemplate(resource.uriTemplate, uri));
  try {
    const template = templates.get(resource) ?? new UriTemplate(resource.uriTemplate);
    templates.set(resource, template);
    return template.match(uri) ?? undefined;
  } catch {
    // A template or URI beyond the matcher's bounds matches nothing.
    return undefined;
  }
}

function given(
  variables: Readonly<Record<string, string | undefined>> | undefined,
): Readonly<Record<string, string>> | undefined {
  if (variables === undefined) return undefined;
  const entries = Object.entries(variables).filter(
    (entry): entry is [string, string] => entry[1] !== undefined,
  );
  return Object.fromEntries(entries);
}

function cacheFields({ cache }: Resource): { ttlMs?: number; cacheScope?: "public" | "private" } {
  return cache === undefined ? {} : { ttlMs: cache.ttlMs, cacheScope: cache.scope ?? "private" };
}
