import { ParleyError } from "@parley/core";
import { defineTool, toolResult } from "@parley/tool-registry";
import type { Tool, ToolAnnotations, ToolContext } from "@parley/tool-registry";
import type { z } from "zod";
import { openCall } from "./call.ts";
import type { Call, CallOptions } from "./call.ts";
import type { FluxOptions } from "./options.ts";
import type { Toolset } from "./toolsets.ts";

/** How {@link operation} is called. */
export interface OperationOptions<Input extends z.ZodObject, Output extends z.ZodType> {
  readonly name: string;
  readonly description: string;
  readonly toolset: Toolset;
  /** `write` adds or changes; `destroy` may also take away, and then asks for `confirm: true`. */
  readonly effect: "read" | "write" | "destroy";
  /** Whether doing it twice is doing it once; default true for reads alone. */
  readonly idempotent?: boolean | undefined;
  /** Whether it speaks with Flux at all; default true. */
  readonly openWorld?: boolean | undefined;
  /** Whether it may outlive its request as a task. */
  readonly task?: Tool["task"];
  readonly input: Input;
  readonly output: Output;
  /** What a call with these arguments destroys; `undefined` when it needs no confirmation. */
  destroys?(args: z.output<Input>): string | undefined;
  run(args: z.output<Input>, call: Call): Promise<z.input<Output>>;
  /** The readable twin of the structured result. */
  say(result: z.output<Output>): string;
  /** Whether it ran and failed; its result says why. Default never. */
  failed?(result: z.output<Output>): boolean;
}

/** An operation without its types: what a server or a document is generated from. */
export interface OperationEntry {
  readonly name: string;
  readonly description: string;
  readonly toolset: Toolset;
  readonly scope: "read" | "dispatch" | "admin";
  readonly annotations: ToolAnnotations;
  readonly task: Tool["task"];
  readonly input: z.ZodObject;
  readonly output: z.ZodType;
  /** @throws `E_ARGUMENT_INVALID`, `E_CONFIRM_REQUIRED` */
  call(args: unknown, call: Call): Promise<{ structured: unknown; text: string; isError?: true }>;
}

/** An operation: a function that applies its defaults, with its definition beside it. */
export interface Operation<Input extends z.ZodObject, Output extends z.ZodType> {
  (args: z.input<Input>, options?: CallOptions): Promise<z.output<Output>>;
  readonly entry: OperationEntry;
}

/** Defines an operation once, for the function and the tool. */
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
  const direct = async (args: z.input<Input>, given: CallOptions = {}): Promise<z.output<Output>> =>
    run(args, openCall(given));
  return Object.assign(direct, { entry: entryOf(options, run) });
}

function entryOf<Input extends z.ZodObject, Output extends z.ZodType>(
  options: OperationOptions<Input, Output>,
  run: (args: unknown, call: Call) => Promise<z.output<Output>>,
): OperationEntry {
  const { name, description, toolset, effect, task, input, output } = options;
  return {
    name,
    description,
    toolset,
    scope: effect === "read" ? "read" : toolset === "admin" ? "admin" : "dispatch",
    annotations: {
      readOnlyHint: effect === "read",
      destructiveHint: effect === "destroy",
      idempotentHint: options.idempotent ?? effect === "read",
      openWorldHint: options.openWorld ?? true,
    },
    task,
    input,
    output,
    async call(args, call) {
      const structured = await run(args, call);
      const text = options.say(structured);
      return options.failed?.(structured) === true
        ? { structured, text, isError: true }
        : { structured, text };
    },
  };
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

/** An operation as a tool. */
export function toolOf(entry: OperationEntry, options: FluxOptions = {}, prefix = ""): Tool {
  const { name, description, input, output, annotations, toolset, scope, task } = entry;
  return defineTool({
    name: prefix + name,
    description,
    input,
    output,
    annotations,
    tags: [toolset],
    scope,
    task,
    async handler(args: unknown, context: ToolContext) {
      const { signal, mayOutlive = false } = context;
      const progress: ToolContext["progress"] = (...said) => context.progress(...said);
      return toolResult(await entry.call(args, openCall({ ...options, signal, progress, mayOutlive })));
    },
  });
}
