import type { IncomingHttpHeaders } from "node:http";
import { isOpen } from "./is-open.ts";

/** A request inside a 2025-era session that can be answered without the SDK. */
export type SessionRequest =
  | { readonly method: "tools/list"; readonly id: string | number }
  | {
      readonly method: "tools/call";
      readonly id: string | number;
      readonly name: string;
      readonly args: Record<string, unknown> | undefined;
      readonly _meta: Record<string, unknown> | undefined;
    };

type Open = Readonly<Record<string, unknown>>;

/** Revisions with sessions; the SDK refuses others. */
const revisions: ReadonlySet<unknown> = new Set([undefined, "2025-03-26", "2025-06-18", "2025-11-25"]);
const requestKeys = new Set(["jsonrpc", "id", "method", "params"]);
const listKeys = new Set(["_meta"]);
const callKeys = new Set(["_meta", "name", "arguments"]);

/** Recognises the requests a session sees most, in their usual form. Anything else is `undefined` and the SDK's to answer. */
export function readSessionRequest(
  headers: Readonly<IncomingHttpHeaders>,
  body: unknown,
): SessionRequest | undefined {
  if (!acceptsBoth(headers.accept) || !revisions.has(headers["mcp-protocol-version"])) return undefined;
  if (!isOpen(body) || !hasOnly(body, requestKeys) || body["jsonrpc"] !== "2.0") return undefined;
  const { id, method, params } = body;
  if (typeof id !== "string" && !Number.isSafeInteger(id)) return undefined;
  // `Number.isSafeInteger` narrows nothing.
  const known = id as string | number;
  if (method === "tools/list") {
    return params === undefined ||
      (isOpen(params) && hasOnly(params, listKeys) && isPlainMeta(params["_meta"]))
      ? { method, id: known }
      : undefined;
  }
  return method === "tools/call" && isOpen(params) ? readCall(known, params) : undefined;
}

function readCall(id: string | number, params: Open): SessionRequest | undefined {
  const { name, arguments: args, _meta } = params;
  if (!hasOnly(params, callKeys) || typeof name !== "string" || !isPlainMeta(_meta)) return undefined;
  if (args !== undefined && !isOpen(args)) return undefined;
  return { method: "tools/call", id, name, args, _meta };
}

/** Without what ties the request to something else of the protocol, such as a task. */
function isPlainMeta(meta: unknown): meta is Record<string, unknown> | undefined {
  if (meta === undefined) return true;
  if (!isOpen(meta)) return false;
  const { progressToken } = meta;
  if (
    progressToken !== undefined &&
    typeof progressToken !== "string" &&
    !Number.isSafeInteger(progressToken)
  )
    return false;
  for (const key in meta) if (key.startsWith("io.modelcontextprotocol/")) return false;
  return true;
}

/** The 2025 revisions ask for both, since either may come. */
function acceptsBoth(accept = ""): boolean {
  return accept.includes("application/json") && accept.includes("text/event-stream");
}

function hasOnly(value: Open, keys: ReadonlySet<string>): boolean {
  for (const key in value) if (!keys.has(key)) return false;
  return true;
}
