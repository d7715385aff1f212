import { ParleyError } from "@parley/core";
import {
  eventsProblem,
  type LoadedItems,
  promptProblem,
  resourceProblem,
  toolProblem,
} from "@parley/tool-registry";

/** The same items. @throws `E_TOOL_INVALID` for the first that cannot be served */
export function checked(items: LoadedItems): LoadedItems {
  const { tools, prompts, resources, events } = items;
  const problems = [
    ...tools.map((tool) => [tool.name, toolProblem(tool)] as const),
    ...prompts.map((prompt) => [prompt.name, promptProblem(prompt)] as const),
    ...resources.map((resource) => [resource.name, resourceProblem(resource)] as const),
    ...events.map((source) => [source.name, eventsProblem(source)] as const),
  ];
  for (const [name, problem] of problems) {
    if (problem !== undefined)
      throw new ParleyError("E_TOOL_INVALID", `"${name}" cannot be served: ${problem}.`);
  }
  return items;
}
