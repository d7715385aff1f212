/** What may be done with calls of tools that only read, as their server's annotations say. */
export interface ReadSettings {
  /** The longest an answer is kept for the caller who got it, who may be told a shorter time; 0 (default) keeps none. */
  readonly cacheMs: number;
  /** Whether identical calls of one caller that run at once are one (default `false`). */
  readonly coalesce: boolean;
  /** Whether a second replica is asked when the first takes longer than most calls (default `true`). */
  readonly hedge: boolean;
}

export const defaultReads: ReadSettings = { cacheMs: 0, coalesce: false, hedge: true };
