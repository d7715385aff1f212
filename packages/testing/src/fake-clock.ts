import type { Clock } from "@parley/core";

/** A clock that stands still until a test moves it, and sleeps that end when it does. */
export interface FakeClock extends Clock {
  /** Moves the clock forward by milliseconds and ends every sleep that is due, earliest first. */
  advance(milliseconds: number): void;
  /** Sets the time, backwards too; sleeps that are due end. */
  setTime(milliseconds: number): void;
  /** Resolves once the clock has moved that far; rejects with the signal's reason when it aborts. */
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void>;
}

interface Sleeper {
  readonly dueAt: number;
  readonly wake: () => void;
}

/** @param start - milliseconds since the epoch. Default 2026-01-01T00:00:00Z. */
export function fakeClock(start: number = Date.UTC(2026, 0, 1)): FakeClock {
  let time = start;
  const sleepers = new Set<Sleeper>();
  const setTime = (milliseconds: number): void => {
    time = milliseconds;
    const due = [...sleepers].filter((sleeper) => sleeper.dueAt <= time);
    for (const sleeper of due.toSorted((left, right) => left.dueAt - right.dueAt)) {
      sleepers.delete(sleeper);
      sleeper.wake();
    }
  };
  return {
    now: () => time,
    setTime,
    advance: (milliseconds) => setTime(time + milliseconds),
    sleep: (milliseconds, signal) =>
      new Promise((resolve, reject) => {
        if (signal?.aborted) {
          reject(signal.reason);
          return;
        }
        const abort = (): void => {
          sleepers.delete(sleeper);
          reject(signal?.reason);
        };
        const wake = (): void => {
          signal?.removeEventListener("abort", abort);
          resolve();
        };
        const sleeper: Sleeper = { dueAt: time + milliseconds, wake };
        signal?.addEventListener("abort", abort, { once: true });
        sleepers.add(sleeper);
        if (milliseconds <= 0) setTime(time);
      }),
  };
}
