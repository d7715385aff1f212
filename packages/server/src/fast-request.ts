import type { IncomingHttpHeaders } from "node:http";
import {
  CLIENT_CAPABILITIES_META_KEY,
  CLIENT_INFO_META_KEY,
  isSpecType,
  PROTOCOL_VERSION_META_KEY,
} from "@modelcontextprotocol/server";

/** A request the thin path answers itself. */
export type FastRequest =
  | { readonly method: "tools/list"; readonly id: string | number }
  | {
      readonly method: "tools/call";
      readonly id: string | number;
      readonly name: string;
      readonly args: Record<string, unknown> | undefined;
      readonly _meta: Record<string, unknown> | undefined;
    };

/** The revision whose requests stand alone. */
const modernRevision = "2026-07-28";

type Headers = Readonly<IncomingHttpHeaders>;
type Open = Readonly<Record<string, unknown>>;

/**
 * Recognises the two requests a busy server sees most, in the form the 2026-07-28 revision asks for. Anything
 * else, faulty requests included, is `undefined` and the SDK's to answer: this path refuses nothing.
 */
export function readFastRequest(headers: Headers, body: unknown): FastRequest | undefined {
  if (!acceptsJson(headers) || headers["mcp-protocol-version"] !== modernRevision) return undefined;
  if (!isOpen(body) || !hasOnly(body, requestKeys) || body["jsonrpc"] !== "2.0") return undefined;
  const { id, method, params } = body;
  if (!isId(id) || headers["mcp-method"] !== method || !isOpen(params)) return undefined;
  const meta = readMeta(params["_meta"]);
  if (meta === undefined) return undefined;
  if (method === "tools/list") return hasOnly(params, listKeys) ? { method, id } : undefined;
  return method === "tools/call" ? readCall(id, params, { headers, _meta: meta.rest }) : undefined;
}

interface CallFrame {
  readonly headers: Headers;
  readonly _meta: Record<string, unknown> | undefined;
}

function readCall(id: string | number, params: Open, { headers, _meta }: CallFrame): FastRequest | undefined {
  const { name, arguments: args } = params;
  if (!hasOnly(params, callKeys)) return undefined;
  if (typeof name !== "string" || headers["mcp-name"] !== name) return undefined;
  return args === undefined || isOpen(args) ? { method: "tools/call", id, name, args, _meta } : undefined;
}

function isId(id: unknown): id is string | number {
  return typeof id === "string" || Number.isSafeInteger(id);
}

const requestKeys = new Set(["jsonrpc", "id", "method", "params"]);
const listKeys = new Set(["_meta"]);
const callKeys = new Set(["_meta", "name", "arguments"]);

function acceptsJson(headers: Headers): boolean {
  return /application\/json|\*\/\*/.test(headers.accept ?? "");
}

/** The envelope's check, and what is left of `_meta` for the tool. Progress and log levels need a stream. */
function readMeta(meta: unknown): { readonly rest: Record<string, unknown> | undefined } | undefined {
  if (!isOpen(meta) || meta[PROTOCOL_VERSION_META_KEY] !== modernRevision) return undefined;
  if (!isPlainCapabilities(meta[CLIENT_CAPABILITIES_META_KEY])) return undefined;
  let rest: Record<string, unknown> | undefined;
  for (const key in meta) {
    if (key === PROTOCOL_VERSION_META_KEY || key === CLIENT_CAPABILITIES_META_KEY) continue;
    if (key === CLIENT_INFO_META_KEY) {
      if (!isPlainClientInfo(meta[key])) return undefined;
    } else if (key === "progressToken" || key.startsWith("io.modelcontextprotocol/")) {
      return undefined;
    } else {
      rest ??= {};
      rest[key] = meta[key];
    }
  }
  return { rest };
}

function isPlainCapabilities(value: unknown): boolean {
  if (!isOpen(value)) return false;
  for (const _key in value) return isSpecType.ClientCapabilities(value);
  return true;
}

const clientInfoKeys = new Set(["name", "version", "title"]);

function isPlainClientInfo(value: unknown): boolean {
  if (!isOpen(value) || !hasOnly(value, clientInfoKeys)) return false;
  return (
    Object.values(value).every((field) => typeof field === "string") && "name" in value && "version" in value
  );
}

function isOpen(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function hasOnly(value: Open, keys: ReadonlySet<string>): boolean {
  for (const key in value) if (!keys.has(key)) return false;
  return true;
}
