import type { FastifyInstance } from "fastify";
import type { Serving } from "./serving.ts";

/** A caller for whom some server has lists of its own gets them at its first request already. */
export function waitForOwnLists(app: FastifyInstance, { keyring, roster }: Serving): void {
  app.addHook("onRequest", ({ headers }, _reply, done) => {
    const view = keyring().viewOf(headers);
    if (view.caller === undefined) done();
    else roster.ready(view).then(() => done(), done);
  });
}
