import { defineOperation, operationTool } from "@parley/tool-registry";
import type { OperationEntry as Entry, OperationOptions, Tool } from "@parley/tool-registry";
import type { z } from "zod";
import { type Call, type CallOptions, openCall } from "./call.ts";
import type { HpcOptions } from "./options.ts";
import type { Toolset } from "./toolsets.ts";

/** An operation without its types: what tools and documents are made from. */
export type OperationEntry = Entry<Call, Toolset>;

/** An operation: a function that applies its defaults, with its definition beside it. */
export interface Operation<Input extends z.ZodObject, Output extends z.ZodType> {
  (args: z.input<Input>, options?: CallOptions): Promise<z.output<Output>>;
  readonly entry: OperationEntry;
  /** The tool of this name, for a server that loads it alone. */
  toTool(options?: HpcOptions): Tool;
}

/** Defines an operation once, for the function and the tool. */
export function operation<Input extends z.ZodObject, Output extends z.ZodType>(
  options: OperationOptions<Input, Output, Call, Toolset>,
): Operation<Input, Output> {
  const { entry, run } = defineOperation(options);
  const direct = async (args: z.input<Input>, given: CallOptions = {}): Promise<z.output<Output>> =>
    run(args, openCall(given));
  return Object.assign(direct, {
    entry,
    toTool: (given: HpcOptions = {}) => asTool(entry, { options: given }),
  });
}

/** How {@link asTool} makes a tool of an operation. */
export interface ToolForm {
  readonly prefix?: string | undefined;
  readonly options?: HpcOptions | undefined;
  /** What calls keep between them; default a place of this tool's own. */
  readonly kept?: Map<string, unknown> | undefined;
}

/** An operation as a tool. */
export function asTool(entry: OperationEntry, form: ToolForm = {}): Tool {
  const { prefix, options = {}, kept = new Map<string, unknown>() } = form;
  return operationTool(entry, {
    prefix,
    open: ({ mayOutlive = false, ...context }) => openCall({ ...options, ...context, mayOutlive }, kept),
  });
}
