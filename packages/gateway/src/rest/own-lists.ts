import type { FastifyInstance } from "fastify";
import { toParleyError } from "@parley/core";
import type { View } from "../policy/view.ts";
import type { Serving } from "./serving.ts";

/** A caller for whom some server has lists of its own gets them at its first request already. */
export function waitForOwnLists(app: FastifyInstance, { keyring, roster }: Serving): void {
  const wait = async (view: View, done: (error?: Error) => void): Promise<void> => {
    try {
      await roster.ready(view);
      done();
    } catch (error) {
      done(toParleyError(error));
    }
  };
  // Nearly every caller has none, and is not to wait for a promise.
  app.addHook("onRequest", ({ headers }, _reply, done) => {
    const view = keyring().viewOf(headers);
    if (view.caller === undefined) done();
    else void wait(view, done);
  });
}
