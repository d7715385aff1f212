import { promptProblem, resourceProblem, toolProblem } from "@parley/tool-registry";
import type { Prompt, Resource, Tool } from "@parley/tool-registry";
import type { Catalog } from "./_catalog.ts";
import type { Names } from "./_names.ts";
import { createChoice, createNames } from "./_names.ts";
import { mountedPrompt } from "./_prompt.ts";
import { mountedResource } from "./_resource.ts";
import { mountedTool } from "./_tool.ts";
import type { Upstream } from "./_upstream.ts";
import type { MountedItems, MountOptions } from "./mount.ts";

interface Making {
  readonly upstream: Upstream;
  readonly options: MountOptions;
  readonly warn: (message: string) => void;
}

/** Turns what a server offers into items of our own; what cannot be served is left out with a warning. */
export function makeItems(catalog: Catalog, { upstream, options, warn }: Making): MountedItems {
  const { name, prefix = name, include = [], exclude = [], scope = "dispatch", select } = options;
  const isWanted = createChoice(include, exclude);
  const leaveOut = (kind: string, item: string, problem: string): [] => {
    warn(`The ${kind} ${JSON.stringify(item.slice(0, 80))} is left out: ${problem}.`);
    return [];
  };
  const keep = <Item>(kind: string, item: Item & { readonly name: string }, problem: string | undefined) =>
    problem === undefined ? [item] : leaveOut(kind, item.name, problem);
  const named =
    <Item>(kind: string, names: Names) =>
    (original: string, make: (name: string) => Item[]): Item[] => {
      if (!isWanted(original)) return [];
      const given = names.give(original);
      return given === undefined ? leaveOut(kind, original, "another has that name") : make(given);
    };

  const asTool = named<Tool>("tool", createNames(prefix));
  const asPrompt = named<Prompt>("prompt", createNames(prefix));
  const uris = new Set<string>();
  const tools = catalog.tools.flatMap((definition) =>
    asTool(definition.name, (given) => {
      const tool = mountedTool(upstream, definition, { name: given, scope });
      return keep("tool", tool, toolProblem(tool));
    }),
  );
  const prompts = catalog.prompts.flatMap((definition) =>
    asPrompt(definition.name, (given) => {
      const prompt = mountedPrompt(upstream, definition, given);
      return keep("prompt", prompt, promptProblem(prompt));
    }),
  );
  const resources = catalog.resources.flatMap((definition): Resource[] => {
    const { name: own, uri, uriTemplate } = definition;
    if (!isWanted(own)) return [];
    const resource = mountedResource(upstream, definition, prefix === "" ? own : `${prefix}_${own}`);
    const address = uri ?? uriTemplate ?? own;
    if (uris.has(address)) return leaveOut("resource", own, "another has that URI");
    uris.add(address);
    return keep("resource", resource, resourceProblem(resource));
  });
  const items = { tools, prompts, resources };
  return select?.(items) ?? items;
}
