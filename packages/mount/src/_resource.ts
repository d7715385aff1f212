import { ParleyError } from "@parley/core";
import type { JsonObject } from "@parley/mcp-client";
import { readRemoteCache } from "@parley/tool-registry";
import type { Resource } from "@parley/tool-registry";
import type { RemoteResource } from "./_catalog.ts";
import { completionValues } from "./_completion.ts";
import { forward } from "./_forward.ts";
import { mountOrigin } from "./_origin.ts";
import { isObject } from "./_questions.ts";
import type { Upstream } from "./_upstream.ts";

type Contents = Awaited<ReturnType<Resource["read"]>>;

function isContent(value: unknown): value is Contents[number] {
  if (!isObject(value) || typeof value["uri"] !== "string") return false;
  return typeof value["text"] === "string" || typeof value["blob"] === "string";
}

function readContents({ contents }: JsonObject, who: string): Contents {
  if (!Array.isArray(contents) || !contents.every(isContent)) {
    throw new ParleyError("E_MCP_PROTOCOL", `The ${who} sent a resource that is no list of texts and blobs.`);
  }
  return contents;
}

/** A resource of a mounted server, or a family of them. Results name it by its URI, which therefore stays. */
export function mountedResource(upstream: Upstream, definition: RemoteResource, name: string): Resource {
  const { uri, uriTemplate, title, description, mimeType, size, annotations, icons, _meta } = definition;
  const { client } = upstream;
  const origin = mountOrigin(upstream.name);
  return {
    name,
    uri,
    uriTemplate,
    title,
    description,
    mimeType,
    size,
    annotations,
    icons,
    _meta,
    tags: [upstream.name],
    origin,
    complete: (variable, typed, filled) =>
      completionValues(client, {
        ref: { type: "ref/resource", uri: uriTemplate ?? uri ?? "" },
        argument: { name: variable, value: typed },
        context: { arguments: filled },
      }),
    async read(wanted, context) {
      const result = await forward(upstream, context, (client, more, call) =>
        Object.keys(more).length === 0
          ? client.readResource(wanted, call)
          : client.request("resources/read", { uri: wanted, ...more }, call),
      );
      upstream.read(wanted);
      const contents = readContents(result, origin);
      const cache = readRemoteCache(result);
      // Not enumerable: it is about the contents and none of them.
      return cache === undefined ? contents : Object.defineProperty([...contents], "cache", { value: cache });
    },
  };
}
