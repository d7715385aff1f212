/** What a breaker watches; what is absent has no limit. */
export interface SafetyLimits {
  /** Attempts. */
  readonly maxIterations?: number | undefined;
  /** From the first attempt on. */
  readonly maxWallSeconds?: number | undefined;
  readonly maxCostUsd?: number | undefined;
  /** Of models, in and out. */
  readonly maxTokens?: number | undefined;
  readonly maxConsecutiveFailures?: number | undefined;
  /** Share of failures among the last `window` attempts, once there are that many. */
  readonly maxFailureRatio?: { readonly ratio: number; readonly window: number } | undefined;
  /** Failures in a row with the same words, numbers and ids aside. */
  readonly maxIdenticalErrors?: number | undefined;
  /** Failed attempts in a row that made again what an attempt at the same task had made. */
  readonly maxWithoutProgress?: number | undefined;
}

/** Limits that stop a machine that has gone wrong and do not get in the way of one that works. */
export const defaultLimits: SafetyLimits = {
  maxConsecutiveFailures: 5,
  maxFailureRatio: { ratio: 0.8, window: 20 },
  maxIdenticalErrors: 4,
  maxWithoutProgress: 3,
};
