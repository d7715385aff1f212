import { ParleyError } from "@parley/core";
import type { ToolAnnotations } from "@parley/tool-registry";
import type { z } from "zod";
import { type Call, type CallOptions, openCall } from "./call.ts";
import type { Toolset } from "./toolsets.ts";

/** A method and a path with `{argument}` places; the arguments that are left go into the query or the body. */
export interface Route {
  readonly method: "GET" | "POST" | "PUT" | "DELETE";
  readonly path: string;
}

/** How {@link operation} is called. */
export interface OperationOptions<Input extends z.ZodObject, Output extends z.ZodType> {
  readonly name: string;
  /** Further names it is served under. */
  readonly aliases?: readonly string[] | undefined;
  readonly description: string;
  readonly toolset: Toolset;
  readonly route: Route;
  /** `write` adds or changes; `destroy` may also take away, and then asks for `confirm: true`. */
  readonly effect: "read" | "write" | "destroy";
  /** Whether doing it twice is doing it once; default true for reads alone. */
  readonly idempotent?: boolean | undefined;
  readonly input: Input;
  readonly output: Output;
  /** What a call with these arguments destroys; `undefined` when it needs no confirmation. */
  destroys?(args: z.output<Input>): string | undefined;
  run(args: z.output<Input>, call: Call): Promise<z.input<Output>>;
  /** The readable twin of the structured result. */
  say(result: z.output<Output>): string;
}

/** An operation without its types: what a server, a REST face or a document is generated from. */
export interface OperationEntry {
  readonly name: string;
  readonly aliases: readonly string[];
  readonly description: string;
  readonly toolset: Toolset;
  readonly route: Route;
  readonly scope: "read" | "dispatch" | "admin";
  readonly annotations: ToolAnnotations;
  readonly input: z.ZodObject;
  readonly output: z.ZodType;
  /** @throws `E_ARGUMENT_INVALID`, `E_CONFIRM_REQUIRED` */
  call(args: unknown, call: Call): Promise<{ structured: unknown; text: string }>;
}

/** An operation: a function that applies its defaults, with its definition beside it. */
export interface Operation<Input extends z.ZodObject, Output extends z.ZodType> {
  (args: z.input<Input>, options?: CallOptions): Promise<z.output<Output>>;
  readonly entry: OperationEntry;
}

/** Defines an operation once, for the function, the tool and the route. */
export function operation<Input extends z.ZodObject, Output extends z.ZodType>(
  options: OperationOptions<Input, Output>,
): Operation<Input, Output> {
  const run = async (args: unknown, call: Call): Promise<z.output<Output>> => {
    const parsed = parseInput(options, args);
    const destroyed = options.destroys?.(parsed);
    if (destroyed !== undefined && parsed["confirm"] !== true) {
      throw new ParleyError(
        "E_CONFIRM_REQUIRED",
        `Nothing was done. ${options.name} ${destroyed} Call it again with confirm: true to go on.`,
      );
    }
    return options.output.parse(await options.run(parsed, call));
  };
  const direct = async (args: z.input<Input>, given: CallOptions = {}): Promise<z.output<Output>> => {
    const call = openCall(given);
    try {
      return await run(args, call);
    } finally {
      await call.nomad.close();
    }
  };
  return Object.assign(direct, { entry: entryOf(options, run) });
}

function entryOf<Input extends z.ZodObject, Output extends z.ZodType>(
  options: OperationOptions<Input, Output>,
  run: (args: unknown, call: Call) => Promise<z.output<Output>>,
): OperationEntry {
  return {
    name: options.name,
    aliases: options.aliases ?? [],
    description: options.description,
    toolset: options.toolset,
    route: options.route,
    scope: scopeOf(options),
    annotations: {
      readOnlyHint: options.effect === "read",
      destructiveHint: options.effect === "destroy",
      idempotentHint: options.idempotent ?? options.effect === "read",
      openWorldHint: true,
    },
    input: options.input,
    output: options.output,
    async call(args, call) {
      const structured = await run(args, call);
      return { structured, text: options.say(structured) };
    },
  };
}

/** What concerns more than jobs takes an administrator. */
const administered: ReadonlySet<Toolset> = new Set(["nodes", "namespaces", "variables"]);

function scopeOf({
  effect,
  toolset,
}: {
  readonly effect: string;
  readonly toolset: Toolset;
}): OperationEntry["scope"] {
  if (effect === "read") return "read";
  return administered.has(toolset) ? "admin" : "dispatch";
}

function parseInput<Input extends z.ZodObject>(
  { name, input }: { readonly name: string; readonly input: Input },
  args: unknown,
): z.output<Input> {
  const parsed = input.safeParse(args);
  if (parsed.success) return parsed.data;
  const issues = parsed.error.issues.slice(0, 5).map(({ path, message }) => `${path.join(".")} ${message}`);
  throw new ParleyError(
    "E_ARGUMENT_INVALID",
    `${name} cannot take these arguments: ${issues.join("; ").trim()}`,
  );
}
