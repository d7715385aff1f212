import type { IncomingHttpHeaders } from "node:http";
import type { ClientCapabilities } from "@modelcontextprotocol/server";
import { modernRevision } from "./eras.ts";
import { isOpen } from "./is-open.ts";
import { clientCapabilitiesKey, clientInfoKey, protocolVersionKey } from "./protocol-words.ts";
import { loadedSdk } from "./sdk.ts";

/** A request the thin path answers itself. */
export type FastRequest =
  | { readonly method: "tools/list"; readonly id: string | number }
  | {
      readonly method: "tools/call";
      readonly id: string | number;
      readonly name: string;
      readonly args: Record<string, unknown> | undefined;
      readonly _meta: Record<string, unknown> | undefined;
      readonly capabilities: ClientCapabilities;
    };

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
  return method === "tools/call" ? readCall(id, params, { headers, meta }) : undefined;
}

interface CallFrame {
  readonly headers: Headers;
  readonly meta: FastMeta;
}

function readCall(id: string | number, params: Open, { headers, meta }: CallFrame): FastRequest | undefined {
  const { name, arguments: args } = params;
  if (!hasOnly(params, callKeys)) return undefined;
  if (typeof name !== "string" || headers["mcp-name"] !== name) return undefined;
  if (args !== undefined && !isOpen(args)) return undefined;
  return { method: "tools/call", id, name, args, _meta: meta.rest, capabilities: meta.capabilities };
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

interface FastMeta {
  readonly rest: Record<string, unknown> | undefined;
  readonly capabilities: ClientCapabilities;
}

/** The envelope's check, and what is left of `_meta` for the tool. Progress and log levels need a stream. */
function readMeta(meta: unknown): FastMeta | undefined {
  if (!isOpen(meta) || meta[protocolVersionKey] !== modernRevision) return undefined;
  const capabilities = meta[clientCapabilitiesKey];
  if (!isPlainCapabilities(capabilities)) return undefined;
  let rest: Record<string, unknown> | undefined;
  for (const key in meta) {
    if (key === protocolVersionKey || key === clientCapabilitiesKey) continue;
    if (key === clientInfoKey) {
      if (!isPlainClientInfo(meta[key])) return undefined;
    } else if (key === "progressToken" || key.startsWith("io.modelcontextprotocol/")) {
      return undefined;
    } else {
      rest ??= {};
      rest[key] = meta[key];
    }
  }
  return { rest, capabilities };
}

/** Those of a client that declares any are read by the SDK's schema; a request that comes before it is loaded is the SDK's. */
function isPlainCapabilities(value: unknown): value is ClientCapabilities {
  if (!isOpen(value)) return false;
  for (const _key in value) return loadedSdk()?.isSpecType.ClientCapabilities(value) ?? false;
  return true;
}

const clientInfoKeys = new Set(["name", "version", "title"]);

function isPlainClientInfo(value: unknown): boolean {
  if (!isOpen(value) || !hasOnly(value, clientInfoKeys)) return false;
  return (
    Object.values(value).every((field) => typeof field === "string") && "name" in value && "version" in value
  );
}

function hasOnly(value: Open, keys: ReadonlySet<string>): boolean {
  for (const key in value) if (!keys.has(key)) return false;
  return true;
}
