import { ParleyError } from "@parley/core";

/** What is known of a tool, from a registry or a server's list. */
export interface ExportedTool {
  readonly name: string;
  readonly description?: string | undefined;
  readonly inputSchema: Readonly<Record<string, unknown>>;
}

export type ToolFormat = "anthropic" | "openai";

/**
 * Tool definitions as a model API takes them. Both APIs know fewer signs in a name than MCP: the others become `_`.
 * @throws `E_TOOL_DUPLICATE` when that makes two names one
 */
export function formatTools(tools: readonly ExportedTool[], format: ToolFormat): readonly object[] {
  const taken = new Map<string, string>();
  return tools.map((tool) => {
    const name = tool.name.replaceAll(/[^\w-]/g, "_");
    const other = taken.get(name);
    if (other !== undefined) {
      throw new ParleyError(
        "E_TOOL_DUPLICATE",
        `The tools "${other}" and "${tool.name}" would both be called "${name}": rename one or leave it out with --exclude.`,
      );
    }
    taken.set(name, tool.name);
    const description = tool.description ?? "";
    // The OpenAI API refuses an object schema that does not say which properties there are.
    const schema = { ...tool.inputSchema, properties: tool.inputSchema["properties"] ?? {} };
    return format === "anthropic"
      ? { name, description, input_schema: schema }
      : { type: "function", function: { name, description, parameters: schema } };
  });
}
