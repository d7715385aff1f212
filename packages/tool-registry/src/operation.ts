import { ParleyError } from "@parley/core";
import type { z } from "zod";
import type { Tool, ToolAnnotations, ToolContext } from "./definitions.ts";
import { defineTool } from "./define-tool.ts";
import { toolResult } from "./tool-result.ts";

/** How {@link defineOperation} is called. `Call` is what an adapter's operations work with. */
export interface OperationOptions<
  Input extends z.ZodObject,
  Output extends z.ZodType,
  Call,
  Toolset extends string,
> {
  readonly name: string;
  readonly description: string;
  /** The group it is served with. */
  readonly toolset: Toolset;
  /** `write` adds or changes; `destroy` may also take away, and then asks for `confirm: true`. */
  readonly effect: "read" | "write" | "destroy";
  /** Whether doing it twice is doing it once; default true for reads alone. */
  readonly idempotent?: boolean | undefined;
  /** Whether it reaches beyond this machine's own files and programs; default true. */
  readonly openWorld?: boolean | undefined;
  /** Scope a caller needs; default `read` for reads, else `dispatch`. */
  readonly scope?: OperationEntry<Call>["scope"] | undefined;
  /** `optional` for what may take minutes: clients can follow it as an MCP task. */
  readonly task?: Tool["task"];
  readonly input: Input;
  readonly output: Output;
  /** What a call with these arguments destroys, as `would ...`; `undefined` when it needs no confirmation. */
  destroys?(args: z.output<Input>): string | undefined;
  run(args: z.output<Input>, call: Call): Promise<z.input<Output>>;
  /** The readable twin of the structured result. */
  say(result: z.output<Output>): string;
  /** Whether it ran and failed; its result says why. Default never. */
  failed?(result: z.output<Output>): boolean;
}

/** An operation without its types: what a server, a REST face or a document is made from. */
export interface OperationEntry<Call, Toolset extends string = string> {
  readonly name: string;
  readonly description: string;
  readonly toolset: Toolset;
  readonly scope: "read" | "dispatch" | "admin";
  readonly annotations: ToolAnnotations;
  readonly task: Tool["task"];
  readonly input: z.ZodObject;
  readonly output: z.ZodType;
  /** @throws `E_ARGUMENT_INVALID`, `E_CONFIRM_REQUIRED` */
  call(args: unknown, call: Call): Promise<OperationAnswer>;
}

/** What a called operation says. */
export interface OperationAnswer {
  readonly structured: unknown;
  readonly text: string;
  readonly isError?: true;
}

/** An operation, ready to be called with what it works with. */
export interface DefinedOperation<Output extends z.ZodType, Call, Toolset extends string> {
  readonly entry: OperationEntry<Call, Toolset>;
  /** @throws `E_ARGUMENT_INVALID`, `E_CONFIRM_REQUIRED` */
  readonly run: (args: unknown, call: Call) => Promise<z.output<Output>>;
}

/**
 * Defines one action of an adapter, once for the plain function, the tool and the documents. Arguments are checked, what
 * destroys asks for `confirm: true` and says what it would do, and results fit their schema.
 */
export function defineOperation<
  Input extends z.ZodObject,
  Output extends z.ZodType,
  Call,
  Toolset extends string,
>(options: OperationOptions<Input, Output, Call, Toolset>): DefinedOperation<Output, Call, Toolset> {
  const { name, description, toolset, effect, task, input, output } = options;
  const run = async (args: unknown, call: Call): Promise<z.output<Output>> => {
    const parsed = parseInput(name, input, args);
    const destroyed = options.destroys?.(parsed);
    if (destroyed !== undefined && parsed["confirm"] !== true) throw unconfirmed(name, destroyed);
    return output.parse(await options.run(parsed, call));
  };
  const entry: OperationEntry<Call, Toolset> = {
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
    task,
    input,
    output,
    async call(args, call) {
      const structured = await run(args, call);
      const said = { structured, text: options.say(structured) };
      return options.failed?.(structured) === true ? { ...said, isError: true } : said;
    },
  };
  return { entry, run };
}

/** The error of a call that would do more than its caller may have meant. */
export function unconfirmed(name: string, would: string): ParleyError {
  return new ParleyError(
    "E_CONFIRM_REQUIRED",
    `Nothing was done. ${name} ${would} Call it again with confirm: true to go on.`,
  );
}

function parseInput<Input extends z.ZodObject>(name: string, input: Input, args: unknown): z.output<Input> {
  const parsed = input.safeParse(args);
  if (parsed.success) return parsed.data;
  const issues = parsed.error.issues.slice(0, 5).map(({ path, message }) => `${path.join(".")} ${message}`);
  throw new ParleyError(
    "E_ARGUMENT_INVALID",
    `${name} cannot take these arguments: ${issues.join("; ").trim()}`,
  );
}

/** What a call of a tool brings, for {@link OperationToolOptions} `open`. */
export type OperationContext = Pick<ToolContext, "signal" | "progress" | "mayOutlive">;

/** How {@link operationTool} is called. */
export interface OperationToolOptions<Call> {
  readonly prefix?: string | undefined;
  /** The name it is served under, without the prefix; default its own. */
  readonly name?: string | undefined;
  /** Whether what may take minutes is offered as a task; default true. */
  readonly tasks?: boolean | undefined;
  readonly open: (context: OperationContext) => Call;
}

/** An operation as a tool. */
export function operationTool<Call>(
  entry: OperationEntry<Call>,
  { prefix = "", name = entry.name, tasks = true, open }: OperationToolOptions<Call>,
): Tool {
  const { description, input, output, annotations, toolset, scope, task } = entry;
  return defineTool({
    name: prefix + name,
    description: name === entry.name ? description : `${description} The same as ${prefix}${entry.name}.`,
    input,
    output,
    annotations,
    tags: [toolset],
    scope,
    ...(task === undefined || !tasks ? {} : { task }),
    async handler(args: unknown, context: ToolContext) {
      const { signal, mayOutlive } = context;
      const progress: ToolContext["progress"] = (...said) => context.progress(...said);
      return toolResult(await entry.call(args, open({ signal, mayOutlive, progress })));
    },
  });
}

/** Which operations of an adapter are wanted. */
export interface OperationChoice {
  /** Groups, when no names are given. */
  readonly toolsets: readonly string[];
  /** Names of single ones instead of whole groups. */
  readonly tools?: readonly string[] | undefined;
}

/**
 * The names of the operations that are wanted, in no order.
 * @param known - the adapter's groups and, for each operation, all names it has
 * @throws `E_CONFIG_INVALID` for a name or group there is not
 */
export function chooseOperations(
  { toolsets, tools }: OperationChoice,
  known: {
    readonly toolsets: readonly string[];
    readonly operations: readonly { readonly toolset: string; readonly names: readonly string[] }[];
  },
): ReadonlySet<string> {
  const { operations } = known;
  if (tools !== undefined) {
    checkKnown(
      "tool",
      tools,
      operations.flatMap(({ names }) => names),
    );
    return new Set(tools);
  }
  checkKnown("toolset", toolsets, known.toolsets);
  return new Set(operations.flatMap(({ toolset, names }) => (toolsets.includes(toolset) ? names : [])));
}

function checkKnown(what: string, given: readonly string[], known: readonly string[]): void {
  const unknown = given.filter((name) => !known.includes(name));
  if (unknown.length === 0) return;
  throw new ParleyError(
    "E_CONFIG_INVALID",
    `There is no ${what} ${unknown.join(", ")}; there are ${known.join(", ")}.`,
  );
}
