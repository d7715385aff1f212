import { defineOperation, operationTool } from "@parley/tool-registry";
import type { OperationEntry as Entry, OperationOptions, Tool } from "@parley/tool-registry";
import type { z } from "zod";
import { openCall } from "./call.ts";
import type { Call, CallOptions } from "./call.ts";
import type { FluxOptions } from "./options.ts";
import type { Toolset } from "./toolsets.ts";

/** An operation without its types: what a server or a document is generated from. */
export type OperationEntry = Entry<Call, Toolset>;

/** An operation: a function that applies its defaults, with its definition beside it. */
export interface Operation<Input extends z.ZodObject, Output extends z.ZodType> {
  (args: z.input<Input>, options?: CallOptions): Promise<z.output<Output>>;
  readonly entry: OperationEntry;
}

/** Defines an operation once, for the function and the tool. What the group `admin` changes takes an administrator. */
export function operation<Input extends z.ZodObject, Output extends z.ZodType>(
  options: OperationOptions<Input, Output, Call, Toolset>,
): Operation<Input, Output> {
  const administered = options.toolset === "admin" && options.effect !== "read";
  const { entry, run } = defineOperation({ ...options, ...(administered ? { scope: "admin" } : {}) });
  const direct = async (args: z.input<Input>, given: CallOptions = {}): Promise<z.output<Output>> =>
    run(args, openCall(given));
  return Object.assign(direct, { entry });
}

/** An operation as a tool. */
export function toolOf(entry: OperationEntry, options: FluxOptions = {}, prefix = ""): Tool {
  return operationTool(entry, {
    prefix,
    open: ({ mayOutlive = false, ...context }) => openCall({ ...options, ...context, mayOutlive }),
  });
}
