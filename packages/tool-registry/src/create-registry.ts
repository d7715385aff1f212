import { ParleyError } from "@parley/core";
import { argumentError } from "./arguments.ts";
import { eventsProblem, promptProblem, resourceProblem, toolProblem } from "./check-items.ts";
import type { EventSource, Prompt, Resource, Tool, ToolContext, ToolResult } from "./definitions.ts";
import { listEvents, listPrompt, listResource, listTool } from "./listing.ts";
import type { Registry, RegistryChange } from "./registry.ts";
import { createShelf } from "./_shelf.ts";
import { createWatches } from "./_watches.ts";
import { hasScope } from "./tool-context.ts";
import { errorResult, isRecord } from "./tool-result.ts";
import { validateArguments } from "./validation.ts";

/** Options of {@link createRegistry}. */
export interface RegistryOptions {
  /** Told of an `onChange` listener that threw; the others still run. */
  readonly onListenerError?: ((error: unknown) => void) | undefined;
}

/**
 * An empty registry. `version` counts at once; listeners are told once per microtask and kind of change.
 * Replacing an origin's items by items that list the same changes no version.
 */
export function createRegistry(options: RegistryOptions = {}): Registry {
  const tools = createShelf<Tool>({
    kind: "tool",
    key: (tool) => tool.name,
    origin: (tool) => tool.origin,
    problem: toolProblem,
    list: listTool,
  });
  const prompts = createShelf<Prompt>({
    kind: "prompt",
    key: (prompt) => prompt.name,
    origin: (prompt) => prompt.origin,
    problem: promptProblem,
    list: listPrompt,
  });
  const resources = createShelf<Resource>({
    kind: "resource",
    key: (resource) => resource.uri ?? resource.uriTemplate ?? resource.name,
    origin: (resource) => resource.origin,
    problem: resourceProblem,
    list: listResource,
  });
  const events = createShelf<EventSource>({
    kind: "event source",
    key: (source) => source.name,
    origin: (source) => source.origin,
    problem: eventsProblem,
    list: listEvents,
  });
  const touched = createListeners<string>(options.onListenerError);
  const watches = createWatches((uri) => touched.tell([uri]));
  const changes = createChanges(options.onListenerError);
  const note = (changed: boolean, change: RegistryChange): void => {
    if (changed) changes.add(change);
  };

  return {
    replace(origin, items) {
      const steps = [
        { change: "tools", step: tools.prepare(origin, items.tools ?? []) },
        { change: "prompts", step: prompts.prepare(origin, items.prompts ?? []) },
        { change: "resources", step: resources.prepare(origin, items.resources ?? []) },
        { change: "events", step: events.prepare(origin, items.events ?? []) },
      ] as const;
      for (const { change, step } of steps) note(step(), change);
      watches.follow(resources.sorted);
    },
    addTool(tool) {
      tools.add(tool);
      changes.add("tools");
    },
    addPrompt(prompt) {
      prompts.add(prompt);
      changes.add("prompts");
    },
    addResource(resource) {
      resources.add(resource);
      watches.follow(resources.sorted);
      changes.add("resources");
    },
    addEvents(source) {
      events.add(source);
      changes.add("events");
    },
    remove(origin) {
      note(tools.remove(origin), "tools");
      note(prompts.remove(origin), "prompts");
      note(resources.remove(origin), "resources");
      watches.follow(resources.sorted);
      note(events.remove(origin), "events");
    },
    get tools() {
      return tools.sorted;
    },
    get prompts() {
      return prompts.sorted;
    },
    get resources() {
      return resources.sorted;
    },
    get events() {
      return events.sorted;
    },
    tool: (name) => tools.get(name),
    call: (name, args, context) => callTool(tools.get(name), { name, args, context }),
    get version() {
      return changes.version;
    },
    onChange: (listener) => changes.listen(listener),
    touch: (uri) => touched.tell([uri]),
    onTouch: (listener) => touched.listen(listener),
  };
}

interface Call {
  readonly name: string;
  readonly args: unknown;
  readonly context: ToolContext;
}

async function callTool(tool: Tool | undefined, { name, args, context }: Call): Promise<ToolResult> {
  if (tool === undefined) {
    throw new ParleyError("E_TOOL_UNKNOWN", `There is no tool named ${JSON.stringify(name.slice(0, 64))}.`);
  }
  const scope = tool.scope ?? "read";
  if (!hasScope(context.scopes, scope)) {
    throw new ParleyError(
      "E_AUTH_FORBIDDEN",
      `Tool "${tool.name}" needs a credential with the scope "${scope}".`,
    );
  }
  try {
    const given = args ?? {};
    if (!isRecord(given))
      throw argumentError(`Tool "${tool.name}"`, [{ path: "", message: "not an object" }]);
    if (tool.passThrough !== true) await validateArguments(tool, given);
    const { aborted, reason } = context.ending ?? context.signal;
    if (aborted) throw reason;
    return await tool.call(given, context);
  } catch (error) {
    return errorResult(error);
  }
}

interface Changes {
  readonly version: number;
  add(change: RegistryChange): void;
  listen(listener: (change: RegistryChange) => void): () => void;
}

function createChanges(onListenerError: ((error: unknown) => void) | undefined): Changes {
  const listeners = createListeners<RegistryChange>(onListenerError);
  const pending = new Set<RegistryChange>();
  let version = 0;
  const tell = (): void => {
    const told = [...pending];
    pending.clear();
    listeners.tell(told);
  };
  return {
    get version() {
      return version;
    },
    add(change) {
      version += 1;
      if (pending.size === 0) queueMicrotask(tell);
      pending.add(change);
    },
    listen: (listener) => listeners.listen(listener),
  };
}

interface Listeners<Value> {
  tell(values: readonly Value[]): void;
  listen(listener: (value: Value) => void): () => void;
}

/** Listeners that cannot hurt each other: one that throws is reported and the others still run. */
function createListeners<Value>(onError: ((error: unknown) => void) | undefined): Listeners<Value> {
  const listeners = new Set<(value: Value) => void>();
  return {
    tell(values) {
      for (const listener of listeners) {
        for (const value of values) {
          try {
            listener(value);
          } catch (error) {
            onError?.(error);
          }
        }
      }
    },
    listen(listener) {
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
      };
    },
  };
}
