import { ParleyError } from "@parley/core";
import type { FastifyReply } from "fastify";
import { onGone } from "./on-gone.ts";

/** Aborts when the caller goes before its answer is out. */
export function disconnectController(reply: FastifyReply): AbortController {
  const controller = new AbortController();
  onGone({ request: reply.request.raw, response: reply.raw }, () => {
    if (!reply.raw.writableFinished)
      controller.abort(new ParleyError("E_INTERRUPTED", "The caller has gone."));
  });
  return controller;
}
