import type { Runs } from "./_runs.ts";
import type { Settings } from "./options.ts";

/** Tells other processes that this one lives, and hears what they did to its tasks. */
export interface Heartbeat {
  /** Writes the sign of life if the last one is getting old. */
  beat(): Promise<void>;
  /** Beats and watches once a second until nothing runs. */
  start(): void;
  stop(): Promise<void>;
}

const tickMs = 1000;

export function createHeartbeat(settings: Settings, runs: Runs, runner: string): Heartbeat {
  const { store, clock, leaseMs, onError } = settings;
  let aliveUntil = 0;
  let timer: NodeJS.Timeout | undefined;
  let ticking = false;

  const beat = async (): Promise<void> => {
    const now = clock.now();
    if (aliveUntil - now > (leaseMs * 2) / 3 && aliveUntil - now <= leaseMs) return;
    await store.beat(runner, now + leaseMs);
    aliveUntil = now + leaseMs;
  };
  const rest = (): void => {
    clearInterval(timer);
    timer = undefined;
  };
  const tick = async (): Promise<void> => {
    if (ticking) return;
    ticking = true;
    try {
      await beat();
      await runs.watch();
    } catch (error) {
      onError(error);
    } finally {
      ticking = false;
    }
    if (runs.size === 0) rest();
  };
  return {
    beat,
    start() {
      timer ??= setInterval(() => void tick(), tickMs).unref();
    },
    async stop() {
      rest();
      if (aliveUntil > 0) await store.beat(runner, 0).catch(onError);
    },
  };
}
