/** Time as a dependency: tests and simulations bring their own. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
}

/** The machine's clock. */
export const systemClock: Clock = { now: () => Date.now() };

/** ISO-8601 UTC, the wire form of every time. */
export function isoTime(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}
