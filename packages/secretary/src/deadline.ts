import { ParleyError } from "@parley/core";

/** Waits for work no longer than given, even when the work ignores its signal. */
export async function withDeadline<T>(
  work: (signal: AbortSignal) => Promise<T>,
  options: { readonly timeoutMs: number; readonly signal?: AbortSignal | undefined; readonly what: string },
): Promise<T> {
  const { timeoutMs, signal, what } = options;
  if (signal?.aborted === true) throw new ParleyError("E_INTERRUPTED", "Interrupted.");
  const controller = new AbortController();
  const { promise, reject } = rejectable();
  const timer = setTimeout(() => {
    reject(new ParleyError("E_PROVIDER_TIMEOUT", `${what} did not answer within ${timeoutMs} ms.`));
    controller.abort();
  }, timeoutMs);
  const onAbort = (): void => {
    reject(new ParleyError("E_INTERRUPTED", "Interrupted."));
    controller.abort();
  };
  signal?.addEventListener("abort", onAbort, { once: true });
  try {
    return await Promise.race([work(controller.signal), promise]);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", onAbort);
  }
}

function rejectable(): { readonly promise: Promise<never>; readonly reject: (error: Error) => void } {
  const handlers: ((error: Error) => void)[] = [];
  const promise = new Promise<never>((_resolve, reject) => {
    handlers.push(reject);
  });
  return {
    promise,
    reject: (error) => {
      for (const handler of handlers) handler(error);
    },
  };
}
