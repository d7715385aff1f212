import type { IncomingHttpHeaders } from "node:http";
import { request } from "undici";
import type { Dispatcher } from "undici";
import type { Deadline } from "./_deadline.ts";
import { protocolError, rpcError, statusError, unreachable } from "./_errors.ts";
import type { RpcError } from "./_errors.ts";
import { errorOf, isObject, parseObject, progressOf } from "./_messages.ts";
import type { Peer } from "./_peer.ts";
import { createEventReader } from "./_sse.ts";
import type { JsonObject, McpProgress } from "./options.ts";

/** The revision the modern path speaks. */
export const modernVersion = "2026-07-28";

const metaPrefix = "io.modelcontextprotocol/";

/** Where `Mcp-Name` comes from (SEP-2243). */
const nameSources: Readonly<Record<string, string>> = {
  "tools/call": "name",
  "prompts/get": "name",
  "resources/read": "uri",
};

/** A request of either era. */
export interface McpRequest {
  readonly method: string;
  readonly params: JsonObject;
  readonly deadline: Deadline;
  readonly onProgress?: ((progress: McpProgress) => void) | undefined;
}

/** What a modern peer made of a request. */
export type ModernAnswer =
  | { readonly kind: "result"; readonly result: JsonObject }
  | { readonly kind: "error"; readonly status: number; readonly error: RpcError | undefined };

/** A header value for any text (SEP-2243): plain ASCII as it is, all else in Base64 between markers. */
function encodeHeader(text: string): string {
  const plain = /^[\x21-\x7e](?:[\t\x20-\x7e]*[\x21-\x7e])?$/.test(text);
  if (plain && !(text.startsWith("=?base64?") && text.endsWith("?="))) return text;
  return `=?base64?${Buffer.from(text).toString("base64")}?=`;
}

function requestHeaders(peer: Peer, method: string, params: JsonObject): Record<string, string> {
  const headers = peer.headers();
  headers["content-type"] = "application/json";
  headers["accept"] = "application/json, text/event-stream";
  headers["mcp-protocol-version"] = modernVersion;
  headers["mcp-method"] = method;
  const name = params[nameSources[method] ?? ""];
  if (typeof name === "string") headers["mcp-name"] = encodeHeader(name);
  return headers;
}

async function* bounded(peer: Peer, body: Dispatcher.ResponseData["body"]): AsyncGenerator<Uint8Array> {
  let bytes = 0;
  for await (const piece of body) {
    const chunk: unknown = piece;
    if (!(chunk instanceof Uint8Array)) continue;
    bytes += chunk.byteLength;
    if (bytes > peer.maxBytes) throw protocolError(peer, `answered with more than ${peer.maxBytes} bytes`);
    yield chunk;
  }
}

async function readText(peer: Peer, { headers, body }: Dispatcher.ResponseData): Promise<string> {
  const length = Number(headers["content-length"]);
  if (length > peer.maxBytes) throw protocolError(peer, `answered with more than ${peer.maxBytes} bytes`);
  if (length >= 0) return await body.text();
  const chunks: Uint8Array[] = [];
  for await (const chunk of bounded(peer, body)) chunks.push(chunk);
  return Buffer.concat(chunks).toString("utf8");
}

interface Exchange extends McpRequest {
  readonly id: number;
}

async function readEvents(
  peer: Peer,
  body: Dispatcher.ResponseData["body"],
  exchange: Exchange,
): Promise<JsonObject> {
  const reader = createEventReader();
  for await (const chunk of bounded(peer, body)) {
    for (const event of reader.push(chunk)) {
      const message = parseObject(event);
      if (!message) throw protocolError(peer, "sent an event that is no JSON object");
      if (message["id"] === exchange.id && message["method"] === undefined) return message;
      const progress = exchange.onProgress && progressOf(message, exchange.id);
      if (!progress) continue;
      exchange.deadline.extend();
      exchange.onProgress?.(progress);
    }
  }
  throw protocolError(peer, `ended its answer to ${exchange.method} before the result`);
}

const mediaType = (headers: IncomingHttpHeaders): string =>
  (headers["content-type"] ?? "").split(";", 1)[0]?.trim().toLowerCase() ?? "";

async function readAnswer(
  peer: Peer,
  response: Dispatcher.ResponseData,
  exchange: Exchange,
): Promise<ModernAnswer> {
  const { statusCode: status, headers } = response;
  const location = headers["location"];
  const refusal = statusError(peer, status, typeof location === "string" ? location : "");
  if (refusal) throw refusal;
  const ok = status >= 200 && status < 300;
  if (ok && mediaType(headers) === "text/event-stream") {
    return readMessage(peer, await readEvents(peer, response.body, exchange), status);
  }
  const text = await readText(peer, response);
  const message = parseObject(text);
  if (!message && ok)
    throw protocolError(peer, `answered ${exchange.method} with something that is no JSON object`);
  if (!ok) return { kind: "error", status, error: errorOf(message) };
  const id = message?.["id"];
  if (id !== undefined && id !== null && id !== exchange.id) {
    throw protocolError(peer, `answered ${exchange.method} under another request's id`);
  }
  return readMessage(peer, message ?? {}, status);
}

function readMessage(peer: Peer, message: JsonObject, status: number): ModernAnswer {
  const error = errorOf(message);
  if (error) return { kind: "error", status, error };
  const result = message["result"];
  if (!isObject(result)) throw protocolError(peer, "sent an answer with neither result nor error");
  return { kind: "result", result };
}

/** The error for a modern answer that is none of a result. */
export function answerError(
  peer: Peer,
  what: string,
  { status, error }: Extract<ModernAnswer, { kind: "error" }>,
): Error {
  if (error) return rpcError(peer, what, error);
  const hint = status === 404 || status === 405 ? ": is the path right (usually /mcp)" : "";
  return protocolError(peer, `answered ${what} with HTTP ${status}${hint}`, { status });
}

/** Sends requests of the 2026-07-28 revision: one POST each, no session, no handshake. */
export function createModern(peer: Peer): (request: McpRequest) => Promise<ModernAnswer> {
  let lastId = 0;
  const meta = {
    [`${metaPrefix}protocolVersion`]: modernVersion,
    [`${metaPrefix}clientInfo`]: peer.identity,
    [`${metaPrefix}clientCapabilities`]: {},
  };

  return async (call) => {
    const id = (lastId += 1);
    const { method, deadline } = call;
    const given = isObject(call.params["_meta"]) ? { ...call.params["_meta"], ...meta } : meta;
    const _meta = call.onProgress ? { ...given, progressToken: id } : given;
    const headers = requestHeaders(peer, method, call.params);
    let response: Dispatcher.ResponseData | undefined;
    try {
      response = await request(peer.url, {
        method: "POST",
        headers,
        body: JSON.stringify({ jsonrpc: "2.0", id, method, params: { ...call.params, _meta } }),
        dispatcher: peer.dispatcher,
        signal: deadline.signal,
        headersTimeout: 0,
        bodyTimeout: 0,
      });
      return await readAnswer(peer, response, { ...call, id });
    } catch (error) {
      throw deadline.reason() ?? unreachable(peer, error);
    } finally {
      if (response && !response.body.readableEnded) response.body.on("error", () => {}).destroy();
    }
  };
}
