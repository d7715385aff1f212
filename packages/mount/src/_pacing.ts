import { setTimeout as sleep } from "node:timers/promises";

interface PacingOptions {
  readonly refreshMs: number;
  readonly firstBackoffMs: number;
  readonly maxBackoffMs: number;
  readonly closing: AbortSignal;
}

/** When to look at a server again. */
export interface Pacing {
  /** Waits after a look that succeeded or failed; a nudge or a loss ends the wait. */
  pause(succeeded: boolean): Promise<void>;
  /** Something has changed: look soon. Nudges of one moment count as one. */
  nudge(): void;
  /** The connection was lost: look again, later each time it is lost soon after it was found. */
  lose(): void;
}

/** Time in which several nudges are one. */
const settleMs = 50;

async function wait(milliseconds: number, signal: AbortSignal): Promise<void> {
  await sleep(milliseconds, undefined, { signal, ref: false }).catch(() => undefined);
}

export function createPacing({ refreshMs, firstBackoffMs, maxBackoffMs, closing }: PacingOptions): Pacing {
  let failures = 0;
  let waiting = new AbortController();
  let cause: "nudge" | "loss" | undefined;

  const backOff = (): Promise<void> => {
    failures += 1;
    return wait(Math.min(firstBackoffMs * 2 ** (failures - 1), maxBackoffMs), closing);
  };
  const wake = (why: typeof cause): void => {
    cause = cause === "loss" ? cause : why;
    waiting.abort();
  };

  return {
    async pause(succeeded) {
      if (!succeeded) {
        cause = undefined;
        return await backOff();
      }
      if (cause === undefined) {
        waiting = new AbortController();
        await wait(refreshMs, AbortSignal.any([closing, waiting.signal]));
      }
      const why = cause;
      cause = undefined;
      if (why === "loss") return await backOff();
      failures = 0;
      if (why === "nudge") await wait(settleMs, closing);
    },
    nudge: () => wake("nudge"),
    lose: () => wake("loss"),
  };
}
