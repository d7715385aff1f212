import type { ValidateFunction } from "ajv";
import type { Compile } from "./_compiler.ts";
import { argumentError } from "./arguments.ts";
import type { JsonSchema, Tool } from "./definitions.ts";

const selfValidating = new WeakSet<Tool>();

/** Marks a tool whose `call` checks its arguments itself, so that they are not checked twice. */
export function markSelfValidating(tool: Tool): void {
  selfValidating.add(tool);
}

/** Whether a tool checks its arguments itself. */
export function isSelfValidating(tool: Tool): boolean {
  return selfValidating.has(tool);
}

/** Checks a call's arguments against a tool's schema. @throws `E_ARGUMENT_INVALID` */
export async function validateArguments(tool: Tool, args: Readonly<Record<string, unknown>>): Promise<void> {
  if (tool.passThrough === true || selfValidating.has(tool)) return;
  const validate = await validatorOf(tool.inputSchema);
  if (validate === undefined || validate(args)) return;
  throw argumentError(
    `Tool "${tool.name}"`,
    (validate.errors ?? []).map((issue) => ({
      path: issue.instancePath.slice(1).replaceAll("/", "."),
      message: issue.message ?? "does not fit",
    })),
  );
}

const compiled = new WeakMap<JsonSchema, ValidateFunction | false>();
let compiler: Promise<Compile> | undefined;

/** The compiled schema; `undefined` for one that cannot be compiled, whose arguments then pass unchecked. */
async function validatorOf(schema: JsonSchema): Promise<ValidateFunction | undefined> {
  let found = compiled.get(schema);
  if (found === undefined) {
    compiler ??= loadCompiler();
    found = (await compiler)(schema) ?? false;
    compiled.set(schema, found);
  }
  return found === false ? undefined : found;
}

/**
 * ajv is loaded with the first schema: a program that only lists tools does not pay for it. In a module of its own,
 * as a bundler keeps the names of CommonJS packages for a static import alone.
 */
async function loadCompiler(): Promise<Compile> {
  const { createCompiler } = await import("./_compiler.ts");
  return createCompiler();
}
