import { ParleyError } from "@parley/core";
import type { EventSource, Prompt, Resource, Tool } from "./definitions.ts";
import { exportNames, notA } from "./load-export.ts";
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
 * A factory (`createNAME`) is called when the specification names it, when options are given, when it is called like
 * the module (`createNomad` of `@parley/nomad`), or when the module exports nothing ready to serve.
 * @throws `E_TOOL_LOAD`
 */
export async function loadItems(spec: string, options: LoadItemsOptions = {}): Promise<LoadedItems> {
  const parsed = parseModuleSpec(spec);
  const module = await loadModule(parsed.modules, options);
  if (parsed.export !== undefined) {
    if (!Object.hasOwn(module, parsed.export)) throw nothingIn(spec, module);
    return await madeBy(module[parsed.export], spec, options);
  }
  // A package chooses by its own factory what it serves as a whole; its items are there to be named.
  if (options.options === undefined && ownFactory(module, spec) === undefined) {
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

const factoriesOf = (module: Readonly<Record<string, unknown>>): readonly string[] =>
  exportNames(module).filter((key) => /^create[A-Z]/.test(key) && typeof module[key] === "function");

/** The factory that is called like the module: `createNomad` of `@parley/nomad`. */
function ownFactory(module: Readonly<Record<string, unknown>>, spec: string): string | undefined {
  const named = `create${spec.replace(/^.*\//, "").replaceAll(/[^a-z0-9]/gi, "")}`.toLowerCase();
  return factoriesOf(module).find((key) => key.toLowerCase() === named);
}

/** The factory of a module that has one, or the one that is called like it. */
function factoryOf(module: Readonly<Record<string, unknown>>, spec: string): string {
  const factories = factoriesOf(module);
  const found = factories.length === 1 ? factories[0] : ownFactory(module, spec);
  if (found !== undefined) return found;
  if (factories.length > 1) {
    throw new ParleyError(
      "E_TOOL_LOAD",
      `${spec} exports several factories; name one: ${factories.map((key) => `${spec}#${key}`).join(", ")}.`,
    );
  }
  throw nothingIn(spec, module);
}

function nothingIn(spec: string, module: Readonly<Record<string, unknown>>): ParleyError {
  const names = exportNames(module).slice(0, 20);
  const there = names.length === 0 ? "it exports nothing" : `it exports ${names.join(", ")}`;
  return new ParleyError(
    "E_TOOL_LOAD",
    `${spec} has no tool, prompt, resource or source of events to serve; ${there}. A function needs a property description or input, or its own --tool MODULE#NAME.`,
  );
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
