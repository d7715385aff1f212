import { setMaxListeners } from "node:events";
import { ParleyError, toParleyError } from "@parley/core";
import type { ProviderCallOptions } from "./provider.ts";

interface Limits {
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
  /** Subject of the error message. */
  readonly what: string;
}

/**
 * Runs one provider call against a clock of its own: an answer, or `E_PROVIDER_TIMEOUT`, or `E_INTERRUPTED`, whether
 * or not the call itself obeys its signal. A call that never looks at its signal costs no controller: a site asks a
 * dozen providers for every request.
 */
export async function withDeadline<Value>(
  limits: Limits,
  call: (options: ProviderCallOptions) => Promise<Value>,
): Promise<Value> {
  const { timeoutMs, signal, what } = limits;
  if (signal?.aborted === true) throw new ParleyError("E_INTERRUPTED", `${what} was interrupted.`);
  const stop: { controller?: AbortController } = {};
  const options: ProviderCallOptions = {
    timeoutMs,
    get signal() {
      stop.controller ??= new AbortController();
      return stop.controller.signal;
    },
  };
  const ended = endOf(limits, (error) => stop.controller?.abort(error));
  try {
    const work = (async () => call(options))();
    return await Promise.race([ended.promise, work]);
  } catch (error) {
    throw toParleyError(error, "E_PROVIDER_FAILED");
  } finally {
    ended.release();
  }
}

/** A promise that rejects when time or patience is over, and tells the call so. */
function endOf(
  { timeoutMs, signal, what }: Limits,
  tell: (error: ParleyError) => void,
): { readonly promise: Promise<never>; readonly release: () => void } {
  const kept: { release: () => void } = { release: () => undefined };
  const promise = new Promise<never>((_resolve, reject) => {
    const fail = (error: ParleyError): void => {
      reject(error);
      tell(error);
    };
    const timer = setTimeout(() => {
      fail(new ParleyError("E_PROVIDER_TIMEOUT", `${what} did not answer within ${timeoutMs} ms.`));
    }, timeoutMs);
    const interrupt = (): void => fail(new ParleyError("E_INTERRUPTED", `${what} was interrupted.`));
    // One signal may end every provider of a site; each takes its listener away again.
    if (signal) setMaxListeners(0, signal);
    signal?.addEventListener("abort", interrupt, { once: true });
    kept.release = () => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", interrupt);
    };
  });
  return { promise, release: () => kept.release() };
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
