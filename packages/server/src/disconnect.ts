import { ParleyError, Stop } from "@parley/core";
import type { FastifyReply } from "fastify";
import { onGone } from "./on-gone.ts";

/** Aborts when the caller goes before its answer is out. */
export function stopOnDisconnect(reply: FastifyReply): Stop {
  const stop = new Stop();
  onGone({ request: reply.request.raw, response: reply.raw }, () => {
    if (!reply.raw.writableFinished) stop.abort(new ParleyError("E_INTERRUPTED", "The caller has gone."));
  });
  return stop;
}
