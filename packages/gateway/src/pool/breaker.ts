import type { Clock } from "@parley/core";

/** `closed` lets calls through, `open` none, `half-open` one that finds out whether the server is back. */
export type BreakerState = "closed" | "open" | "half-open";

/** When a breaker opens, and for how long. */
export interface BreakerSettings {
  /** Failures in a row that open it. */
  readonly failures: number;
  /** Time it stays open; twice as long after each probe that fails, up to ten times. */
  readonly cooldownMs: number;
}

export const defaultBreaker: BreakerSettings = { failures: 5, cooldownMs: 10_000 };

const mostCooldowns = 10;

/** Keeps calls from a server that fails: they would wait for what does not come, and keep it from recovering. */
export interface Breaker {
  readonly state: BreakerState;
  /** Milliseconds until it lets a call through; 0 when it does. */
  readonly waitMs: number;
  /** Lets a call through, which `end` must be told of; nothing where none may pass. */
  enter(): Passage | undefined;
}

/** A call that was let through. */
export interface Passage {
  /** @param how - `unknown` for a call that its caller ended, which says nothing of the server */
  end(how: "ok" | "failed" | "unknown"): void;
}

export function createBreaker({ failures, cooldownMs }: BreakerSettings, clock: Clock): Breaker {
  let inRow = 0;
  let cooldowns = 1;
  let openUntil: number | undefined;
  let probe: Passage | undefined;

  const open = (): void => {
    openUntil = clock.now() + Math.min(cooldowns, mostCooldowns) * cooldownMs;
    cooldowns *= 2;
  };
  const close = (): void => {
    openUntil = undefined;
    cooldowns = 1;
    inRow = 0;
  };
  const isOver = (): boolean => openUntil !== undefined && clock.now() >= openUntil;
  const startProbe = (): Passage => {
    const passage: Passage = {
      end(how) {
        if (probe !== passage) return;
        probe = undefined;
        if (how === "ok") close();
        else if (how === "failed") open();
      },
    };
    probe = passage;
    return passage;
  };
  const startCall = (): Passage => {
    let ended = false;
    return {
      end(how) {
        // A call from before it opened tells nothing new.
        if (ended || openUntil !== undefined) return;
        ended = true;
        if (how === "ok") inRow = 0;
        if (how === "failed" && (inRow += 1) >= failures) open();
      },
    };
  };
  return {
    get state() {
      if (openUntil === undefined) return "closed";
      return isOver() ? "half-open" : "open";
    },
    get waitMs() {
      if (openUntil === undefined || (isOver() && probe === undefined)) return 0;
      return Math.max(1, openUntil - clock.now());
    },
    enter() {
      if (openUntil === undefined) return startCall();
      return isOver() && probe === undefined ? startProbe() : undefined;
    },
  };
}
