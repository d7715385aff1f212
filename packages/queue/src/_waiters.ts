import type { EventRow } from "./_rows.ts";
import type { Unit } from "./_unit.ts";
import { isLeased } from "./states.ts";
import type { WaitOptions } from "./port.ts";

/** Looks again at least this often, for what no event announces: rates that refill. */
const longestNapMs = 250;

/** How long to wait for leases to come back. */
interface DrainOptions {
  /** Default 30 s. */
  readonly timeoutMs?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Calls that wait for something to happen. */
export interface Waiters {
  readonly waitFor: <Item>(
    queues: readonly string[],
    wait: WaitOptions,
    attempt: () => Promise<readonly Item[]>,
  ) => Promise<readonly Item[]>;
  readonly drain: (options: DrainOptions) => Promise<boolean>;
  readonly isDraining: () => boolean;
  readonly notice: (rows: readonly EventRow[]) => void;
  readonly close: () => void;
}

interface Sleeper {
  readonly queues: ReadonlySet<string>;
  readonly wake: () => void;
}

/** Wakes claims when tasks become ready or room is made, and a drain when the last lease ends. */
export function createWaiters({ unit, monotonicMs }: { unit: Unit; monotonicMs: () => number }): Waiters {
  const sleepers = new Set<Sleeper>();
  let draining = false;
  /** Counts commits that made tasks ready or gave leases back. */
  let noticed = 0;
  let closed = false;

  const nap = (
    queues: readonly string[],
    milliseconds: number,
    signal: AbortSignal | undefined,
  ): Promise<void> =>
    new Promise((resolve) => {
      const wake = (): void => {
        clearTimeout(timer);
        sleepers.delete(sleeper);
        signal?.removeEventListener("abort", wake);
        resolve();
      };
      const timer = setTimeout(wake, milliseconds);
      const sleeper: Sleeper = { queues: new Set(queues), wake };
      sleepers.add(sleeper);
      signal?.addEventListener("abort", wake, { once: true });
    });

  const until = async (
    queues: readonly string[],
    wait: Required<WaitOptions>,
    ready: () => Promise<boolean>,
  ): Promise<boolean> => {
    const deadline = monotonicMs() + (wait.waitMs ?? 0);
    for (;;) {
      const before = noticed;
      if (await ready()) return true;
      const left = deadline - monotonicMs();
      if (left <= 0 || closed || wait.signal?.aborted === true) return false;
      // Something came in the same commit, before this call could fall asleep.
      if (noticed !== before) continue;
      await nap(queues, Math.min(left, longestNapMs), wait.signal);
      if (closed) return false;
    }
  };

  const leasesOut = (): number => {
    let out = 0;
    for (const states of unit.counts().values())
      out += (states.get("running")?.tasks ?? 0) + (states.get("verifying")?.tasks ?? 0);
    return out;
  };

  return {
    async waitFor(queues, { waitMs: patience = 0, signal }, attempt) {
      const waitMs = Number.isNaN(patience) ? 0 : patience;
      let found: Awaited<ReturnType<typeof attempt>> = [];
      await until(queues, { waitMs, signal }, async () => {
        if (signal?.aborted === true) return false;
        found = await attempt();
        return found.length > 0 || draining;
      });
      return found;
    },
    async drain({ timeoutMs = 30_000, signal }) {
      draining = true;
      for (const { wake } of sleepers) wake();
      return await until([], { waitMs: timeoutMs, signal }, () => Promise.resolve(leasesOut() === 0));
    },
    isDraining: () => draining,
    notice(rows) {
      const queues = new Set<string>();
      let freed = false;
      for (const { queue, fromState, toState, type } of rows) {
        const ends = fromState !== null && isLeased(fromState) && toState !== null && !isLeased(toState);
        if (toState === "pending" || type === "queue_resumed") queues.add(queue);
        freed ||= ends;
      }
      if (freed || queues.size > 0) noticed += 1;
      for (const { queues: wanted, wake } of sleepers) {
        if (freed || [...wanted].some((queue) => queues.has(queue))) wake();
      }
    },
    close() {
      closed = true;
      for (const { wake } of sleepers) wake();
    },
  };
}
