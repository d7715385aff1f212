import type { JsonObject } from "@parley/mcp-client";
import type { Prompt, Registry, Resource, Tool } from "@parley/tool-registry";

/** A tool as it is served, and what its server calls it. */
export interface CatalogueTool {
  readonly tool: Tool;
  readonly original: string;
}

/** How a server introduced itself. */
export interface ServerIdentity {
  readonly name?: string | undefined;
  readonly version?: string | undefined;
  readonly instructions?: string | undefined;
}

/** What one server offers at one moment; never changed, replaced as a whole. */
export interface Catalogue {
  readonly identity: ServerIdentity;
  /** Sorted by name. */
  readonly tools: ReadonlyMap<string, CatalogueTool>;
  readonly prompts: ReadonlyMap<string, Prompt>;
  /** Listed ones and families. */
  readonly resources: readonly Resource[];
}

export const emptyCatalogue: Catalogue = {
  identity: {},
  tools: new Map(),
  prompts: new Map(),
  resources: [],
};

/** Longest text of a server that goes into a document. */
const maxText = 20_000;

/** What a registry holds now. */
export function catalogueOf(registry: Registry, identity: ServerIdentity): Catalogue {
  return {
    identity,
    tools: new Map(
      registry.tools.map((tool) => [tool.name, { tool, original: originalName(tool) }] as const),
    ),
    prompts: new Map(registry.prompts.map((prompt) => [prompt.name, prompt] as const)),
    resources: registry.resources,
  };
}

export function readIdentity(server: JsonObject | undefined): ServerIdentity {
  const info = server?.["serverInfo"];
  const { name, version } = typeof info === "object" && info !== null ? { ...noInfo, ...info } : noInfo;
  return {
    name: text(name),
    version: text(version),
    instructions: text(server?.["instructions"]),
  };
}

const noInfo: { readonly name?: unknown; readonly version?: unknown } = {};

function text(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value.slice(0, maxText) : undefined;
}

/** Where a mounted tool says what it is called at its server. */
const originMetaKey = "parley/mount";

/** The name a tool of a mount has at its server. */
export function originalName({ name, _meta }: Tool): string {
  const origin = _meta?.[originMetaKey];
  const found = typeof origin === "object" && origin !== null && "name" in origin ? origin.name : undefined;
  return typeof found === "string" ? found : name;
}
