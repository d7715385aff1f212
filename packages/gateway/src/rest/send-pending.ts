import type { FastifyReply } from "fastify";
import type { KeptCall } from "../calls/call-desk.ts";
import { callDocument } from "../calls/call-document.ts";
import { readPreferences } from "./preferences.ts";
import type { Exchange } from "./resources.ts";
import type { Serving } from "./serving.ts";

const accepted = 202;

/** Says where a call goes on: what it asks, or how far it is. */
export function sendPending(
  { callsAddress }: Serving,
  kept: KeptCall,
  { request, reply }: Exchange,
): FastifyReply {
  const document = callDocument(kept, callsAddress);
  const { respondAsync } = readPreferences(request.headers["prefer"]);
  if (respondAsync) void reply.header("preference-applied", "respond-async");
  if (document.status === "running") void reply.header("retry-after", "1");
  return reply
    .code(accepted)
    .header("location", document.href)
    .header("cache-control", "no-store")
    .send(document);
}
