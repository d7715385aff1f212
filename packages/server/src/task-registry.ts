import type { Tasks } from "@parley/mcp-tasks";
import { createRegistry, type Registry, type Tool } from "@parley/tool-registry";
import { createTaskTools } from "./task-tools.ts";

/** A registry, and what it means for tasks. */
export interface TaskRegistry extends Registry {
  /** Whether one of its tools may become a task. */
  readonly hasTasks: () => boolean;
  /** Whether the tools for following tasks are served. */
  readonly canPoll: () => boolean;
}

/**
 * Adds the tools for following tasks, as long as some tool may become a task and none has taken their names: then a call
 * stays in its request.
 */
export function withTaskTools(registry: Registry, tasks: Tasks): TaskRegistry {
  let made: Registry | undefined;
  const own = (): Registry => (made ??= registryOf(createTaskTools(tasks)));
  let version: number | undefined;
  let some = false;
  let served = false;
  let tools: readonly Tool[] = [];
  const refresh = (): boolean => {
    if (version === registry.version) return served;
    version = registry.version;
    some = registry.tools.some(({ task }) => task !== undefined);
    served = some && own().tools.every(({ name }) => registry.tool(name) === undefined);
    tools = served
      ? [...registry.tools, ...own().tools].toSorted((left, right) => (left.name < right.name ? -1 : 1))
      : registry.tools;
    return served;
  };
  const ours = (name: string): Tool | undefined => (refresh() ? own().tool(name) : undefined);
  return {
    replace: (origin, items) => registry.replace(origin, items),
    addTool: (tool) => registry.addTool(tool),
    addPrompt: (prompt) => registry.addPrompt(prompt),
    addResource: (resource) => registry.addResource(resource),
    addEvents: (source) => registry.addEvents(source),
    remove: (origin) => registry.remove(origin),
    get tools() {
      refresh();
      return tools;
    },
    get prompts() {
      return registry.prompts;
    },
    get resources() {
      return registry.resources;
    },
    get events() {
      return registry.events;
    },
    hasTasks: () => {
      refresh();
      return some;
    },
    canPoll: () => refresh(),
    tool: (name) => registry.tool(name) ?? ours(name),
    call: (name, args, context) => (ours(name) === undefined ? registry : own()).call(name, args, context),
    get version() {
      return registry.version;
    },
    onChange: (listener) => registry.onChange(listener),
    touch: (uri) => registry.touch(uri),
    onTouch: (listener) => registry.onTouch(listener),
  };
}

function registryOf(tools: readonly Tool[]): Registry {
  const registry = createRegistry();
  for (const tool of tools) registry.addTool(tool);
  return registry;
}
