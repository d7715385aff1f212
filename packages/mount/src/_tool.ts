import { readRemoteResult } from "@parley/tool-registry";
import type { RemoteTool, Tool } from "@parley/tool-registry";
import { forward } from "./_forward.ts";
import { mountOrigin, originMetaKey } from "./_origin.ts";
import { offersTasks } from "./_task.ts";
import type { Upstream } from "./_upstream.ts";

/** A tool of a mounted server: schemas, arguments and results pass as they are. */
export function mountedTool(
  upstream: Upstream,
  definition: RemoteTool,
  { name, scope }: { readonly name: string; readonly scope: Tool["scope"] },
): Tool {
  const { name: original, title, description, inputSchema, outputSchema, annotations, icons } = definition;
  const origin = mountOrigin(upstream.name);
  return {
    name,
    title,
    description,
    inputSchema,
    outputSchema,
    annotations,
    icons,
    tags: [upstream.name],
    _meta: { ...definition._meta, [originMetaKey]: { server: upstream.name, name: original } },
    scope,
    origin,
    passThrough: true,
    ...(offersTasks(upstream.client) ? { task: "optional" as const } : {}),
    async call(args, context) {
      const result = await forward(upstream, context, (client, more, call) =>
        isEmpty(more)
          ? client.callTool(original, args, call)
          : client.request("tools/call", { name: original, arguments: args, ...more }, call),
      );
      return readRemoteResult(result, origin);
    },
  };
}

function isEmpty(fields: Readonly<Record<string, unknown>>): boolean {
  for (const _key in fields) return false;
  return true;
}
