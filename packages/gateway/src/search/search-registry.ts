import { createRegistry } from "@parley/tool-registry";
import type { Registry } from "@parley/tool-registry";
import { searchTools } from "./search-tools.ts";
import { createToolIndex } from "./tool-index.ts";
import type { ToolIndex } from "./tool-index.ts";

/** A registry that shows three tools in place of those of another, and its prompts and resources as they are. */
export interface SearchRegistry {
  readonly registry: Registry;
  stop(): void;
}

const origin = "tool search";

export function createSearchRegistry(catalogue: Registry): SearchRegistry {
  const registry = createRegistry();
  let built: { readonly version: number; readonly index: ToolIndex } | undefined;
  const index = (): ToolIndex => {
    const { version } = catalogue;
    if (built?.version !== version) built = { version, index: createToolIndex(catalogue.tools) };
    return built.index;
  };
  const sync = (): void => {
    const { prompts, resources } = catalogue;
    const at = <Item>(items: readonly Item[]): Item[] => items.map((item) => ({ ...item, origin }));
    const tools = searchTools({ catalogue, index });
    registry.replace(origin, { tools, prompts: at(prompts), resources: at(resources) });
  };
  sync();
  const stops = [catalogue.onChange(sync), catalogue.onTouch((uri) => registry.touch(uri))];
  return {
    registry,
    stop() {
      for (const stop of stops) stop();
    },
  };
}
