/**
 * How a queue is used: a task is fetched and ended by two calls; the call that ends one takes the next, which makes one
 * commit of two; or the tasks of half the loops are ended by one call while another fetches as many.
 */
type Way = "one by one" | "takes the next" | "in batches";

/** Tasks in hand at a time, in two hands, so that a queue is never left alone. */
export const handsOf = (loops: number): { readonly hands: number; readonly batch: number } =>
  loops < 4 ? { hands: loops, batch: 1 } : { hands: 2, batch: Math.ceil(loops / 2) };

/** A queue that is measured: durable, on the same disk as the others, used from this process. */
export interface Contender {
  /** With its version. */
  readonly name: string;
  readonly way: Way;
  /** Claims and completes tasks that do nothing, in so many loops; returns tasks per second. */
  measure(options: { readonly loops: number; readonly milliseconds: number }): Promise<number>;
  close(): Promise<void>;
}

/** Adds tasks a thousand at a time. */
export async function inThousands(tasks: number, add: (count: number) => Promise<unknown>): Promise<void> {
  for (let left = tasks; left > 0; left -= 1000) await add(Math.min(left, 1000));
}

/** More tasks than any of the others does in that time. */
export const enoughFor = (milliseconds: number): number => Math.ceil(milliseconds * 8);

const warmUpMs = 300;

/** Tasks per second of a worker that runs on its own, once it has got going. */
export async function rateOf(
  count: () => number,
  { milliseconds, sleep }: { milliseconds: number; sleep: (milliseconds: number) => Promise<unknown> },
): Promise<number> {
  await sleep(warmUpMs);
  const [before, started] = [count(), performance.now()];
  await sleep(milliseconds);
  return ((count() - before) / (performance.now() - started)) * 1000;
}
