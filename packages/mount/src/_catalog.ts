import { ParleyError, toParleyError } from "@parley/core";
import type { JsonObject, McpClient } from "@parley/mcp-client";
import { readRemoteTool } from "@parley/tool-registry";
import type { RemoteTool } from "@parley/tool-registry";
import { z } from "zod";

/** Most items of one kind that one server may bring. */
const maxItems = 1000;

const text = z.string().max(20_000).optional().catch(undefined);

const icons = z
  .array(z.looseObject({ src: z.string() }))
  .max(16)
  .optional()
  .catch(undefined);
const meta = z.record(z.string(), z.unknown()).optional().catch(undefined);

/** A prompt as another server described it. */
const RemotePrompt = z.looseObject({
  name: z.string().min(1).max(256),
  title: text,
  description: text,
  arguments: z
    .array(z.looseObject({ name: z.string(), description: text, required: z.boolean().optional() }))
    .max(100)
    .optional()
    .catch(undefined),
  icons,
  _meta: meta,
});
export type RemotePrompt = z.infer<typeof RemotePrompt>;

/** A resource, or a family of them, as another server described it. */
const RemoteResource = z.looseObject({
  name: z.string().min(1).max(1024),
  uri: z.string().max(8192).optional(),
  uriTemplate: z.string().max(8192).optional(),
  title: text,
  description: text,
  mimeType: text,
  size: z.number().optional().catch(undefined),
  annotations: z
    .looseObject({
      audience: z.array(z.enum(["user", "assistant"])).optional(),
      priority: z.number().optional(),
      lastModified: z.string().optional(),
    })
    .optional()
    .catch(undefined),
  icons,
  _meta: meta,
});
export type RemoteResource = z.infer<typeof RemoteResource>;

/** What a server offers. */
export interface Catalog {
  readonly tools: readonly RemoteTool[];
  readonly prompts: readonly RemotePrompt[];
  readonly resources: readonly RemoteResource[];
}

type Warn = (message: string) => void;

/** Takes what can be read of a list; the rest is left out with a warning. */
function take<Item>(
  items: readonly JsonObject[],
  { kind, read, warn }: { kind: string; read: (item: JsonObject) => Item | undefined; warn: Warn },
): Item[] {
  const taken = items.slice(0, maxItems).flatMap((item) => read(item) ?? []);
  const lost = items.length - taken.length;
  if (lost > 0)
    warn(`${lost} of ${items.length} ${kind} are left out: they cannot be read or are over ${maxItems}.`);
  return taken;
}

/** A list the server fails to give does not cost its tools. */
async function optional(listing: Promise<readonly JsonObject[]>, warn: Warn): Promise<readonly JsonObject[]> {
  try {
    return await listing;
  } catch (error) {
    if (!ParleyError.isInstance(error)) throw error;
    const { code, details } = error;
    const isOdd = code === "E_MCP_PROTOCOL" && details["sessionLost"] !== true;
    if (!isOdd && details["rpcCode"] === undefined) throw error;
    warn(toParleyError(error).message);
    return [];
  }
}

/** Lists everything a server offers. @throws what the listing of its tools fails with */
export async function readCatalog(client: McpClient, signal: AbortSignal, warn: Warn): Promise<Catalog> {
  const call = { signal };
  const tools = await client.listTools(call);
  const [prompts, resources, templates] = await Promise.all([
    optional(client.listPrompts(call), warn),
    optional(client.listResources(call), warn),
    optional(client.listResourceTemplates(call), warn),
  ]);
  return {
    tools: take(tools, { kind: "tools", read: readRemoteTool, warn }),
    prompts: take(prompts, { kind: "prompts", read: (item) => RemotePrompt.safeParse(item).data, warn }),
    resources: take([...resources, ...templates], {
      kind: "resources",
      read: (item) => RemoteResource.safeParse(item).data,
      warn,
    }),
  };
}
