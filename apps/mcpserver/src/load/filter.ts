import { globPattern } from "@parley/core";
import type { LoadedItems } from "@parley/tool-registry";

/** Tags, and names as `name:GLOB`. */
export interface Filter {
  /** Empty means everything; otherwise one of these must fit. */
  readonly include: readonly string[];
  /** None of these may fit. */
  readonly exclude: readonly string[];
}

type Named = { readonly name: string; readonly tags?: readonly string[] | undefined };

/** Leaves out what a filter does not let through. What has no tags fits no tag. */
export function filterItems(items: LoadedItems, filter: Filter): LoadedItems {
  const passes = (item: Named): boolean =>
    (filter.include.length === 0 || filter.include.some((wanted) => fits(item, wanted))) &&
    !filter.exclude.some((unwanted) => fits(item, unwanted));
  return {
    ...items,
    tools: items.tools.filter(passes),
    prompts: items.prompts.filter(passes),
    resources: items.resources.filter(passes),
    events: items.events.filter(passes),
  };
}

function fits({ name, tags = [] }: Named, rule: string): boolean {
  if (!rule.startsWith("name:")) return tags.includes(rule);
  return globPattern(rule.slice("name:".length)).test(name);
}
