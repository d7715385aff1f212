/** Bounds on event subscriptions. */
export interface EventLimits {
  /** Subscriptions one session, or one caller without a session, may hold at once. Default 16. */
  readonly maxPerOwner?: number | undefined;
  /** Subscriptions of all callers together. Default 1000. */
  readonly maxTotal?: number | undefined;
  /** Events kept for reading back. Default 256. */
  readonly keepEvents?: number | undefined;
  /** Bytes of JSON kept for reading back, and the size from which one event is dropped. Default 262,144. */
  readonly keepBytes?: number | undefined;
  /** Time without a read after which a subscription outside a session ends. Default 10 minutes. */
  readonly idleMs?: number | undefined;
  /** Time a source may take to start. Default 10 s. */
  readonly startTimeoutMs?: number | undefined;
}

export const defaultLimits: { readonly [Key in keyof EventLimits]-?: NonNullable<EventLimits[Key]> } = {
  maxPerOwner: 16,
  maxTotal: 1000,
  keepEvents: 256,
  keepBytes: 262_144,
  idleMs: 600_000,
  startTimeoutMs: 10_000,
};
