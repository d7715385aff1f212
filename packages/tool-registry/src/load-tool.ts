import { z } from "zod";
import { definePrompt } from "./define-prompt.ts";
import { defineTool } from "./define-tool.ts";
import type { EventSource, Prompt, Resource, Tool } from "./definitions.ts";
import { loadExport, notA } from "./load-export.ts";
import type { LoadOptions } from "./load-module.ts";
import { isClass, isEventSource, isPrompt, isResource, isTool } from "./recognise.ts";
import { isRecord, toToolResult } from "./tool-result.ts";
import { toolOfToolkit } from "./toolkit-tool.ts";
import { isSelfValidating, markSelfValidating } from "./validation.ts";

/** Options of the loaders; `name`, `description` and `tags` win over what the module says. */
export interface LoadToolOptions extends LoadOptions {
  readonly name?: string | undefined;
  readonly description?: string | undefined;
  readonly tags?: readonly string[] | undefined;
  /** Where it came from, for messages; default the specification. */
  readonly origin?: string | undefined;
  /** Given to a factory, where the export is one. */
  readonly options?: Readonly<Record<string, unknown>> | undefined;
}

/**
 * Loads one tool. A tool made by `defineTool` is taken as it is, and so is what a function's `toTool` makes of the
 * options; any other function becomes a tool that is called with the arguments and the context, described by its
 * properties `description` and `input` (a zod object). What the module does not export may be the name of a tool that
 * its factory (`createNAME`) makes.
 * @throws `E_TOOL_LOAD`
 */
export async function loadTool(spec: string, options: LoadToolOptions = {}): Promise<Tool> {
  const { name, value, exported } = await loadExport(spec, options, {
    fits: isToolLike,
    otherwise: (module, wanted) => toolOfToolkit(module, wanted, { ...options, spec }),
  });
  const given = namingOf(spec, options, name);
  if (isTool(value)) return renamedTool(value, given);
  const made = madeBy(value, "toTool", options);
  if (isTool(made)) return renamedTool(made, given);
  if (isFunction(value)) return toolFrom(value, { ...given, name: given.name ?? exported });
  throw notA("tool or function", spec, value);
}

/**
 * Loads one prompt made by `definePrompt`, what a function's `toPrompt` returns, or a plain function that returns the
 * user's message, described by its properties `description` and `input`.
 * @throws `E_TOOL_LOAD`
 */
export async function loadPrompt(spec: string, options: LoadToolOptions = {}): Promise<Prompt> {
  const { name, value, exported } = await loadExport(spec, options, { fits: isPromptLike });
  const given = namingOf(spec, options, name);
  if (isPrompt(value)) return renamedPrompt(value, given);
  const made = madeBy(value, "toPrompt", options);
  if (isPrompt(made)) return renamedPrompt(made, given);
  if (isFunction(value)) return promptFrom(value, { ...given, name: given.name ?? exported });
  throw notA("prompt or function", spec, value);
}

/** Loads one resource made by `defineResource`, or by a factory that is called with `options`. @throws `E_TOOL_LOAD` */
export async function loadResource(spec: string, options: LoadToolOptions = {}): Promise<Resource> {
  const { name, value } = await loadExport(spec, options, { fits: isResource });
  const made: unknown = isFunction(value) ? await value(options.options ?? {}) : value;
  if (!isResource(made)) throw notA("resource", spec, made);
  const read: Resource["read"] = (...call) => made.read(...call);
  return { ...made, ...changed(made, namingOf(spec, options, name)), read };
}

/** Loads one source of events made by `defineEvents`, or by a factory called with `options`. @throws `E_TOOL_LOAD` */
export async function loadEvents(spec: string, options: LoadToolOptions = {}): Promise<EventSource> {
  const { name, value } = await loadExport(spec, options, { fits: isEventSource });
  const made: unknown = isFunction(value) ? await value(options.options ?? {}) : value;
  if (!isEventSource(made)) throw notA("source of events", spec, made);
  const subscribe: EventSource["subscribe"] = (params, sink) => made.subscribe(params, sink);
  return { ...made, ...changed(made, namingOf(spec, options, name)), subscribe };
}

interface Naming {
  readonly name?: string | undefined;
  readonly description?: string | undefined;
  readonly tags?: readonly string[] | undefined;
  readonly origin: string;
}

/** What an item may already say of itself. */
type Stated = { readonly [Key in keyof Naming]?: Naming[Key] | undefined };

type Callable = ((...args: readonly unknown[]) => unknown) & {
  readonly description?: unknown;
  readonly input?: unknown;
};

function isFunction(value: unknown): value is Callable {
  return typeof value === "function" && !isClass(value);
}

const isToolLike = (value: unknown): boolean => isTool(value) || isFunction(value);
const isPromptLike = (value: unknown): boolean => isPrompt(value) || isFunction(value);

/** What a function makes that is both a function to call and a tool or prompt to serve. */
function madeBy(value: unknown, method: "toTool" | "toPrompt", { options = {} }: LoadToolOptions): unknown {
  if (!isFunction(value) || !(method in value)) return undefined;
  const make: unknown = Reflect.get(value, method);
  return typeof make === "function" ? Reflect.apply(make, value, [options]) : undefined;
}

function namingOf(spec: string, options: LoadToolOptions, inSpec: string | undefined): Naming {
  const { description, tags, origin = spec } = options;
  return { name: options.name ?? inSpec, description, tags, origin };
}

/** What a loader changes of an item; nothing is said of what stays absent. */
function changed(item: Stated, naming: Naming): Naming & { name: string } {
  const description = naming.description ?? item.description;
  const tags = naming.tags ?? item.tags;
  return {
    name: naming.name ?? item.name ?? "",
    origin: naming.origin,
    ...(description === undefined ? {} : { description }),
    ...(tags === undefined ? {} : { tags }),
  };
}

/** A copy of a tool under another name, description, tags or origin. */
export function renamedTool(tool: Tool, naming: Naming): Tool {
  const call: Tool["call"] = (args, context) => tool.call(args, context);
  const copy: Tool = { ...tool, ...changed(tool, naming), call };
  if (isSelfValidating(tool)) markSelfValidating(copy);
  return copy;
}

function renamedPrompt(prompt: Prompt, naming: Naming): Prompt {
  const get: Prompt["get"] = (...call) => prompt.get(...call);
  return { ...prompt, ...changed(prompt, naming), get };
}

/** Clients and the conformance suite expect a name and a description to say something. */
function saidBy(
  run: Callable,
  { name = "", description, origin }: Naming,
): { name: string; description: string } {
  const own = typeof run.description === "string" && run.description !== "" ? run.description : undefined;
  return {
    name: name === "default" ? run.name : name,
    description: description ?? own ?? `The function ${origin}.`,
  };
}

/** A plain function as a tool. */
export function toolFrom(run: Callable, naming: Naming): Tool {
  const common = saidBy(run, naming);
  const { input } = run;
  const handler: Tool["call"] = async (args, context) => toToolResult(await run(args, context));
  const about = { ...naming, ...common };
  if (input instanceof z.ZodObject) return renamedTool(defineTool({ ...common, input, handler }), about);
  const tool: Tool = { ...common, inputSchema: { type: "object" }, call: handler };
  return { ...tool, ...changed(tool, about) };
}

function promptFrom(run: Callable, naming: Naming): Prompt {
  const common = saidBy(run, naming);
  const input = run.input instanceof z.ZodObject ? run.input : z.object({});
  const prompt = definePrompt({
    ...common,
    input,
    async handler(args, context) {
      const said = await run(args, context);
      if (typeof said === "string") return said;
      return isMessages(said) ? said : JSON.stringify(said);
    },
  });
  return renamedPrompt(prompt, { ...naming, ...common });
}

function isMessages(value: unknown): value is Awaited<ReturnType<Prompt["get"]>>["messages"] {
  return (
    Array.isArray(value) &&
    value.every((each) => isRecord(each) && typeof each["role"] === "string" && isRecord(each["content"]))
  );
}
