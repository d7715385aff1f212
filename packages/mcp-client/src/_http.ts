import type { Ending } from "@parley/core";
import { protocolError, statusError, unreachable } from "./_errors.ts";
import type { McpAuth } from "./auth.ts";
import { pathOf } from "./_http-peer.ts";
import type { HttpPeer } from "./_http-peer.ts";
import { sendHttp } from "./_send-http.ts";
import type { HttpAnswer } from "./_send-http.ts";
import { EraDoubt } from "./_link.ts";
import { createEventReader } from "./_sse.ts";
import type { EventReader, StreamEvent } from "./_sse.ts";

/** One HTTP request to a peer. */
export interface HttpAsk {
  readonly verb: "POST" | "GET" | "DELETE";
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | undefined;
  readonly ending: Ending;
  /** Runs an authorization, which may wait for a person, outside of the call's time. */
  readonly aside: <Result>(work: Promise<Result>) => Promise<Result>;
}

export type { HttpAnswer } from "./_send-http.ts";

/** How often one request may be refused before its refusal stands. */
export const maxChallenges = 3;

const text = (value: string | string[] | undefined): string | undefined =>
  Array.isArray(value) ? value.join(", ") : value;

/** Lets go of an answer nobody reads to its end. */
export function discard(answer: HttpAnswer | undefined): void {
  answer?.body.discard();
}

/** How often one request may be sent on within its origin. */
const maxRedirects = 3;

async function send(peer: HttpPeer, ask: HttpAsk, token: string | undefined): Promise<HttpAnswer> {
  const { verb: method, body = null, ending } = ask;
  const { dispatcher, origin } = peer;
  const headers = Object.assign(peer.headers(token), ask.headers);
  for (let { path } = peer, hops = 0; ; hops += 1) {
    const answer = await sendHttp({ dispatcher, origin, path, method, headers, body, ending });
    const next = hops < maxRedirects ? movedTo(answer, origin, path) : undefined;
    if (next === undefined) return answer;
    discard(answer);
    path = next;
  }
}

/** Where on the same origin a request is to be sent again as it is; frameworks send `/mcp` to `/mcp/` so. */
function movedTo({ statusCode, headers }: HttpAnswer, origin: string, from: string): string | undefined {
  if (statusCode !== 307 && statusCode !== 308) return undefined;
  const location = text(headers["location"]);
  const base = `${origin}${from}`;
  if (location === undefined || !URL.canParse(location, base)) return undefined;
  const target = new URL(location, base);
  const path = pathOf(target);
  return target.origin === origin && path !== from ? path : undefined;
}

/** Whether another token may cure a refusal. */
export function wantsToken(status: number, wwwAuthenticate: string | undefined): boolean {
  return status === 401 || (status === 403 && /error="?insufficient_scope/i.test(wwwAuthenticate ?? ""));
}

/**
 * Sends a request and gives its answer whatever the status; a refusal is cured first where `auth` can.
 * Redirects to another origin are not followed, so that a token goes nowhere else.
 */
export function exchange(peer: HttpPeer, ask: HttpAsk): Promise<HttpAnswer> {
  const { auth } = peer;
  return auth === undefined ? send(peer, ask, undefined) : authorised(peer, ask, auth);
}

async function authorised(peer: HttpPeer, ask: HttpAsk, auth: McpAuth): Promise<HttpAnswer> {
  for (let attempt = 0; ; attempt += 1) {
    const token = await ask.aside(auth.token(ask.ending.signal));
    const answer = await send(peer, ask, token);
    const wwwAuthenticate = text(answer.headers["www-authenticate"]);
    if (!wantsToken(answer.statusCode, wwwAuthenticate) || attempt >= maxChallenges) return answer;
    const challenge = {
      status: answer.statusCode,
      wwwAuthenticate,
      token,
      attempt,
      signal: ask.ending.signal,
    };
    discard(answer);
    const cured = await ask.aside(auth.challenge(challenge));
    if (!cured) throw statusError(peer, answer.statusCode) ?? protocolError(peer, "refuses every token");
  }
}

/** The error for a status that says all there is to say. */
export function refusalOf(peer: HttpPeer, { statusCode, headers }: HttpAnswer): Error | undefined {
  return statusError(peer, statusCode, text(headers["location"]) ?? "");
}

/** The media type of an answer, without its parameters. */
export function mediaType({ headers }: HttpAnswer): string {
  const type = text(headers["content-type"]) ?? "";
  return type === "application/json" ? type : (type.split(";", 1)[0]?.trim().toLowerCase() ?? "");
}

function tooLarge(peer: HttpPeer): Error {
  return protocolError(peer, `answered with more than ${peer.maxBytes} bytes`);
}

/** The whole body of an answer, within the limit. */
export function readText(peer: HttpPeer, answer: HttpAnswer): string | Promise<string> {
  return answer.body.atOnce(peer.maxBytes) ?? readLater(peer, answer);
}

async function readLater(peer: HttpPeer, { headers, body }: HttpAnswer): Promise<string> {
  const text = Number(headers["content-length"]) > peer.maxBytes ? undefined : await body.text(peer.maxBytes);
  if (text === undefined) throw tooLarge(peer);
  return text;
}

/** The events of a stream, each within the limit; `reader` keeps what a reconnection needs. */
export async function* readEvents(
  peer: HttpPeer,
  { body }: HttpAnswer,
  reader: EventReader = createEventReader(),
): AsyncGenerator<StreamEvent> {
  for await (const chunk of body) {
    for (const event of reader.push(chunk)) {
      if (event.data.length > peer.maxBytes) throw tooLarge(peer);
      yield event;
    }
    if (reader.pending() > peer.maxBytes) throw tooLarge(peer);
  }
}

/** Runs work over HTTP, with faults of the network turned into errors of ours. */
export async function overHttp<Result>(
  peer: HttpPeer,
  reason: () => Error | undefined,
  work: () => Promise<Result>,
): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    throw httpFault(peer, reason(), error);
  }
}

/** The error for what work over HTTP threw. @param reason - why it was ended, where it was */
export function httpFault(peer: HttpPeer, reason: Error | undefined, thrown: unknown): unknown {
  return reason ?? (thrown instanceof EraDoubt ? thrown : unreachable(peer, thrown));
}
