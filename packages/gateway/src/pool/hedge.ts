/** Asks a second server when the first takes unusually long. */
export interface Hedge<Value> {
  readonly afterMs: number;
  /** The caller's own. */
  readonly signal: AbortSignal;
  readonly first: (signal: AbortSignal) => Promise<Value>;
  /** Nothing where there is no second to ask. */
  readonly second: () => ((signal: AbortSignal) => Promise<Value>) | undefined;
}

/** Takes the first answer and ends the other call. A failure counts once both have failed. */
export async function hedged<Value>({ afterMs, signal, first, second }: Hedge<Value>): Promise<Value> {
  const calls: AbortController[] = [];
  const start = async (work: (signal: AbortSignal) => Promise<Value>): Promise<Value> => {
    const own = new AbortController();
    calls.push(own);
    const leave = (): void => own.abort(signal.reason);
    if (signal.aborted) leave();
    signal.addEventListener("abort", leave, { once: true });
    try {
      return await work(own.signal);
    } finally {
      signal.removeEventListener("abort", leave);
    }
  };
  try {
    return await new Promise<Value>((resolve, reject) => {
      let open = 1;
      const fail = (error: unknown): void => {
        clearTimeout(timer);
        open -= 1;
        if (open === 0) reject(error instanceof Error ? error : new Error(String(error)));
      };
      const win = (value: Value): void => {
        clearTimeout(timer);
        resolve(value);
      };
      const timer = setTimeout(() => {
        const other = second();
        if (other === undefined) return;
        open += 1;
        start(other).then(win, fail);
      }, afterMs);
      start(first).then(win, fail);
    });
  } finally {
    for (const call of calls) call.abort();
  }
}
