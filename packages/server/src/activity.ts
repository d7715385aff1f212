import type { Clock } from "@parley/core";

/** What a server has done and is doing, for `/health` and metrics. */
export interface Activity {
  readonly startedAt: number;
  /** MCP requests by the era of who sent them. */
  readonly requests: { readonly modern: number; readonly legacy: number };
  readonly sessions: SessionCounts;
  readonly sse: SessionCounts;
  /** Tool calls now running. */
  readonly runningCalls: number;
  readonly draining: boolean;
}

export interface SessionCounts {
  /** Now open. */
  readonly open: number;
  /** Ended because nobody used them, or to make room for another. */
  readonly expired: number;
}

/** The fields `/health` shows of it. */
export function activityReport(activity: Activity, clock: Clock): Record<string, unknown> {
  const { requests, sessions, sse, startedAt } = activity;
  return {
    uptime_seconds: Math.floor((clock.now() - startedAt) / 1000),
    sessions: {
      open: sessions.open + sse.open,
      sse: sse.open,
      expired: sessions.expired + sse.expired,
    },
    requests,
  };
}
