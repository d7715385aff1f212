import type { Tool } from "./definitions.ts";
import { findFactory } from "./factory.ts";
import { isTool } from "./recognise.ts";
import { isRecord } from "./tool-result.ts";

/** Where a tool of a toolkit is looked for, and with what the toolkit is made. */
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
  const key = findFactory(module, spec.replace(/#.*$/, "").replace(/^.*=/, ""));
  const factory = key === undefined ? undefined : module[key];
  if (typeof factory !== "function") return undefined;
  const { prefix } = options;
  const served = typeof prefix === "string" ? prefix + name : name;
  const made: unknown = await factory({ ...options, tools: [name] });
  const tools: unknown = isRecord(made) ? made["tools"] : undefined;
  return Array.isArray(tools) ? tools.filter(isTool).find((tool) => tool.name === served) : undefined;
}
