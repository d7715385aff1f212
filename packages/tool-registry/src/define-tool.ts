import { ParleyError } from "@parley/core";
import type { z } from "zod";
import type { Tool, ToolContext, ToolOptions, ToolResult } from "./definitions.ts";
import { closed, jsonSchemaOf, parseArguments } from "./arguments.ts";
import { markSelfValidating } from "./validation.ts";
import { isToolResult, toToolResult, toolResult } from "./tool-result.ts";

/**
 * Defines a tool from zod schemas; arguments the input does not name are refused, unless it is a
 * `z.looseObject` or has a `catchall`.
 * The JSON Schemas are made once, here.
 * @throws `E_TOOL_INVALID` when a schema has no JSON form
 */
export function defineTool<Input extends z.ZodObject, Output extends z.ZodType | undefined = undefined>(
  options: ToolOptions<Input, Output>,
): Tool {
  const { name, title, description, output, annotations, icons, tags, scope, task, _meta } = options;
  const subject = `Tool "${name}"`;
  const input = closed(options.input);
  const tool: Tool = {
    name,
    ...(title === undefined ? {} : { title }),
    description,
    inputSchema: jsonSchemaOf(subject, input, "input"),
    ...(output === undefined ? {} : { outputSchema: jsonSchemaOf(subject, output, "output") }),
    ...(annotations === undefined ? {} : { annotations }),
    ...(icons === undefined ? {} : { icons }),
    ...(tags === undefined ? {} : { tags }),
    ...(scope === undefined ? {} : { scope }),
    ...(task === undefined ? {} : { task }),
    ...(_meta === undefined ? {} : { _meta }),
    async call(args: Readonly<Record<string, unknown>>, context: ToolContext): Promise<ToolResult> {
      const parsed = await parseArguments(subject, input, args);
      // `closed` changes what is refused, not what comes out: the handler's type still holds.
      const value = await options.handler(parsed as z.output<Input>, context);
      return output === undefined ? toToolResult(value) : structuredResult(subject, output, value);
    },
  };
  markSelfValidating(tool);
  return tool;
}

async function structuredResult(subject: string, output: z.ZodType, value: unknown): Promise<ToolResult> {
  if (isToolResult(value)) {
    if (value.isError === true || value.structuredContent === undefined) return value;
    return { ...value, structuredContent: await parseOutput(subject, output, value.structuredContent) };
  }
  return toolResult({ structured: await parseOutput(subject, output, value) });
}

async function parseOutput(subject: string, output: z.ZodType, value: unknown): Promise<unknown> {
  const parsed = await output.safeParseAsync(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const where = issue === undefined ? "" : `: ${[...issue.path, issue.message].join(" ")}`;
  throw new ParleyError("E_TOOL_FAILED", `${subject} answered outside its own output schema${where}`);
}
