import type { IncomingMessage } from "node:http";
import type { FastifyInstance, FastifyRequest, preHandlerHookHandler } from "fastify";
import { modernRevision } from "./eras.ts";
import { isOpen } from "./is-open.ts";
import { protocolVersionKey } from "./protocol-words.ts";

const both = "application/json, text/event-stream";
const anything = /(?:^|,)\s*\*\/\*/;

/**
 * Has a client that takes anything, or says nothing of it, take both kinds of answer (RFC 9110): the SDK looks for the
 * two words and would refuse what curl sends.
 */
export function acceptAny({ headers, rawHeaders }: IncomingMessage): void {
  const { accept } = headers;
  if (accept !== undefined && !anything.test(accept)) return;
  headers.accept = both;
  // Its two ways in read one each.
  const at = rawHeaders.findIndex((name, index) => index % 2 === 0 && name.toLowerCase() === "accept");
  if (at === -1) rawHeaders.push("accept", both);
  else rawHeaders[at + 1] = both;
}

/**
 * Refuses a 2025-era client that takes one kind of answer only, and says what to send. The revisions leave the choice to
 * the server, which begins a stream for whatever has progress or a question before its result; clients have to list both.
 */
export function refuseNarrowAccept(app: FastifyInstance, path: string): void {
  app.addHook("onRoute", (route) => {
    if (route.url === path) route.preHandler = [route.preHandler ?? [], refuseNarrow].flat();
  });
}

const refuseNarrow: preHandlerHookHandler = (request, reply, done) => {
  if (request.method !== "POST" || !isNarrow(request)) return done();
  const message = `Not Acceptable: an answer may be JSON or an event stream, so send the header "Accept: ${both}", or none.`;
  reply.code(406).send({ jsonrpc: "2.0", id: null, error: { code: -32_000, message } });
};

function isNarrow({ headers, body }: FastifyRequest): boolean {
  const { accept } = headers;
  if (accept === undefined || anything.test(accept)) return false;
  if (accept.includes("application/json") && accept.includes("text/event-stream")) return false;
  return headers["mcp-protocol-version"] !== modernRevision && !hasEnvelope(body);
}

/** Whether the request is of the 2026-07-28 revision, whose plain answers are JSON. */
function hasEnvelope(body: unknown): boolean {
  const params = isOpen(body) ? body["params"] : undefined;
  return isOpen(params) && isOpen(params["_meta"]) && protocolVersionKey in params["_meta"];
}
