import type { Prompt, Tool } from "./definitions.ts";
import { findFactory } from "./factory.ts";
import { isPrompt, isTool } from "./recognise.ts";
import { isRecord } from "./tool-result.ts";

/** Where an item of a toolkit is looked for, and with what the toolkit is made. */
interface ToolkitSearch {
  readonly spec: string;
  /** Given to the factory, beside the name of the one tool that is wanted. */
  readonly options?: Readonly<Record<string, unknown>> | undefined;
}

/**
 * The tool of that name in the toolkit that a module's factory makes. The factory is asked for this tool alone, by its
 * option `tools`; one that has no such option makes all, and those of its toolsets.
 */
export async function toolOfToolkit(
  module: Readonly<Record<string, unknown>>,
  name: string,
  { spec, options = {} }: ToolkitSearch,
): Promise<Tool | undefined> {
  const tools = await itemsOf(module, "tools", { spec, options: { ...options, tools: [name] } });
  return tools.filter(isTool).find((tool) => tool.name === prefixed(name, options));
}

/** The prompt of that name in the toolkit that a module's factory makes with these options. */
export async function promptOfToolkit(
  module: Readonly<Record<string, unknown>>,
  name: string,
  { spec, options = {} }: ToolkitSearch,
): Promise<Prompt | undefined> {
  const prompts = await itemsOf(module, "prompts", { spec, options });
  return prompts.filter(isPrompt).find((prompt) => prompt.name === prefixed(name, options));
}

function prefixed(name: string, { prefix }: Readonly<Record<string, unknown>>): string {
  return typeof prefix === "string" ? prefix + name : name;
}

async function itemsOf(
  module: Readonly<Record<string, unknown>>,
  kind: "tools" | "prompts",
  { spec, options = {} }: ToolkitSearch,
): Promise<readonly unknown[]> {
  const key = findFactory(module, spec.replace(/#.*$/, "").replace(/^.*=/, ""));
  const factory = key === undefined ? undefined : module[key];
  if (typeof factory !== "function") return [];
  const made: unknown = await factory(options);
  const items: unknown = isRecord(made) ? made[kind] : undefined;
  return Array.isArray(items) ? items : [];
}
