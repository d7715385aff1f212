/** What clients of a queue saw, by the value each task carries. */
export interface QueueHistory {
  /** Submissions that were sent, answered or not. */
  readonly attempted: Iterable<string>;
  /** Submissions that were answered with yes. */
  readonly acknowledged: Iterable<string>;
  /** One entry per completion that was answered with yes, or found in the queue at the end. */
  readonly completed: Iterable<string>;
}

/** Every value in its class; see {@link checkTotalQueue}. */
export interface TotalQueueReport {
  readonly valid: boolean;
  readonly ok: number;
  /** Acknowledged, never completed. */
  readonly lost: readonly string[];
  /** Completed, never submitted. */
  readonly unexpected: readonly string[];
  /** Completed more than once. */
  readonly duplicated: readonly string[];
  /** Completed although nobody learned that the submission had worked. */
  readonly recovered: readonly string[];
}

/**
 * What goes in must come out: sorts the values of a finished history into ok, lost, unexpected, duplicated and
 * recovered. Valid when nothing is lost, unexpected or duplicated.
 * @see https://github.com/jepsen-io/jepsen (checker/total-queue, which allows duplicates; ours does not)
 */
export function checkTotalQueue(history: QueueHistory): TotalQueueReport {
  const attempted = new Set(history.attempted);
  const acknowledged = new Set(history.acknowledged);
  const times = new Map<string, number>();
  for (const value of history.completed) times.set(value, (times.get(value) ?? 0) + 1);
  const lost = [...acknowledged].filter((value) => !times.has(value));
  const unexpected = [...times.keys()].filter((value) => !attempted.has(value));
  const duplicated = [...times].filter(([, count]) => count > 1).map(([value]) => value);
  const recovered = [...times.keys()].filter((value) => attempted.has(value) && !acknowledged.has(value));
  return {
    valid: lost.length + unexpected.length + duplicated.length === 0,
    ok: [...acknowledged].filter((value) => times.has(value)).length,
    lost,
    unexpected,
    duplicated,
    recovered,
  };
}
