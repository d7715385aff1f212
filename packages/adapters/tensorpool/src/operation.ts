import { ParleyError } from "@parley/core";
import type { ToolAnnotations } from "@parley/tool-registry";
import type { z } from "zod";
import { type Call, type CallOptions, type Shared, openCall } from "./call.ts";
import { createProbeCache } from "./cli/capabilities.ts";
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
  /** Whether it may take minutes, and is then a task. */
  readonly long?: boolean | undefined;
  /** Whether it concerns the whole account, which takes an administrator. */
  readonly administered?: boolean | undefined;
  readonly input: Input;
  readonly output: Output;
  /** What a call with these arguments would do; `undefined` when it needs no confirmation. */
  destroys?(args: z.output<Input>): string | undefined;
  run(args: z.output<Input>, call: Call): Promise<z.input<Output>>;
  /** The readable twin of the structured result. */
  say(result: z.output<Output>): string;
}

/** An operation without its types: what a server or a document is generated from. */
export interface OperationEntry {
  readonly name: string;
  readonly description: string;
  readonly toolset: Toolset;
  readonly scope: "read" | "dispatch" | "admin";
  readonly annotations: ToolAnnotations;
  readonly long: boolean;
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

/** Defines an operation once, for the function and the tool. */
export function operation<Input extends z.ZodObject, Output extends z.ZodType>(
  options: OperationOptions<Input, Output>,
): Operation<Input, Output> {
  const run = async (args: unknown, call: Call): Promise<z.output<Output>> => {
    const parsed = parseInput(options, args);
    const destroyed = options.destroys?.(parsed);
    if (destroyed !== undefined && parsed["confirm"] !== true) throw unconfirmed(options.name, destroyed);
    return options.output.parse(await options.run(parsed, call));
  };
  const direct = (args: z.input<Input>, given: CallOptions = {}): Promise<z.output<Output>> =>
    run(args, openCall(given, sharedBy(given)));
  return Object.assign(direct, { entry: entryOf(options, run) });
}

const shared = new WeakMap<CallOptions, Shared>();

/** Calls with one and the same options object ask a `tp` once what it takes. */
function sharedBy(options: CallOptions): Shared {
  const found = shared.get(options) ?? { probes: createProbeCache() };
  shared.set(options, found);
  return found;
}

/** The error of a call that would do more than its caller may have meant. */
export function unconfirmed(name: string, would: string): ParleyError {
  return new ParleyError(
    "E_CONFIRM_REQUIRED",
    `Nothing was done. ${name} ${would} Call it again with confirm: true to go on.`,
  );
}

function entryOf<Input extends z.ZodObject, Output extends z.ZodType>(
  options: OperationOptions<Input, Output>,
  run: (args: unknown, call: Call) => Promise<z.output<Output>>,
): OperationEntry {
  const { effect } = options;
  return {
    name: options.name,
    description: options.description,
    toolset: options.toolset,
    scope: effect === "read" ? "read" : options.administered === true ? "admin" : "dispatch",
    long: options.long ?? false,
    annotations: {
      readOnlyHint: effect === "read",
      destructiveHint: effect === "destroy",
      idempotentHint: options.idempotent ?? effect === "read",
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
