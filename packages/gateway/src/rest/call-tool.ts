import type { Ending } from "@parley/core";
import type { FastifyReply } from "fastify";
import type { CallSubject } from "../calls/call-desk.ts";
import { startRestCall } from "../calls/rest-call.ts";
import type { RestCall } from "../calls/rest-call.ts";
import { isRecord } from "../record.ts";
import type { Upstream } from "../upstream/upstream.ts";
import { withoutNulls } from "./arguments.ts";
import { faultOfError, unreadable } from "./faults.ts";
import { findTool } from "./find-tool.ts";
import type { ToolAddress } from "./find-tool.ts";
import { readPreferences } from "./preferences.ts";
import type { Exchange } from "./resources.ts";
import { sendPending } from "./send-pending.ts";
import { endingOf, sendEnding } from "./send-outcome.ts";
import { callerEnding, findUpstream, sendFault, viewFor } from "./serving.ts";
import type { Serving } from "./serving.ts";
import { prefersEvents, streamCall } from "./stream-call.ts";
import { tracedCall } from "./traced-call.ts";
import { visitingPages } from "./visit-pages.ts";

/** Answers a call of a tool: with its result, with an address to come back to, or with events. */
export async function callTool(
  serving: Serving,
  address: ToolAddress,
  exchange: Exchange,
): Promise<FastifyReply> {
  const { request, reply } = exchange;
  const given = request.body ?? {};
  if (!isRecord(given)) return sendFault(reply, unreadable("The body is no JSON object of arguments."));
  const view = viewFor(serving, request);
  const ending = callerEnding(reply);
  try {
    const upstream = findUpstream(serving, address.server, view);
    const timeoutMs = readPreferences(request.headers["prefer"]).waitMs;
    const known = findTool(upstream, address, { view, ending, timeoutMs });
    const found = known instanceof Promise ? await known : known;
    return await callFound({ serving, upstream, ending }, { found, args: given }, exchange);
  } catch (thrown) {
    return sendFault(reply, faultOfError(thrown));
  }
}

/** Who is called, and until when. */
export interface Calling {
  readonly serving: Serving;
  readonly upstream: Upstream;
  /** When the caller leaves. */
  readonly ending: Ending;
}

/** Calls a tool that was found, and answers as the request asks. @throws `E_CALL_LIMIT` */
export async function callFound(
  { serving, upstream, ending }: Calling,
  subject: CallSubject,
  exchange: Exchange,
): Promise<FastifyReply> {
  const { request, reply } = exchange;
  const owner = request.caller.name;
  const { accept } = request.headers;
  const { respondAsync } = readPreferences(request.headers["prefer"]);
  const isStreamed = prefersEvents(accept);
  if (respondAsync || isStreamed) serving.desk.checkRoom(owner);
  const call = startCall({ serving, upstream }, subject, exchange);
  ending.onAbort(() => call.cancel(ending.reason));
  if (isStreamed) {
    const kept = serving.desk.keep(call, { ...subject, owner, isStreamed });
    return streamCall(serving, kept, { ...exchange, isOwn: true });
  }
  if (!respondAsync) await call.pause();
  const { outcome } = call;
  if (outcome !== undefined) return sendEnding(reply, endingOf(outcome, subject, accept));
  try {
    return sendPending(serving, serving.desk.keep(call, { ...subject, owner }), exchange);
  } catch (thrown) {
    call.cancel(thrown);
    throw thrown;
  }
}

function startCall(
  { serving, upstream }: Pick<Calling, "serving" | "upstream">,
  { found, args }: CallSubject,
  { request }: Exchange,
): RestCall {
  const { waitMs, asksNothing } = readPreferences(request.headers["prefer"]);
  const address = { server: upstream.server.name, tool: found.tool.name };
  const given = withoutNulls(found.tool, args);
  return startRestCall({
    caller: request.caller,
    canAsk: (kind) => !asksNothing && kind !== "roots",
    run: (context) => {
      const call = () => upstream.callTool(found, given, { context, timeoutMs: waitMs });
      return serving.running.during(tracedCall(request, address, () => visitingPages(context, call)));
    },
  });
}
