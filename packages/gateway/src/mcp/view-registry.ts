import { namespacedTool, shortHash } from "@parley/core";
import { createRegistry } from "@parley/tool-registry";
import type { Prompt, Registry, Resource, Tool } from "@parley/tool-registry";
import type { View } from "../policy/view.ts";
import type { Roster } from "../upstream/roster.ts";
import type { Upstream } from "../upstream/upstream.ts";

/** A registry of what one kind of caller sees, which follows the servers. */
export interface ViewRegistry {
  readonly registry: Registry;
  stop(): void;
}

export interface ViewRegistryOptions {
  readonly view: View;
  /** The one server it shows, by its tools' own names; all, with the server's name before each, when absent. */
  readonly only?: string | undefined;
  /** Hears of what was left out. */
  readonly onWarning?: ((server: string, message: string) => void) | undefined;
}

export function createViewRegistry(roster: Roster, options: ViewRegistryOptions): ViewRegistry {
  const { view, only } = options;
  const registry = createRegistry();
  let shown = new Map<string, ReadonlySet<string>>();
  const sync = (): void => {
    const visible = roster
      .of(view)
      .filter(({ server: { name } }) => view.seesServer(name) && (only === undefined || name === only));
    const taken = createTaken();
    const next = new Map(
      visible.map((upstream) => [upstream.server.name, itemsOf(upstream, options, taken)] as const),
    );
    // What goes from one server to another leaves the one first: no name is there twice at any moment.
    for (const [name, before] of shown) {
      const items = next.get(name);
      if (items === undefined) registry.remove(originOf(name));
      else if (loses(before, keysOf(items))) registry.replace(originOf(name), keptOf(items, before));
    }
    for (const [name, items] of next) registry.replace(originOf(name), items);
    shown = new Map(Array.from(next, ([name, items]) => [name, keysOf(items)] as const));
  };
  sync();
  const stops = [roster.onChange(sync), roster.onTouch((uri) => registry.touch(uri))];
  return {
    registry,
    stop() {
      for (const stop of stops) stop();
    },
  };
}

function originOf(server: string): string {
  return `server ${server}`;
}

/** Names and addresses given out so far. */
interface Taken {
  readonly names: Set<string>;
  readonly prompts: Set<string>;
  readonly uris: Set<string>;
}

function createTaken(): Taken {
  return { names: new Set(), prompts: new Set(), uris: new Set() };
}

interface Items {
  readonly tools: readonly Tool[];
  readonly prompts: readonly Prompt[];
  readonly resources: readonly Resource[];
}

const keyOf = {
  tool: ({ name }: Tool): string => `tool ${name}`,
  prompt: ({ name }: Prompt): string => `prompt ${name}`,
  resource: ({ uri, uriTemplate, name }: Resource): string => `resource ${uri ?? uriTemplate ?? name}`,
} as const;

function keysOf({ tools, prompts, resources }: Items): ReadonlySet<string> {
  return new Set([...tools.map(keyOf.tool), ...prompts.map(keyOf.prompt), ...resources.map(keyOf.resource)]);
}

function loses(before: ReadonlySet<string>, now: ReadonlySet<string>): boolean {
  return [...before].some((key) => !now.has(key));
}

/** Those of some items that were there before. */
function keptOf({ tools, prompts, resources }: Items, before: ReadonlySet<string>): Items {
  return {
    tools: tools.filter((tool) => before.has(keyOf.tool(tool))),
    prompts: prompts.filter((prompt) => before.has(keyOf.prompt(prompt))),
    resources: resources.filter((resource) => before.has(keyOf.resource(resource))),
  };
}

function itemsOf(upstream: Upstream, { view, only, onWarning }: ViewRegistryOptions, taken: Taken): Items {
  const { server, catalogue } = upstream;
  const origin = originOf(server.name);
  const nameIn = (given: Set<string>, own: string): string => {
    if (only !== undefined) return own;
    const plain = namespacedTool(server.name, own);
    const name = given.has(plain) ? `${plain.slice(0, 57)}_${shortHash(`${server.name} ${own}`)}` : plain;
    given.add(name);
    return name;
  };
  const tools = [...catalogue.tools.values()]
    .filter(({ tool }) => view.seesTool(server.name, tool.name))
    .map((found): Tool => ({
      ...found.tool,
      name: nameIn(taken.names, found.tool.name),
      origin,
      call: (args, context) => upstream.callTool(found, args, { context }),
    }));
  if (!view.seesMoreThanTools(server.name)) return { tools, prompts: [], resources: [] };
  const prompts = Array.from(catalogue.prompts.values(), (prompt): Prompt => ({
    ...prompt,
    name: nameIn(taken.prompts, prompt.name),
    origin,
    get: (args, context) =>
      upstream.within(`prompts/get ${prompt.name}`, { context }, (limited) => prompt.get(args, limited)),
  }));
  const resources = catalogue.resources.flatMap((resource): Resource[] => {
    const key = resource.uri ?? resource.uriTemplate ?? resource.name;
    if (taken.uris.has(key)) {
      onWarning?.(
        server.name,
        `The resource ${JSON.stringify(key.slice(0, 200))} is left out of /mcp: another server has it.`,
      );
      return [];
    }
    taken.uris.add(key);
    return [
      {
        ...resource,
        origin,
        read: (uri, context) =>
          upstream.within(`resources/read ${uri}`, { context }, (limited) => resource.read(uri, limited)),
      },
    ];
  });
  return { tools, prompts, resources };
}
