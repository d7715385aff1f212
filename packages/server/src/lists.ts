import { listPrompt, listResource, listTool, type Registry } from "@parley/tool-registry";

/** How long a client may keep a list (milliseconds) if it does not listen for changes. */
export const listTtlMs = 5000;

type Items = readonly Readonly<Record<string, unknown>>[];

/** The lists of one registry in their wire form, made once per version. */
export interface Lists {
  readonly tools: Items;
  readonly prompts: Items;
  readonly resources: Items;
  readonly templates: Items;
  /** `tools` as JSON text. */
  readonly toolsJson: string;
}

/** Remembers the lists of the registry's current version. */
export function createLists(registry: Registry): () => Lists {
  let version: number | undefined;
  let lists = readLists(registry);
  return () => {
    if (version !== registry.version) {
      version = registry.version;
      lists = readLists(registry);
    }
    return lists;
  };
}

function readLists(registry: Registry): Lists {
  let json: string | undefined;
  let tools: Items | undefined;
  const resources = registry.resources.map(listResource);
  return {
    get tools() {
      tools ??= registry.tools.map(listTool);
      return tools;
    },
    prompts: registry.prompts.map(listPrompt),
    resources: resources.filter((resource) => "uri" in resource),
    templates: resources.filter((resource) => "uriTemplate" in resource),
    get toolsJson() {
      // The thin path needs no more than the text: the objects of a large list are not kept for it.
      json ??= JSON.stringify(tools ?? registry.tools.map(listTool));
      return json;
    },
  };
}
