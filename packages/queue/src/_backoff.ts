import type { Settings } from "./options.ts";

/**
 * The pause before the next attempt: exponential with full jitter.
 * @see https://aws.amazon.com/builders-library/timeouts-retries-and-backoff-with-jitter/
 */
export function backoffMs(
  failures: number,
  { backoff, random }: Pick<Settings, "backoff" | "random">,
): number {
  const ceiling = Math.min(backoff.capMs, backoff.baseMs * 2 ** Math.min(failures - 1, 40));
  return Math.ceil(random() * ceiling);
}
