/** Something that happens once, and can be waited for before and after. */
export interface Latch {
  readonly opened: Promise<void>;
  readonly open: () => void;
}

export function createLatch(): Latch {
  const held: { resolve: () => void } = { resolve: () => undefined };
  const opened = new Promise<void>((resolve) => {
    held.resolve = resolve;
  });
  return { opened, open: () => held.resolve() };
}
