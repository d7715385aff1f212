import { defineOperation } from "@parley/tool-registry";
import type { OperationEntry as Entry, OperationOptions as Options } from "@parley/tool-registry";
import type { z } from "zod";
import { type Call, type CallOptions, type Shared, openCall } from "./call.ts";
import { createProbeCache } from "./cli/capabilities.ts";
import type { Toolset } from "./toolsets.ts";

/** How {@link operation} is called. */
export interface OperationOptions<Input extends z.ZodObject, Output extends z.ZodType> extends Omit<
  Options<Input, Output, Call, Toolset>,
  "scope" | "task" | "openWorld"
> {
  /** Whether it may take minutes, and is then a task. */
  readonly long?: boolean | undefined;
  /** Whether it concerns the whole account, which takes an administrator. */
  readonly administered?: boolean | undefined;
}

/** An operation without its types: what a server or a document is generated from. */
export type OperationEntry = Entry<Call, Toolset>;

/** An operation: a function that applies its defaults, with its definition beside it. */
export interface Operation<Input extends z.ZodObject, Output extends z.ZodType> {
  (args: z.input<Input>, options?: CallOptions): Promise<z.output<Output>>;
  readonly entry: OperationEntry;
}

/** Defines an operation once, for the function and the tool. */
export function operation<Input extends z.ZodObject, Output extends z.ZodType>({
  long = false,
  administered = false,
  ...options
}: OperationOptions<Input, Output>): Operation<Input, Output> {
  const { entry, run } = defineOperation({
    ...options,
    ...(long ? { task: "optional" } : {}),
    ...(administered && options.effect !== "read" ? { scope: "admin" } : {}),
  });
  const direct = (args: z.input<Input>, given: CallOptions = {}): Promise<z.output<Output>> =>
    run(args, openCall(given, sharedBy(given)));
  return Object.assign(direct, { entry });
}

const shared = new WeakMap<CallOptions, Shared>();

/** Calls with one and the same options object ask a `tp` once what it takes. */
function sharedBy(options: CallOptions): Shared {
  const found = shared.get(options) ?? { probes: createProbeCache() };
  shared.set(options, found);
  return found;
}
