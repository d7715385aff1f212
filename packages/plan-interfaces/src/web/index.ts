/** A run of a plan as a page in a browser: its graph, its steps, its log, and its questions. */

import type { PlanInterface } from "@parley/plans";
import { createServer, staticToken } from "@parley/server";
import { createRegistry } from "@parley/tool-registry";
import { createRunBook } from "../run-book.ts";
import { planRoutes } from "./routes.ts";
import type { Follower } from "./stream.ts";

export type { GraphEdge, GraphNode, PlanGraph } from "./graph.ts";

/** Options of {@link openWebInterface}. */
export interface WebInterfaceOptions {
  /** Opens the page and answers questions: at least 32 characters nobody can guess. */
  readonly token: string;
  /** Default `127.0.0.1`. */
  readonly host?: string | undefined;
  /** Default 0: any that is free. */
  readonly port?: number | undefined;
  /** Names under which browsers may ask for the page, beside loopback and the bound host. */
  readonly allowedHosts?: readonly string[] | undefined;
  /** Epoch milliseconds; default the system's clock. */
  readonly now?: (() => number) | undefined;
}

/** A {@link PlanInterface} that serves a page. */
export interface WebInterface extends PlanInterface {
  /** The page, with its token after `#`, which browsers send nowhere. */
  readonly url: string;
}

/**
 * Listens, and shows the run to whoever opens the page. A question waits until somebody answers it there.
 * @throws `E_LISTEN_FAILED`
 */
export async function openWebInterface(options: WebInterfaceOptions): Promise<WebInterface> {
  const { token, host = "127.0.0.1", port = 0, allowedHosts, now = Date.now } = options;
  const followers = new Set<Follower>();
  const book = createRunBook({
    now,
    onChange() {
      for (const follower of followers) follower.touch();
    },
  });
  const server = createServer({
    name: "parley-plan",
    version: "1.0",
    registry: createRegistry(),
    authenticator: staticToken(token),
    allowedHosts,
    openApi: false,
    closeGraceMs: 1000,
  });
  void server.app.register(planRoutes(book, followers));
  const { url } = await server.listen({ host, port });
  let closed: Promise<void> | undefined;
  const close = async (): Promise<void> => {
    book.dismiss();
    for (const follower of followers) follower.end();
    await server.close();
  };
  return {
    url: `${url}/#token=${encodeURIComponent(token)}`,
    onStart: book.onStart,
    onStepStart: book.onStepStart,
    onStepUpdate: book.onStepUpdate,
    onStepFinish: book.onStepFinish,
    onLog: book.onLog,
    onComplete: book.onComplete,
    ask: book.ask,
    close: () => (closed ??= close()),
  };
}
