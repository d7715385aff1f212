/** Time as a dependency: tests and simulations bring their own. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
}

/** The machine's clock. */
export const systemClock: Clock = { now: () => Date.now() };

const lately = { milliseconds: Number.NaN, text: "" };

/** ISO-8601 UTC, the wire form of every time. What happens at once is often asked for the same. */
export function isoTime(milliseconds: number): string {
  if (milliseconds !== lately.milliseconds) {
    lately.text = new Date(milliseconds).toISOString();
    lately.milliseconds = milliseconds;
  }
  return lately.text;
}
