/** What a sweeper looks at and does. */
interface SweeperOptions {
  /** 0: only when asked. */
  readonly everyMs: number;
  readonly isDue: () => boolean;
  /** Looks after some tasks in one transaction; returns how many moved. */
  readonly step: () => Promise<number>;
}

/** Sweeps by itself until it is stopped. */
export interface Sweeper {
  readonly sweepAll: () => Promise<number>;
  readonly stop: () => void;
}

/** Repeats steps while anything is due, and looks every so often; a sweep never meets another. */
export function createSweeper({ everyMs, isDue, step }: SweeperOptions): Sweeper {
  let sweeping = false;

  const sweepAll = async (): Promise<number> => {
    let moved = 0;
    while (isDue()) {
      const some = await step();
      if (some === 0) break;
      moved += some;
    }
    return moved;
  };

  const tick = async (): Promise<void> => {
    if (sweeping) return;
    sweeping = true;
    try {
      await sweepAll();
    } catch {
      // A full disk is tried again at the next tick; callers learn of it from their own calls.
    } finally {
      sweeping = false;
    }
  };

  const timer = everyMs > 0 ? setInterval(() => void tick(), everyMs).unref() : undefined;
  return { sweepAll, stop: () => clearInterval(timer) };
}
