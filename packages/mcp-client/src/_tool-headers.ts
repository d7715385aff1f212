import { isObject } from "./_messages.ts";
import type { JsonObject } from "./json.ts";

interface Declaration {
  readonly path: readonly string[];
  readonly header: string;
}

const key = "x-mcp-header";
const token = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
/** Keywords whose content is data and no schema. */
const values: ReadonlySet<string> = new Set([key, "const", "enum", "default", "examples"]);
const types: ReadonlySet<unknown> = new Set(["string", "integer", "boolean"]);
/** A schema nested deeper is not looked into, and a header below is not found. */
const maxDepth = 64;

/** A header value for any text (SEP-2243): plain ASCII as it is, all else in Base64 between markers. */
export function encodeHeader(text: string): string {
  const plain = /^[\x21-\x7e](?:[\t\x20-\x7e]*[\x21-\x7e])?$/.test(text);
  if (plain && !(text.startsWith("=?base64?") && text.endsWith("?="))) return text;
  return `=?base64?${Buffer.from(text).toString("base64")}?=`;
}

/** What a walk through a schema found. */
interface Scan {
  readonly declarations: Declaration[];
  /** How deep the walk is at the moment. */
  depth: number;
  /** Why the tool may not be used. */
  fault?: string;
}

function readDeclaration(schema: JsonObject, path: readonly string[] | undefined, scan: Scan): void {
  const header = schema[key];
  if (!path || path.length === 0) scan.fault = "stands where no header may be taken from";
  else if (typeof header !== "string" || !token.test(header)) scan.fault = "is no header name";
  else if (!types.has(schema["type"])) scan.fault = "is on a value that is no string, integer or boolean";
  else if (scan.declarations.some((other) => other.header.toLowerCase() === header.toLowerCase()))
    scan.fault = "occurs twice with one name";
  else scan.declarations.push({ path, header });
}

/** Walks a schema; a header is allowed on a primitive that a chain of `properties` reaches, and nowhere else. */
function walk(schema: unknown, path: readonly string[] | undefined, scan: Scan): void {
  if (scan.depth >= maxDepth || scan.fault !== undefined) return;
  scan.depth += 1;
  visit(schema, path, scan);
  scan.depth -= 1;
}

function visit(schema: unknown, path: readonly string[] | undefined, scan: Scan): void {
  if (Array.isArray(schema)) for (const each of schema) walk(each, undefined, scan);
  if (!isObject(schema)) return;
  if (Object.hasOwn(schema, key)) readDeclaration(schema, path, scan);
  for (const [name, child] of Object.entries(schema)) {
    if (values.has(name)) continue;
    if (name !== "properties" || !isObject(child)) {
      walk(child, undefined, scan);
      continue;
    }
    for (const [property, sub] of Object.entries(child)) {
      walk(sub, path && [...path, property], scan);
    }
  }
}

function valueAt(args: unknown, path: readonly string[]): string | undefined {
  let value: unknown = args;
  for (const name of path) value = isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined;
  if (typeof value === "string" || typeof value === "boolean") return String(value);
  return typeof value === "number" && Number.isSafeInteger(value) ? String(value) : undefined;
}

/** What tools want repeated in headers (SEP-2243), as their definitions say. */
export interface ToolHeaders {
  /** The page without the tools whose declaration is invalid, which may not be used over HTTP. */
  learn(page: JsonObject): JsonObject;
  /** The headers of a call. */
  headersFor(tool: unknown, args: unknown): Record<string, string>;
}

/** Knows nothing until a list of tools is read. */
export function createToolHeaders(warn: (message: string) => void): ToolHeaders {
  const known = new Map<string, readonly Declaration[]>();

  const isUsable = (tool: unknown): boolean => {
    if (!isObject(tool) || typeof tool["name"] !== "string") return true;
    const scan: Scan = { declarations: [], depth: 0 };
    walk(tool["inputSchema"], [], scan);
    known.delete(tool["name"]);
    if (scan.fault !== undefined) {
      warn(`Tool ${tool["name"].slice(0, 128)} is left out: its ${key} ${scan.fault}.`);
      return false;
    }
    if (scan.declarations.length > 0) known.set(tool["name"], scan.declarations);
    return true;
  };

  return {
    learn(page) {
      const tools = page["tools"];
      if (!Array.isArray(tools)) return page;
      const usable = tools.filter(isUsable);
      return usable.length === tools.length ? page : { ...page, tools: usable };
    },
    headersFor(tool, args) {
      const declarations = typeof tool === "string" ? known.get(tool) : undefined;
      const headers: Record<string, string> = {};
      for (const { path, header } of declarations ?? []) {
        const value = valueAt(args, path);
        if (value !== undefined) headers[`mcp-param-${header.toLowerCase()}`] = encodeHeader(value);
      }
      return headers;
    },
  };
}
