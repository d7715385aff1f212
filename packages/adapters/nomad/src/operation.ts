import { defineOperation } from "@parley/tool-registry";
import type { OperationEntry as Entry, OperationOptions as Options } from "@parley/tool-registry";
import type { z } from "zod";
import { type Call, type CallOptions, openCall } from "./call.ts";
import type { Toolset } from "./toolsets.ts";

/** A method and a path with `{argument}` places; the arguments that are left go into the query or the body. */
export interface Route {
  readonly method: "GET" | "POST" | "PUT" | "DELETE";
  readonly path: string;
}

/** How {@link operation} is called. */
export interface OperationOptions<Input extends z.ZodObject, Output extends z.ZodType> extends Omit<
  Options<Input, Output, Call, Toolset>,
  "scope" | "task" | "openWorld"
> {
  /** Further names it is served under. */
  readonly aliases?: readonly string[] | undefined;
  readonly route: Route;
  /** Whether a call may outlive its request as an MCP task, for one that waits; default false. */
  readonly long?: boolean | undefined;
}

/** An operation without its types: what a server, a REST face or a document is generated from. */
export interface OperationEntry extends Entry<Call, Toolset> {
  readonly aliases: readonly string[];
  readonly route: Route;
}

/** An operation: a function that applies its defaults, with its definition beside it. */
export interface Operation<Input extends z.ZodObject, Output extends z.ZodType> {
  (args: z.input<Input>, options?: CallOptions): Promise<z.output<Output>>;
  readonly entry: OperationEntry;
}

/** What concerns more than jobs takes an administrator. */
const administered: ReadonlySet<Toolset> = new Set(["nodes", "namespaces", "variables"]);

/** Defines an operation once, for the function, the tool and the route. */
export function operation<Input extends z.ZodObject, Output extends z.ZodType>({
  aliases = [],
  route,
  long = false,
  ...options
}: OperationOptions<Input, Output>): Operation<Input, Output> {
  const admin = options.effect !== "read" && administered.has(options.toolset);
  const { entry, run } = defineOperation({
    ...options,
    ...(long ? { task: "optional" } : {}),
    ...(admin ? { scope: "admin" } : {}),
  });
  const direct = async (args: z.input<Input>, given: CallOptions = {}): Promise<z.output<Output>> => {
    const call = openCall(given);
    try {
      return await run(args, call);
    } finally {
      await call.nomad.close();
    }
  };
  return Object.assign(direct, { entry: { ...entry, aliases, route } });
}
