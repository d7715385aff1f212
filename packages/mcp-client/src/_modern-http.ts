import { joined } from "@parley/core";
import type { Deadline } from "./_deadline.ts";
import { protocolError, rpcError, unreachable } from "./_errors.ts";
import { discard, exchange, mediaType, readEvents, readText, refusalOf } from "./_http.ts";
import type { HttpAnswer } from "./_http.ts";
import type { HttpPeer } from "./_http-peer.ts";
import { listenRequest } from "./_listen.ts";
import { EraDoubt } from "./_link.ts";
import type { Inbound, Link, McpRequest } from "./_link.ts";
import { errorOf, isObject, paramsOf, parseObject, progressOf } from "./_messages.ts";
import { createMeta, headerMismatch, modernVersion, unsupportedVersion } from "./_modern.ts";
import type { ModernAnswer } from "./_modern.ts";
import { collectPages } from "./_pages.ts";
import { createToolHeaders, encodeHeader } from "./_tool-headers.ts";
import type { JsonObject } from "./json.ts";

/** Where `Mcp-Name` comes from (SEP-2243). */
const nameSources: Readonly<Record<string, string>> = {
  "tools/call": "name",
  "prompts/get": "name",
  "resources/read": "uri",
  "tasks/get": "taskId",
  "tasks/update": "taskId",
  "tasks/cancel": "taskId",
};

/** Errors a modern peer answers with status 4xx; others come from something else at that address. */
const modernErrors: ReadonlySet<number> = new Set([
  headerMismatch,
  -32_021,
  -32_042,
  -32_002,
  -32_601,
  -32_602,
  -32_603,
]);

function headersOf(
  { method, params }: McpRequest,
  extra: Record<string, string> | undefined,
): Record<string, string> {
  const headers: Record<string, string> = {
    "content-type": "application/json",
    accept: "application/json, text/event-stream",
    "mcp-protocol-version": modernVersion,
    "mcp-method": method,
  };
  const name = params[nameSources[method] ?? ""];
  if (typeof name === "string") headers["mcp-name"] = encodeHeader(name);
  return Object.assign(headers, extra);
}

function readMessage(peer: HttpPeer, message: JsonObject, status: number): ModernAnswer {
  const error = errorOf(message);
  if (error) return { kind: "error", status, error };
  const result = message["result"];
  if (!isObject(result)) throw protocolError(peer, "sent an answer with neither result nor error");
  return { kind: "result", result };
}

/** One POST: its id, and what the answer needs beside the request. */
interface Exchange {
  readonly id: number;
  readonly meta: JsonObject;
  readonly headers: Record<string, string>;
  /** Gets what comes before the result. */
  readonly hear: (message: JsonObject) => void;
}

/** Sends one POST and reads its answer. */
async function ask(peer: HttpPeer, request: McpRequest, exchanged: Exchange): Promise<ModernAnswer> {
  const { method, params, deadline } = request;
  const { id, meta, headers, hear } = exchanged;
  const body = JSON.stringify({ jsonrpc: "2.0", id, method, params: joined(params, { _meta: meta }) });
  const { ending, aside } = deadline;
  let answer: HttpAnswer | undefined;
  try {
    answer = await exchange(peer, { verb: "POST", headers, body, ending, aside });
    const refusal = refusalOf(peer, answer);
    if (refusal) throw refusal;
    return await readAnswer(peer, answer, { id, method, hear });
  } catch (error) {
    throw deadline.reason() ?? unreachable(peer, error);
  } finally {
    discard(answer);
  }
}

interface Reading {
  readonly id: number;
  readonly method: string;
  readonly hear: (message: JsonObject) => void;
}

async function readStream(
  peer: HttpPeer,
  answer: HttpAnswer,
  { id, method, hear }: Reading,
): Promise<JsonObject> {
  for await (const { data } of readEvents(peer, answer)) {
    if (data === "") continue;
    const message = parseObject(data);
    if (!message) throw protocolError(peer, "sent an event that is no JSON object");
    if (message["id"] === id && message["method"] === undefined) return message;
    hear(message);
  }
  throw protocolError(peer, `ended its answer to ${method} before the result`);
}

async function readAnswer(peer: HttpPeer, answer: HttpAnswer, reading: Reading): Promise<ModernAnswer> {
  const { statusCode: status } = answer;
  const { id, method } = reading;
  const ok = status >= 200 && status < 300;
  if (ok && mediaType(answer) === "text/event-stream")
    return readMessage(peer, await readStream(peer, answer, reading), status);
  const message = parseObject(await readText(peer, answer));
  if (!message && ok) throw protocolError(peer, `answered ${method} with something that is no JSON object`);
  if (!ok) return { kind: "error", status, error: errorOf(message) };
  const answered = message?.["id"];
  if (answered !== undefined && answered !== null && answered !== id) {
    throw protocolError(peer, `answered ${method} under another request's id`);
  }
  return readMessage(peer, message ?? {}, status);
}

/** The error for a modern answer that is none of a result. */
export function answerError(
  peer: HttpPeer,
  what: string,
  { status, error }: Extract<ModernAnswer, { kind: "error" }>,
): Error {
  if (error) return rpcError(peer, what, error);
  const hint = status === 404 || status === 405 ? ": is the path right (usually /mcp)" : "";
  return protocolError(peer, `answered ${what} with HTTP ${status}${hint}`, { status });
}

function isDoubtful({ status, error }: Extract<ModernAnswer, { kind: "error" }>): boolean {
  return [400, 404, 405, 406].includes(status) && !modernErrors.has(error?.code ?? 0);
}

/** Brings a message that came before the result to whoever it is for. */
function hearOne(
  inbound: Inbound,
  request: McpRequest,
  { id, message }: { readonly id: number; readonly message: JsonObject },
): void {
  const { method } = message;
  const { call, deadline } = request;
  const progress = progressOf(message);
  if (progress === undefined) {
    if (typeof method === "string" && message["id"] === undefined)
      inbound.notify({ method, params: paramsOf(message) }, request);
    return;
  }
  const { token, ...report } = progress;
  if (token !== id || !call.onProgress) return;
  deadline.extend();
  call.onProgress(report);
}

/** Sends requests of the 2026-07-28 revision: one POST each, no session, no handshake. */
export type ModernSend = (request: McpRequest, extra?: Record<string, string>) => Promise<ModernAnswer>;

export function createModernSend(peer: HttpPeer, inbound: Inbound): ModernSend {
  let lastId = 0;
  const metaOf = createMeta(peer, inbound);
  return async (request, extra) => {
    const id = (lastId += 1);
    const headers = headersOf(request, extra);
    const hear = (message: JsonObject): void => hearOne(inbound, request, { id, message });
    return await ask(peer, request, { id, headers, hear, meta: metaOf(request, id) });
  };
}

/** A link to a peer that was found to be modern. */
export function createModernLink(
  peer: HttpPeer,
  { send, inbound, server }: { send: ModernSend; inbound: Inbound; server: JsonObject | undefined },
): Link {
  const tools = createToolHeaders((message) => inbound.warn(message));

  const once = async (request: McpRequest): Promise<JsonObject> => {
    const { method, params } = request;
    const extra = method === "tools/call" ? tools.headersFor(params["name"], params["arguments"]) : undefined;
    const answer = await send(request, extra);
    if (answer.kind === "result") return method === "tools/list" ? tools.learn(answer.result) : answer.result;
    const error = answerError(peer, request.what, answer);
    const certain = answer.error?.code === unsupportedVersion;
    throw certain || isDoubtful(answer) ? new EraDoubt(error, certain) : error;
  };

  /** Reads the list of tools for the headers it asks for. */
  const relearn = (deadline: Deadline): Promise<unknown> =>
    collectPages(peer, {
      key: "tools",
      ask: (params) => once({ method: "tools/list", params, what: "tools/list", deadline, call: {} }),
    });

  return {
    era: "modern",
    lasting: false,
    server,
    async request(request) {
      try {
        return await once(request);
      } catch (error) {
        const stale = request.method === "tools/call" && isHeaderMismatch(error);
        if (!stale) throw error;
        await relearn(request.deadline);
        return await once(request);
      }
    },
    async listen(filter, options) {
      await once(listenRequest(inbound, filter, options));
    },
    notify: () => Promise.resolve(),
    retire() {},
    close: () => Promise.resolve(),
  };
}

function isHeaderMismatch(error: unknown): boolean {
  return isObject(error) && isObject(error["details"]) && error["details"]["rpcCode"] === headerMismatch;
}
