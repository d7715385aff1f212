import { encodeHeader, paramHeaders } from "./headers.ts";
import { isOpen, objects, parse, text } from "./json.ts";
import type { Open } from "./json.ts";
import { readEvents } from "./sse.ts";
import { authorization } from "./token.ts";

/** The revision of MCP this page speaks. */
const revision = "2026-07-28";
const maxAnswerBytes = 32 * 2 ** 20;
const maxPages = 100;
const listTimeoutMs = 30_000;
const callTimeoutMs = 15 * 60_000;
const prefix = "io.modelcontextprotocol/";

let path = document.querySelector<HTMLMetaElement>('meta[name="mcp-path"]')?.content ?? "mcp";

/** Where MCP is, relative to this page, so that a proxy may put a path before both. */
export function endpoint(): URL {
  return new URL(path, document.baseURI);
}

/** Sends what follows to another server of this address. @param next - relative to this page */
export function pointTo(next: string): void {
  path = next;
}

/** One request as MCP has it. */
export interface McpRequest {
  readonly method: string;
  readonly params: Open;
  /** Of the tool that is called: says which arguments travel as headers too. */
  readonly inputSchema?: unknown;
}

/** What a running request tells of its progress. */
export interface Progress {
  readonly progress: number;
  readonly total?: number | undefined;
  readonly message?: string | undefined;
}

export interface CallOptions {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: Progress) => void) | undefined;
  readonly timeoutMs?: number | undefined;
}

/** The server turned a request down. */
export class Refusal extends Error {
  readonly status: number;
  readonly error: Open | undefined;

  constructor(status: number, error: Open | undefined) {
    super(text(error?.["message"]) ?? `The server answered with HTTP ${status}.`);
    this.name = "Refusal";
    this.status = status;
    this.error = error;
  }
}

let lastId = 0;

/** Body and headers of a request, without the token. */
export function frame(
  request: McpRequest,
  withProgress = false,
): { headers: Record<string, string>; body: Open } {
  lastId += 1;
  const { method, params, inputSchema } = request;
  const name = text(params["name"]) ?? text(params["uri"]);
  const headers = {
    "content-type": "application/json",
    accept: "application/json, text/event-stream",
    "mcp-protocol-version": revision,
    "mcp-method": method,
    ...(name === undefined ? {} : { "mcp-name": encodeHeader(name) }),
    ...paramHeaders(inputSchema, params["arguments"]),
  };
  const _meta = {
    [`${prefix}protocolVersion`]: revision,
    [`${prefix}clientInfo`]: { name: "parley-page", version: "0.1.0" },
    [`${prefix}clientCapabilities`]: { elicitation: { form: {}, url: {} } },
    ...(withProgress ? { progressToken: lastId } : {}),
  };
  return { headers, body: { jsonrpc: "2.0", id: lastId, method, params: { ...params, _meta } } };
}

/** Sends one request and waits for its result. @throws Refusal */
export async function call(request: McpRequest, options: CallOptions = {}): Promise<Open> {
  const { onProgress, timeoutMs = callTimeoutMs } = options;
  const { headers, body } = frame(request, onProgress !== undefined);
  const limits = [AbortSignal.timeout(timeoutMs), ...(options.signal ? [options.signal] : [])];
  const response = await fetch(endpoint(), {
    method: "POST",
    headers: { ...headers, ...authorization() },
    body: JSON.stringify(body),
    signal: AbortSignal.any(limits),
    credentials: "omit",
    cache: "no-store",
    redirect: "error",
  });
  const isStream = response.headers.get("content-type")?.startsWith("text/event-stream") === true;
  if (response.ok && isStream && response.body !== null) {
    return await readStream(response.body, { id: body["id"], onProgress });
  }
  return settle(response.status, parseMessage(await readText(response)));
}

interface Reading {
  readonly id: unknown;
  readonly onProgress: CallOptions["onProgress"];
}

async function readStream(body: ReadableStream<Uint8Array>, { id, onProgress }: Reading): Promise<Open> {
  for await (const data of readEvents(body, maxAnswerBytes)) {
    const message = parseMessage(data);
    if (message?.["id"] === id && message?.["method"] === undefined) return settle(200, message);
    const progress =
      message?.["method"] === "notifications/progress" ? progressOf(message["params"]) : undefined;
    if (progress !== undefined) onProgress?.(progress);
  }
  throw new Error("The answer ended before its result.");
}

function progressOf(params: unknown): Progress | undefined {
  if (!isOpen(params) || typeof params["progress"] !== "number") return undefined;
  const total = typeof params["total"] === "number" ? params["total"] : undefined;
  return { progress: params["progress"], total, message: text(params["message"]) };
}

/** Reads an answer of bounded size. */
async function readText(response: Response): Promise<string> {
  const reader = response.body?.getReader();
  const decoder = new TextDecoder();
  const pieces: string[] = [];
  let bytes = 0;
  for (;;) {
    const read = await reader?.read();
    if (read === undefined || read.done) return pieces.join("") + decoder.decode();
    bytes += read.value.byteLength;
    if (bytes > maxAnswerBytes) {
      await reader?.cancel();
      throw new Error("The answer is larger than this page takes.");
    }
    pieces.push(decoder.decode(read.value, { stream: true }));
  }
}

function parseMessage(source: string): Open | undefined {
  try {
    const value = parse(source);
    return isOpen(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function settle(status: number, message: Open | undefined): Open {
  const { result, error } = message ?? {};
  if (isOpen(error)) throw new Refusal(status, error);
  if (!isOpen(result)) throw new Refusal(status, undefined);
  return result;
}

/** Every item of a list, over all its pages. A server that has no such list has no items. */
export async function listAll(method: string, key: string): Promise<readonly Open[]> {
  const found: Open[] = [];
  let cursor: string | undefined;
  for (let page = 0; page < maxPages; page += 1) {
    const params = cursor === undefined ? {} : { cursor };
    try {
      const result = await call({ method, params }, { timeoutMs: listTimeoutMs });
      found.push(...objects(result[key]));
      cursor = text(result["nextCursor"]);
    } catch (error) {
      if (error instanceof Refusal && error.error?.["code"] === -32_601) return found;
      throw error;
    }
    if (cursor === undefined) break;
  }
  return found;
}

/** A JSON document of the server beside MCP. @param path - relative to this page. @throws Refusal */
export async function getJson(path: string): Promise<Open> {
  const response = await fetch(new URL(path, document.baseURI), {
    headers: authorization(),
    signal: AbortSignal.timeout(listTimeoutMs),
    credentials: "omit",
    cache: "no-store",
  });
  const body = parseMessage(await readText(response));
  if (!response.ok) throw new Refusal(response.status, isOpen(body?.["error"]) ? body["error"] : body);
  return body ?? {};
}

/** What the server calls itself. @throws Refusal */
export async function serverName(): Promise<string | undefined> {
  const { _meta } = await call({ method: "server/discover", params: {} }, { timeoutMs: listTimeoutMs });
  const info = isOpen(_meta) ? _meta[`${prefix}serverInfo`] : undefined;
  return isOpen(info) ? (text(info["title"]) ?? text(info["name"])) : undefined;
}
