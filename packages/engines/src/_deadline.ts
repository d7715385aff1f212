import type { EngineCallOptions } from "./engine.ts";

/** Time that is left for all the commands of one call. */
export interface Deadline {
  /** Milliseconds since the epoch. */
  readonly endsAt: number;
  readonly signal: AbortSignal | undefined;
}

export function deadlineOf(
  call: EngineCallOptions | undefined,
  defaults: { timeoutMs: number; now: () => number },
): Deadline {
  return { endsAt: defaults.now() + (call?.timeoutMs ?? defaults.timeoutMs), signal: call?.signal };
}
