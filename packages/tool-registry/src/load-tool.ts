import { ParleyError } from "@parley/core";
import { z } from "zod";
import { defineTool } from "./define-tool.ts";
import type { Prompt, Resource, Tool } from "./definitions.ts";
import { type LoadOptions, loadModule } from "./load-module.ts";
import { parseLoadSpec } from "./load-spec.ts";
import { isRecord, toToolResult } from "./tool-result.ts";
import { isSelfValidating, markSelfValidating } from "./validation.ts";

/** Options of the loaders; `name` and `description` win over what the module says. */
export interface LoadToolOptions extends LoadOptions {
  readonly name?: string | undefined;
  readonly description?: string | undefined;
}

/**
 * Loads one tool. A tool made by `defineTool` is taken as it is; a plain function becomes a tool that is called
 * with the arguments and the context, described by its properties `description` and `input` (a zod object).
 * @throws `E_TOOL_LOAD`
 */
export async function loadTool(spec: string, options: LoadToolOptions = {}): Promise<Tool> {
  const { name, value, exported } = await loadExport(spec, options, isToolLike);
  const given = options.name ?? name;
  if (isTool(value)) return renamed(value, { ...options, name: given, origin: spec });
  if (typeof value === "function")
    return wrapped(value, { ...options, name: given ?? exported, origin: spec });
  throw notA("tool or function", spec);
}

/** Loads one prompt made by `definePrompt`. @throws `E_TOOL_LOAD` */
export async function loadPrompt(spec: string, options: LoadToolOptions = {}): Promise<Prompt> {
  const { name, value } = await loadExport(spec, options, isPrompt);
  if (!isPrompt(value)) throw notA("prompt", spec);
  const get: Prompt["get"] = (args, context) => value.get(args, context);
  return { ...value, name: options.name ?? name ?? value.name, origin: spec, get };
}

/** Loads one resource made by `defineResource`. @throws `E_TOOL_LOAD` */
export async function loadResource(spec: string, options: LoadToolOptions = {}): Promise<Resource> {
  const { name, value } = await loadExport(spec, options, isResource);
  if (!isResource(value)) throw notA("resource", spec);
  const read: Resource["read"] = (uri, context) => value.read(uri, context);
  return { ...value, name: options.name ?? name ?? value.name, origin: spec, read };
}

interface Found {
  readonly name?: string | undefined;
  readonly exported: string;
  readonly value: unknown;
}

async function loadExport(
  spec: string,
  options: LoadOptions,
  fits: (value: unknown) => boolean,
): Promise<Found> {
  const parsed = parseLoadSpec(spec);
  const module = await loadModule(parsed.modules, options);
  const exported = parsed.export ?? onlyExport(module, fits);
  if (exported !== undefined && Object.hasOwn(module, exported)) {
    return { name: parsed.name, exported, value: module[exported] };
  }
  const there = Object.keys(module).filter((key) => key !== "default" && key !== "module.exports");
  const wanted = exported === undefined ? "no single export to take" : `no export "${exported}"`;
  const list = there.length === 0 ? "nothing" : there.slice(0, 20).join(", ");
  throw new ParleyError("E_TOOL_LOAD", `${spec} has ${wanted}; it exports ${list}. Write MODULE#EXPORT.`);
}

function onlyExport(
  module: Readonly<Record<string, unknown>>,
  fits: (value: unknown) => boolean,
): string | undefined {
  if (fits(module["default"])) return "default";
  const candidates = Object.keys(module).filter((key) => fits(module[key]));
  return candidates.length === 1 ? candidates[0] : undefined;
}

interface Naming {
  readonly name?: string | undefined;
  readonly description?: string | undefined;
  readonly origin: string;
}

function renamed(tool: Tool, { name = tool.name, description = tool.description, origin }: Naming): Tool {
  const call: Tool["call"] = (args, context) => tool.call(args, context);
  const copy: Tool = { ...tool, name, origin, call, ...(description === undefined ? {} : { description }) };
  if (isSelfValidating(tool)) markSelfValidating(copy);
  return copy;
}

// eslint-disable-next-line typescript/no-unsafe-function-type
function wrapped(run: Function, { name = "", description, origin }: Naming): Tool {
  const said = "description" in run && typeof run.description === "string" ? run.description : "";
  const handler: Tool["call"] = async (args, context) =>
    toToolResult(await Reflect.apply(run, undefined, [args, context]));
  const common = {
    name: name === "default" ? run.name : name,
    // Clients and the conformance suite expect a description to say something.
    description: description ?? (said === "" ? `The function ${origin}.` : said),
  };
  const input = "input" in run ? run.input : undefined;
  if (input instanceof z.ZodObject) return renamed(defineTool({ ...common, input, handler }), { origin });
  return { ...common, origin, inputSchema: { type: "object" }, call: handler };
}

const isToolLike = (value: unknown): boolean => isTool(value) || typeof value === "function";

/** Whether a value has a tool's shape. */
export function isTool(value: unknown): value is Tool {
  return (
    isRecord(value) &&
    typeof value["name"] === "string" &&
    isRecord(value["inputSchema"]) &&
    typeof value["call"] === "function"
  );
}

/** Whether a value has a prompt's shape. */
export function isPrompt(value: unknown): value is Prompt {
  return isRecord(value) && typeof value["name"] === "string" && typeof value["get"] === "function";
}

/** Whether a value has a resource's shape. */
export function isResource(value: unknown): value is Resource {
  return isRecord(value) && typeof value["name"] === "string" && typeof value["read"] === "function";
}

function notA(what: string, spec: string): ParleyError {
  return new ParleyError(
    "E_TOOL_LOAD",
    `${spec} is no ${what}. Export one made by this package's define functions.`,
  );
}
