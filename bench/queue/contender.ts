/** A queue that is measured: durable, on the same disk as the others, used from this process. */
export interface Contender {
  /** With its version. */
  readonly name: string;
  /** Ending a task takes the next one in the same call, which makes one commit of two. */
  readonly takesNext?: boolean;
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
