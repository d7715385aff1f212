import { setMaxListeners } from "node:events";
import { ParleyError, toParleyError } from "@parley/core";
import type { ProviderCallOptions } from "./provider.ts";

interface Limits {
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
}

/** A clock that several calls which begin together share: a site asks a dozen providers for every request. */
export interface Deadline {
  /**
   * Runs one provider call: an answer, or `E_PROVIDER_TIMEOUT`, or `E_INTERRUPTED`, whether or not the call itself
   * obeys its signal. Calls that never look at their signal cost no controller.
   * @param what - subject of the error message
   */
  run<Value>(what: string, call: (options: ProviderCallOptions) => Promise<Value>): Promise<Value>;
  /** Stops the clock. */
  close(): void;
}

type Ended = "late" | "interrupted";

export function openDeadline({ timeoutMs, signal }: Limits): Deadline {
  const stop: { controller?: AbortController; ended?: Ended } = {};
  const waiting = new Set<(ended: Ended) => void>();
  const end = (ended: Ended): void => {
    stop.ended ??= ended;
    for (const tell of waiting) tell(ended);
    stop.controller?.abort();
  };
  const timer = setTimeout(() => end("late"), timeoutMs);
  const interrupt = (): void => end("interrupted");
  if (signal?.aborted === true) interrupt();
  signal?.addEventListener("abort", interrupt, { once: true });
  const options: ProviderCallOptions = {
    timeoutMs,
    get signal() {
      stop.controller ??= controllerFor(stop.ended);
      return stop.controller.signal;
    },
  };
  const errorFor = (what: string, ended: Ended): ParleyError =>
    ended === "late"
      ? new ParleyError("E_PROVIDER_TIMEOUT", `${what} did not answer within ${timeoutMs} ms.`)
      : new ParleyError("E_INTERRUPTED", `${what} was interrupted.`);
  return {
    run: (what, call) =>
      new Promise((resolve, reject) => {
        const tell = (ended: Ended): void => reject(errorFor(what, ended));
        if (stop.ended !== undefined) return tell(stop.ended);
        waiting.add(tell);
        const work = (async () => call(options))();
        work
          .then(resolve, (error: unknown) => reject(toParleyError(error, "E_PROVIDER_FAILED")))
          .finally(() => waiting.delete(tell));
      }),
    close() {
      clearTimeout(timer);
      signal?.removeEventListener("abort", interrupt);
    },
  };
}

/** Every provider of a site may listen to it. */
function controllerFor(ended: Ended | undefined): AbortController {
  const controller = new AbortController();
  setMaxListeners(0, controller.signal);
  if (ended !== undefined) controller.abort();
  return controller;
}

/** One call with a {@link Deadline} of its own. */
export async function withDeadline<Value>(
  { what, ...limits }: Limits & { readonly what: string },
  call: (options: ProviderCallOptions) => Promise<Value>,
): Promise<Value> {
  const deadline = openDeadline(limits);
  try {
    return await deadline.run(what, call);
  } finally {
    deadline.close();
  }
}

/** Maps with at most `limit` calls under way; results keep their order. */
export async function mapLimited<Item, Result>(
  items: readonly Item[],
  limit: number,
  map: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results = new Map<number, Result>();
  const queue = items.entries();
  const lane = async (): Promise<void> => {
    for (const [index, item] of queue) results.set(index, await map(item));
  };
  await Promise.all(Array.from({ length: Math.min(Math.max(1, limit), items.length) }, lane));
  return [...results.entries()].toSorted(([left], [right]) => left - right).map(([, result]) => result);
}
