import { ParleyError } from "@parley/core";

/** Lets calls through until the store is closed, and closes it once the last of them has ended. */
export interface Gate {
  pass<Result>(work: () => Result | Promise<Result>): Promise<Result>;
  close(): Promise<void>;
}

/** A gate in front of one open store; `finish` runs once, after the calls in flight. */
export function createGate(location: string, finish: () => void | Promise<void> = () => {}): Gate {
  const inFlight = new Set<Promise<unknown>>();
  let closing: Promise<void> | undefined;

  const end = async (): Promise<void> => {
    await Promise.allSettled(inFlight);
    await finish();
  };

  return {
    async pass(work) {
      if (closing) {
        throw new ParleyError("E_DATABASE_IO", `The store ${location} is closed: open it again to use it.`);
      }
      const running = (async () => await work())();
      inFlight.add(running);
      try {
        return await running;
      } finally {
        inFlight.delete(running);
      }
    },
    close: () => (closing ??= end()),
  };
}
