import { canonicalJson, namespacedTool, shortHash } from "@parley/core";
import { traceContext } from "@parley/mcp-client";
import { toolProblem } from "@parley/tool-registry";
import type { JsonSchema, Registry, RemoteTool, Tool } from "@parley/tool-registry";
import type { Member } from "./member.ts";

/** Most tools one worker may bring. */
const maxTools = 1000;

/** The seed's control tools, and every tool that calls itself one: reachable only through the hub's own verbs. */
const controlNames: ReadonlySet<string> = new Set(["submit", "export_provider_metadata"]);

/**
 * What a caller without the right to dispatch may still reach. A remote tool's own hints are not trusted, so
 * any other name counts as one that acts.
 */
const openNames: Readonly<Record<string, Tool["scope"]>> = { get_status: "read", ask_secretary: "negotiate" };

/** Schemas repeat over workers of one kind; one object serves them all. */
export type SchemaPool = Map<string, JsonSchema>;

/** Where a worker's tools stand in the registry. */
export function mirrorOrigin(workerId: string): string {
  return `worker ${workerId}`;
}

export interface MirrorOptions {
  readonly registry: Registry;
  readonly pool: SchemaPool;
  /** Whether the member still stands: it may leave or register anew while its tools are being listed. */
  readonly isCurrent?: (() => boolean) | undefined;
}

/**
 * Lists a worker's tools and serves them under its prefix. Schemas are data and pass untouched; calls are
 * forwarded with their arguments as they came, and the answer returned as it came.
 */
export async function mirror(member: Member, options: MirrorOptions): Promise<number> {
  const { registry, pool, isCurrent = () => true } = options;
  const remote = await member.link.listTools();
  if (!isCurrent()) return 0;
  const origin = mirrorOrigin(member.record.id);
  const names = new Set<string>();
  const isFree = (name: string): boolean => {
    const held = registry.tool(name);
    return !names.has(name) && (held === undefined || held.origin === origin);
  };
  const tools: Tool[] = [];
  for (const definition of remote.slice(0, maxTools)) {
    if (controlNames.has(definition.name) || definition._meta?.["parley/control"] === true) continue;
    let name = namespacedTool(member.record.prefix, definition.name);
    if (!isFree(name)) name = `${name.slice(0, 57)}_${shortHash(`${origin} ${definition.name}`)}`;
    if (!isFree(name)) continue;
    const tool = mirrored(member, name, { ...definition, inputSchema: shared(pool, definition.inputSchema) });
    if (toolProblem(tool) !== undefined) continue;
    names.add(name);
    tools.push(tool);
  }
  registry.replace(origin, { tools });
  member.mirrored = tools.length;
  return tools.length;
}

function mirrored(member: Member, name: string, definition: RemoteTool): Tool {
  const { id } = member.record;
  const { name: remoteName } = definition;
  return {
    name,
    title: definition.title,
    description: definition.description,
    inputSchema: definition.inputSchema,
    outputSchema: definition.outputSchema,
    annotations: definition.annotations,
    _meta: { ...definition._meta, worker_id: id, original_name: remoteName },
    origin: mirrorOrigin(id),
    scope: openNames[remoteName] ?? "dispatch",
    passThrough: true,
    call: (args, context) =>
      member.link.callTool(remoteName, args, {
        ...(context.ending === undefined ? { signal: context.signal } : { ending: context.ending }),
        meta: traceContext(context._meta),
        onProgress: ({ progress, total, message }) => context.progress(progress, total, message),
      }),
  };
}

function shared(pool: SchemaPool, schema: JsonSchema): JsonSchema {
  const key = shortHash(canonicalJson(schema), 32);
  const known = pool.get(key);
  if (known) return known;
  pool.set(key, schema);
  return schema;
}
