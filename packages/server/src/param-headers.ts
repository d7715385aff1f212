import type { IncomingHttpHeaders } from "node:http";
import type { JsonSchema, Tool } from "@parley/tool-registry";
import { isOpen } from "./is-open.ts";

/** An argument that also travels as a header, so that a balancer can route by it (`x-mcp-header` in its schema). */
interface ParamHeader {
  readonly path: readonly string[];
  readonly header: string;
  readonly numeric: boolean;
}

/** JSON-RPC code for a header that says something else than the body. */
export const headerMismatchCode = -32_020;

const declared = new WeakMap<JsonSchema, readonly ParamHeader[]>();

/**
 * Says how the headers of a call contradict its arguments; `undefined` when they agree. A declared argument that is
 * present must come as its `Mcp-Param-*` header too.
 */
export function paramHeaderProblem(
  tool: Tool,
  args: unknown,
  headers: IncomingHttpHeaders,
): string | undefined {
  let found = declared.get(tool.inputSchema);
  if (found === undefined) {
    found = readDeclarations(tool.inputSchema, []);
    declared.set(tool.inputSchema, found);
  }
  for (const param of found) {
    const problem = problemOf(param, args, headers);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

function problemOf(param: ParamHeader, args: unknown, headers: IncomingHttpHeaders): string | undefined {
  const value = valueAt(args, param.path);
  if (typeof value !== "string" && typeof value !== "number" && typeof value !== "boolean") return undefined;
  const name = `Mcp-Param-${param.header}`;
  const sent = headers[name.toLowerCase()];
  if (typeof sent !== "string")
    return `the argument ${param.path.join(".")} is sent but its header ${name} is not`;
  const said = decode(sent.trim());
  if (said === undefined) return `the header ${name} is no valid Base64`;
  const agrees = said === String(value) || (param.numeric && said !== "" && Number(said) === value);
  return agrees ? undefined : `the header ${name} differs from the argument ${param.path.join(".")}`;
}

/** Declarations count where `properties` alone lead to them; deeper ones make no header. */
function readDeclarations(schema: unknown, path: readonly string[]): readonly ParamHeader[] {
  if (!isOpen(schema)) return [];
  const header = schema["x-mcp-header"];
  const here =
    typeof header === "string" && /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/.test(header) && path.length > 0
      ? [{ path, header, numeric: schema["type"] === "integer" || schema["type"] === "number" }]
      : [];
  const properties = isOpen(schema["properties"]) ? Object.entries(schema["properties"]) : [];
  return [...here, ...properties.flatMap(([name, property]) => readDeclarations(property, [...path, name]))];
}

function valueAt(args: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (at, name) => (isOpen(at) && Object.hasOwn(at, name) ? at[name] : undefined),
    args,
  );
}

/** Values that a header cannot hold come as `=?base64?...?=`. */
function decode(value: string): string | undefined {
  if (!value.startsWith("=?base64?") || !value.endsWith("?=")) return value;
  const text = value.slice("=?base64?".length, -"?=".length);
  const bytes = Buffer.from(text, "base64");
  if (bytes.toString("base64") !== text) return undefined;
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
