import { InFlightById } from "@parley/core";
import type { McpRequest } from "./_link.ts";
import type { JsonObject } from "./json.ts";

/** A request without an answer. */
export class Pending {
  readonly id: number;
  readonly request: McpRequest;
  readonly resolve: (result: JsonObject) => void;
  readonly reject: (error: Error) => void;
  /** Stops waiting for the end of the call. */
  release: (() => void) | undefined = undefined;

  constructor(id: number, request: McpRequest, settle: Pick<Pending, "resolve" | "reject">) {
    this.id = id;
    this.request = request;
    this.resolve = settle.resolve;
    this.reject = settle.reject;
  }
}

/** Requests one after the other that are seen before the next is taken for another such. */
const minInRow = 8;

/** Requests of ours that have no answer yet. */
export class PendingRequests {
  readonly #byId = new InFlightById<Pending>();
  /** How many run, those apart that are made to last. */
  #running = 0;
  #inRow = 0;

  /** Whether requests come one after the other, so that nothing is gained by waiting for another. */
  get areInRow(): boolean {
    return this.#inRow >= minInRow;
  }

  get(id: number): Pending | undefined {
    return this.#byId.get(id);
  }

  all(): Pending[] {
    return this.#byId.values();
  }

  add(waiting: Pending): void {
    this.#byId.set(waiting.id, waiting);
    if (lasts(waiting.request)) return;
    this.#running += 1;
    this.#inRow = this.#running === 1 ? this.#inRow + 1 : 0;
  }

  /** @returns whether it still ran */
  remove({ id, request }: Pending): boolean {
    if (!this.#byId.delete(id)) return false;
    if (!lasts(request)) this.#running -= 1;
    return true;
  }

  /** The call a message comes with: one stream for all tells only when there is one, subscriptions apart. */
  sole(): McpRequest | undefined {
    let sole: McpRequest | undefined;
    for (const { request } of this.#byId.values()) {
      if (lasts(request)) continue;
      if (sole) return undefined;
      sole = request;
    }
    return sole;
  }
}

/** A subscription is a request that is not answered before it ends. */
function lasts({ method }: McpRequest): boolean {
  return method === "subscriptions/listen";
}
