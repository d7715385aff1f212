import { ParleyError } from "@parley/core";
import { type Tool, type ToolAnnotations, defineTool, toolResult } from "@parley/tool-registry";
import type { z } from "zod";
import { type Call, type CallOptions, openCall } from "./call.ts";
import type { HpcOptions } from "./options.ts";
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
  /** Whether it reaches beyond this machine's own files and programs; default true. */
  readonly openWorld?: boolean | undefined;
  /** Scope a caller needs; default `read` for reads, else `dispatch`. */
  readonly scope?: OperationEntry["scope"] | undefined;
  /** `optional` for what may take minutes: clients can follow it as an MCP task. */
  readonly task?: Tool["task"];
  readonly input: Input;
  readonly output: Output;
  /** What a call with these arguments destroys, as `would ...`; `undefined` when it needs no confirmation. */
  destroys?(args: z.output<Input>): string | undefined;
  run(args: z.output<Input>, call: Call): Promise<z.input<Output>>;
  /** The readable twin of the structured result. */
  say(result: z.output<Output>): string;
}

/** An operation without its types: what tools and documents are made from. */
export interface OperationEntry {
  readonly name: string;
  readonly description: string;
  readonly toolset: Toolset;
  readonly scope: "read" | "dispatch" | "admin";
  readonly annotations: ToolAnnotations;
  readonly task?: Tool["task"];
  readonly input: z.ZodObject;
  readonly output: z.ZodType;
  /** @throws `E_ARGUMENT_INVALID`, `E_CONFIRM_REQUIRED` */
  call(args: unknown, call: Call): Promise<{ structured: unknown; text: string }>;
}

/** An operation: a function that applies its defaults, with its definition beside it. */
export interface Operation<Input extends z.ZodObject, Output extends z.ZodType> {
  (args: z.input<Input>, options?: CallOptions): Promise<z.output<Output>>;
  readonly entry: OperationEntry;
  /** The tool of this name, for a server that loads it alone. */
  toTool(options?: HpcOptions): Tool;
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
  const entry = entryOf(options, run);
  return Object.assign(direct, { entry, toTool: (options: HpcOptions = {}) => asTool(entry, { options }) });
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
    scope: options.scope ?? (effect === "read" ? "read" : "dispatch"),
    annotations: {
      readOnlyHint: effect === "read",
      destructiveHint: effect === "destroy",
      idempotentHint: options.idempotent ?? effect === "read",
      openWorldHint: options.openWorld ?? true,
    },
    ...(task === undefined ? {} : { task }),
    input,
    output,
    async call(args, call) {
      const structured = await run(args, call);
      return { structured, text: options.say(structured) };
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

/** How {@link asTool} makes a tool of an operation. */
export interface ToolForm {
  readonly prefix?: string | undefined;
  readonly options?: HpcOptions | undefined;
  /** What calls keep between them; default a place of this tool's own. */
  readonly kept?: Map<string, unknown> | undefined;
}

/** An operation as a tool. */
export function asTool(entry: OperationEntry, form: ToolForm = {}): Tool {
  const { prefix = "", options = {}, kept = new Map<string, unknown>() } = form;
  return defineTool({
    name: prefix + entry.name,
    description: entry.description,
    input: entry.input,
    output: entry.output,
    annotations: entry.annotations,
    tags: [entry.toolset],
    scope: entry.scope,
    ...(entry.task === undefined ? {} : { task: entry.task }),
    async handler(args: unknown, context) {
      const { signal } = context;
      const mayOutlive = context.mayOutlive ?? false;
      const call = openCall(
        { ...options, signal, mayOutlive, progress: (...said) => context.progress(...said) },
        kept,
      );
      return toolResult(await entry.call(args, call));
    },
  });
}
