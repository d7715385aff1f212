import type { EventSource, Prompt, Resource, Tool } from "./definitions.ts";
import { factoryOf, nothingIn } from "./factory.ts";
import { notA } from "./load-export.ts";
import { type LoadOptions, loadModule } from "./load-module.ts";
import { parseLoadSpec } from "./load-spec.ts";
import { renamedTool, toolFrom } from "./load-tool.ts";
import { isClass, isEventSource, isPrompt, isResource, isTool } from "./recognise.ts";
import { isRecord } from "./tool-result.ts";

/** Options of {@link loadItems}. */
export interface LoadItemsOptions extends LoadOptions {
  /** Given to the module's factory `createNAME`. */
  readonly options?: Readonly<Record<string, unknown>> | undefined;
  /** Where the items came from, for messages; default the specification. */
  readonly origin?: string | undefined;
  /** Put on every item beside its own tags. */
  readonly tags?: readonly string[] | undefined;
}

/** Everything one module serves. */
export interface LoadedItems {
  readonly tools: readonly Tool[];
  readonly prompts: readonly Prompt[];
  readonly resources: readonly Resource[];
  readonly events: readonly EventSource[];
  /** Frees what a toolkit holds. */
  close?(): Promise<void>;
}

/**
 * Loads a whole module: every exported tool, prompt, resource and event source, arrays of them, toolkits
 * (`{ tools, prompts, resources, events }`), and functions that describe themselves by `description` or `input`.
 * A factory (`createNAME`) is called when the specification names it, when options are given, or when the module
 * exports nothing ready to serve.
 * @throws `E_TOOL_LOAD`
 */
export async function loadItems(spec: string, options: LoadItemsOptions = {}): Promise<LoadedItems> {
  const parsed = parseModuleSpec(spec);
  const module = await loadModule(parsed.modules, options);
  if (parsed.export !== undefined) {
    if (!Object.hasOwn(module, parsed.export)) throw nothingIn(spec, module);
    return await madeBy(module[parsed.export], spec, options);
  }
  if (options.options === undefined) {
    const entries = Object.entries(module).filter(([key]) => key !== "module.exports");
    const found = gather(entries, naming(spec, options));
    if (count(found) > 0) return found;
  }
  return await madeBy(module[factoryOf(module, spec)], spec, options);
}

/** A dotted path names a module here, unless its last part is an export. */
function parseModuleSpec(spec: string): { modules: readonly string[]; export?: string | undefined } {
  const parsed = parseLoadSpec(spec);
  if (spec.includes("#") || parsed.export === undefined) return parsed;
  const module = spec.trim().replaceAll(".", "/");
  return { modules: [module, `./${module}`] };
}

async function madeBy(value: unknown, spec: string, options: LoadItemsOptions): Promise<LoadedItems> {
  const made: unknown =
    typeof value === "function" && !isClass(value) ? await value(options.options ?? {}) : value;
  const found = gather([["", made]], naming(spec, options));
  if (count(found) === 0) throw notA("toolkit, or factory of one", spec, made);
  const close = isRecord(made) ? made["close"] : undefined;
  if (typeof close !== "function") return found;
  return {
    ...found,
    async close() {
      await Reflect.apply(close, made, []);
    },
  };
}

const count = ({ tools, prompts, resources, events }: LoadedItems): number =>
  tools.length + prompts.length + resources.length + events.length;

interface Source {
  readonly origin: string;
  readonly tags: readonly string[];
}

function naming(spec: string, { origin = spec, tags = [] }: LoadItemsOptions): Source {
  return { origin, tags };
}

/** Sorts values by kind, once each: a default export is often a named one too. */
function gather(entries: readonly (readonly [string, unknown])[], { origin, tags }: Source): LoadedItems {
  const seen = new Set<unknown>();
  const found: Lists = { tools: [], prompts: [], resources: [], events: [] };
  const sourceOf = (item: { readonly tags?: readonly string[] | undefined }): Source => ({
    origin,
    tags: [...(item.tags ?? []), ...tags],
  });
  const take = (key: string, value: unknown, depth: number): void => {
    if (seen.has(value)) return;
    if (typeof value === "object" || typeof value === "function") seen.add(value);
    if (isTool(value)) found.tools.push(renamedTool(value, sourceOf(value)));
    else if (isPrompt(value)) {
      found.prompts.push({ ...value, ...sourceOf(value), get: (...call) => value.get(...call) });
    } else if (isResource(value)) {
      found.resources.push({ ...value, ...sourceOf(value), read: (...call) => value.read(...call) });
    } else if (isEventSource(value)) {
      found.events.push({ ...value, ...sourceOf(value), subscribe: (...call) => value.subscribe(...call) });
    } else if (isDescribed(value)) found.tools.push(toolFrom(value, { name: key, origin, tags }));
    else if (depth > 0) for (const inner of withinOf(value)) take("", inner, depth - 1);
  };
  for (const [key, value] of entries) take(key, value, 2);
  return found;
}

interface Lists {
  readonly tools: Tool[];
  readonly prompts: Prompt[];
  readonly resources: Resource[];
  readonly events: EventSource[];
}

/** The items of an array, or of a toolkit's lists. */
function withinOf(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  if (!isRecord(value)) return [];
  return ["tools", "prompts", "resources", "events"].flatMap((key) => {
    const list = value[key];
    return Array.isArray(list) ? list : [];
  });
}

function isDescribed(value: unknown): value is Parameters<typeof toolFrom>[0] {
  if (typeof value !== "function" || isClass(value)) return false;
  return "input" in value || ("description" in value && typeof value.description === "string");
}
