import { setTimeout as sleep } from "node:timers/promises";
import { ParleyError } from "@parley/core";
import type { Deadline } from "./_deadline.ts";
import type { Link, ListenFilter, McpRequest } from "./_link.ts";
import { isObject } from "./_messages.ts";

/** What a client wants to hear of, over reconnections. */
export interface Subscriptions {
  /** Asks a new link for all that is wanted. */
  resume(link: Link, deadline: Deadline): Promise<void>;
  add(uri: string, link: Link, request: McpRequest): Promise<void>;
  remove(uri: string, link: Link, request: McpRequest): Promise<void>;
  setLogLevel(level: string, link: Link, request: McpRequest): Promise<void>;
  logLevel(): string | undefined;
}

interface SubscriptionsOptions {
  /** Whether changes of lists are wanted too. */
  readonly wantsStream: boolean;
  readonly closing: AbortSignal;
}

const firstBackoffMs = 500;
const maxBackoffMs = 30_000;
/** Method not found, and parameters (such as a resource) that the peer does not take. */
const refusals: ReadonlySet<unknown> = new Set([-32_601, -32_602]);

/** What a peer says it can tell of, and of which resources; `undefined` when that is nothing. */
function filterFor(link: Link, uris: ReadonlySet<string>, wantsStream: boolean): ListenFilter | undefined {
  const capabilities = link.server?.["capabilities"];
  const can = (feature: string): boolean => {
    if (!wantsStream) return false;
    if (!isObject(capabilities)) return true;
    const declared = capabilities[feature];
    return isObject(declared) && declared["listChanged"] === true;
  };
  const filter: ListenFilter = {
    ...(can("tools") ? { toolsListChanged: true } : {}),
    ...(can("prompts") ? { promptsListChanged: true } : {}),
    ...(can("resources") ? { resourcesListChanged: true } : {}),
    ...(uris.size > 0 ? { resourceSubscriptions: [...uris] } : {}),
  };
  return Object.keys(filter).length > 0 ? filter : undefined;
}

/** What a peer has refused is not asked again. */
function isRefused(error: unknown): boolean {
  return ParleyError.isInstance(error) && refusals.has(error.details["rpcCode"]);
}

/** The stream that is open, or on its way. */
interface Listening {
  readonly link: Link;
  readonly stop: AbortController;
}

/** Keeps one `subscriptions/listen` open on a link; resolves when the peer took it, or cannot. */
function keepListening(link: Link, filter: ListenFilter, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const keep = async (): Promise<void> => {
      for (let failures = 0; !signal.aborted; failures += 1) {
        const onReady = (): void => {
          failures = 0;
          resolve();
        };
        try {
          await link.listen(filter, { signal, onReady });
        } catch (error) {
          if (signal.aborted) return;
          reject(error);
          if (isRefused(error)) return;
        }
        const wait = Math.min(firstBackoffMs * 2 ** failures, maxBackoffMs);
        await sleep(wait, undefined, { signal, ref: false }).catch(() => {});
      }
    };
    void keep().finally(resolve);
  });
}

/** Starts with nothing wanted but, with `wantsStream`, changes of lists. */
export function createSubscriptions({ wantsStream, closing }: SubscriptionsOptions): Subscriptions {
  const uris = new Set<string>();
  let level: string | undefined;
  let listening: Listening | undefined;

  /** The new stream is there before the old one ends, so that nothing is missed; one that is refused replaces none. */
  const listen = async (link: Link): Promise<void> => {
    const last = listening;
    const stop = new AbortController();
    listening = { link, stop };
    const filter = filterFor(link, uris, wantsStream);
    try {
      if (filter) await keepListening(link, filter, AbortSignal.any([closing, stop.signal]));
    } catch (error) {
      if (isRefused(error) && last?.link === link) listening = last;
      else last?.stop.abort();
      throw error;
    }
    last?.stop.abort();
  };

  const change = async (method: string, link: Link, request: McpRequest): Promise<void> => {
    if (link.era === "legacy") await link.request({ ...request, method });
    else await request.deadline.within(listen(link));
  };

  return {
    logLevel: () => level,
    async resume(link, deadline) {
      if (link.era === "modern") {
        // A stream of changes is not worth failing a call for.
        listen(link).catch(() => {});
        return;
      }
      const ask = (method: string, params: McpRequest["params"]): Promise<unknown> =>
        link.request({ method, params, what: method, deadline, call: {} }).catch(() => {});
      if (level !== undefined) await ask("logging/setLevel", { level });
      for (const uri of uris) await ask("resources/subscribe", { uri });
    },
    async add(uri, link, request) {
      uris.add(uri);
      try {
        await change("resources/subscribe", link, request);
      } catch (error) {
        uris.delete(uri);
        throw error;
      }
    },
    async remove(uri, link, request) {
      uris.delete(uri);
      await change("resources/unsubscribe", link, request);
    },
    async setLogLevel(wanted, link, request) {
      if (link.era === "legacy") await link.request(request);
      level = wanted;
    },
  };
}
