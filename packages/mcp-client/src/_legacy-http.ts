import { endingOf, ParleyError } from "@parley/core";
import type { Deadline } from "./_deadline.ts";
import { protocolError, rpcError } from "./_errors.ts";
import { respond, shakeHands } from "./_handshake.ts";
import { discard, exchange, httpFault, mediaType, overHttp, readText, refusalOf } from "./_http.ts";
import type { HttpAnswer, HttpAsk } from "./_http.ts";
import type { HttpPeer } from "./_http-peer.ts";
import { readStream } from "./_legacy-stream.ts";
import { standingStream } from "./_standing-stream.ts";
import { EraDoubt } from "./_link.ts";
import type { Inbound, Link, McpRequest } from "./_link.ts";
import { unsupportedVersion } from "./_modern.ts";
import { errorOf, isObject, legacyMeta, paramsOf, parseMessages, progressOf, withMeta } from "./_messages.ts";
import type { JsonObject } from "./json.ts";

/** The longest a farewell or a cancellation may take. */
const farewellMs = 2000;

/** Whether the peer forgot the session: the request was not run, and a new session may send it again. */
export function isSessionLost(error: unknown): boolean {
  return ParleyError.isInstance(error) && error.details["sessionLost"] === true;
}

/** The state of one session. */
interface Session {
  id: string | undefined;
  version: string | undefined;
}

function headersOf({ id, version }: Session, accept: string): Record<string, string> {
  const headers: Record<string, string> = { accept, "content-type": "application/json" };
  if (id !== undefined) headers["mcp-session-id"] = id;
  if (version !== undefined) headers["mcp-protocol-version"] = version;
  return headers;
}

const everything = "application/json, text/event-stream";

async function refuse(
  peer: HttpPeer,
  answer: HttpAnswer,
  { what, session }: { readonly what: string; readonly session: Session },
): Promise<never> {
  const known = refusalOf(peer, answer);
  if (known) throw known;
  const { statusCode: status } = answer;
  const [message] = parseMessages(await readText(peer, answer));
  const error = errorOf(message);
  const sessionLost = status === 404 && session.id !== undefined;
  if (error?.code === unsupportedVersion) throw new EraDoubt(rpcError(peer, what, error), true);
  if (error && !sessionLost) throw rpcError(peer, what, error);
  const hint = status === 404 || status === 405 ? ": is the path right (usually /mcp)" : "";
  throw protocolError(peer, `answered ${what} with HTTP ${status}${hint}`, { status, sessionLost });
}

/** Makes the functions that speak in one session. */
function createSession(peer: HttpPeer, inbound: Inbound) {
  const session: Session = { id: undefined, version: undefined };
  const ended = new AbortController();
  /** What the peer asked and still waits for, by its ids. */
  const answering = new Map<unknown, AbortController>();
  let lastId = 0;

  const post = (message: JsonObject, deadline: Pick<HttpAsk, "ending" | "aside">): Promise<HttpAnswer> =>
    exchange(peer, {
      verb: "POST",
      headers: headersOf(session, everything),
      body: JSON.stringify(message),
      ending: deadline.ending,
      aside: (work) => deadline.aside(work),
    });

  /** Sends what has no answer. */
  const tell = async (message: JsonObject, signal: AbortSignal): Promise<void> => {
    const answer = await post(message, { ending: endingOf(signal), aside: (work) => work });
    try {
      if (answer.statusCode >= 400) await refuse(peer, answer, { what: String(message["method"]), session });
    } finally {
      discard(answer);
    }
  };

  /** Answers a request of the peer, unless it takes it back. */
  const answerPeer = async (message: JsonObject, during: McpRequest | undefined): Promise<void> => {
    const { id } = message;
    const stop = new AbortController();
    answering.set(id, stop);
    const signals = [stop.signal, ended.signal, ...(during ? [during.deadline.signal] : [])];
    const signal = AbortSignal.any(signals);
    try {
      const response = await respond(message, { inbound, signal, during });
      if (!signal.aborted) await tell(response, signal);
    } finally {
      if (answering.get(id) === stop) answering.delete(id);
    }
  };

  /** Takes a message that is not the answer to a request. */
  const hear = (message: JsonObject, during?: McpRequest, ownToken?: number): void => {
    const { method, id } = message;
    if (typeof method !== "string") return;
    if (id !== undefined) {
      answerPeer(message, during).catch(() => {});
      return;
    }
    if (method === "notifications/cancelled") return answering.get(paramsOf(message)["requestId"])?.abort();
    const progress = progressOf(message);
    if (!progress) return inbound.notify({ method, params: paramsOf(message) }, during);
    const { token, ...report } = progress;
    if (!during?.call.onProgress || token !== ownToken) return;
    during.deadline.extend();
    during.call.onProgress(report);
  };

  const resultOf = (message: JsonObject, what: string): JsonObject => {
    const error = errorOf(message);
    if (error) throw rpcError(peer, what, error);
    const result = message["result"];
    if (isObject(result)) return result;
    throw protocolError(peer, `answered ${what} with a result that is no object`);
  };

  const read = async (answer: HttpAnswer, request: McpRequest, id: number): Promise<JsonObject> => {
    const { what, deadline } = request;
    if (answer.statusCode < 200 || answer.statusCode > 299) await refuse(peer, answer, { what, session });
    if (request.method === "initialize") {
      const given = answer.headers["mcp-session-id"];
      session.id = typeof given === "string" ? given : undefined;
    }
    const isAnswer = (message: JsonObject): boolean =>
      message["id"] === id && message["method"] === undefined;
    if (mediaType(answer) === "text/event-stream") {
      const resume = (lastEventId: string): Promise<HttpAnswer> => openStream(deadline, lastEventId);
      const hearOne = (message: JsonObject): void => hear(message, request, id);
      return resultOf(await readStream(peer, answer, { isAnswer, hear: hearOne, resume, request }), what);
    }
    const text = readText(peer, answer);
    const messages = parseMessages(typeof text === "string" ? text : await text);
    for (const message of messages) if (!isAnswer(message)) hear(message, request, id);
    const found = messages.find(isAnswer);
    if (found) return resultOf(found, what);
    throw protocolError(peer, `answered ${what} with something that is no answer to it`);
  };

  const openStream = async (
    { ending, aside }: Pick<HttpAsk, "ending" | "aside">,
    lastEventId?: string,
  ): Promise<HttpAnswer> => {
    const { "content-type": _none, ...headers } = headersOf(session, "text/event-stream");
    const resume = lastEventId === undefined ? {} : { "last-event-id": lastEventId };
    return await exchange(peer, { verb: "GET", headers: { ...headers, ...resume }, ending, aside });
  };

  const request = async (call: McpRequest): Promise<JsonObject> => {
    const id = (lastId += 1);
    const { method, params, deadline } = call;
    let answer: HttpAnswer | undefined;
    try {
      answer = await post(
        { jsonrpc: "2.0", id, method, params: withMeta(params, legacyMeta(call.call, id)) },
        deadline,
      );
      return await read(answer, call, id);
    } catch (thrown) {
      const reason = deadline.reason();
      const error = httpFault(peer, reason, thrown);
      if (reason && method !== "initialize" && !ended.signal.aborted) {
        const cancel = { requestId: id, reason: reason.message };
        tell(
          { jsonrpc: "2.0", method: "notifications/cancelled", params: cancel },
          AbortSignal.timeout(farewellMs),
        ).catch(() => {});
      }
      throw error;
    } finally {
      discard(answer);
    }
  };

  const farewell = async (): Promise<void> => {
    ended.abort();
    if (session.id === undefined) return;
    const ending = endingOf(AbortSignal.timeout(farewellMs));
    const headers = headersOf(session, everything);
    discard(
      await exchange(peer, { verb: "DELETE", headers, ending, aside: (work) => work }).catch(() => undefined),
    );
    session.id = undefined;
  };

  return { session, ended, request, tell, hear, openStream, farewell };
}

/** Shakes hands with a peer of an older revision over streamable HTTP. */
export async function openLegacyHttp(peer: HttpPeer, deadline: Deadline, inbound: Inbound): Promise<Link> {
  const speaking = createSession(peer, inbound);
  const { session, ended, request } = speaking;
  const notify = (method: string, params: JsonObject, signal: AbortSignal): Promise<void> =>
    overHttp(
      peer,
      () => undefined,
      () => speaking.tell({ jsonrpc: "2.0", method, params }, signal),
    );
  const wire = {
    request,
    notify: (method: string, params: JsonObject) => notify(method, params, deadline.signal),
  };
  const onVersion = (version: string): void => void (session.version = version);
  let server: JsonObject;
  try {
    server = await shakeHands({ peer, wire, inbound, deadline, onVersion });
  } catch (error) {
    await speaking.farewell();
    throw error;
  }
  const link: Link = {
    era: "legacy",
    lasting: session.id !== undefined,
    server,
    request,
    listen: () => Promise.resolve(),
    notify: (method, params) =>
      notify(method, params, AbortSignal.any([ended.signal, AbortSignal.timeout(farewellMs * 5)])),
    retire: () => standing?.abort(),
    close: () => speaking.farewell(),
  };
  const standing = inbound.wantsStream
    ? standingStream({
        peer,
        open: speaking.openStream,
        hear: speaking.hear,
        ended: ended.signal,
        lost: (reason) => inbound.lost(link, reason),
      })
    : undefined;
  return link;
}
