import type { Context } from "./_context.ts";

/**
 * Puts steady times of an earlier process on this one's clock. While nobody owned the queue no heartbeat could
 * arrive, so silence proves nothing: every lease starts anew, and no retry waits longer than the longest pause.
 */
export function recover({ sql, statements, time, settings, unit }: Context): void {
  const { steady } = time;
  const leases = sql<[Readonly<Record<string, number>>]>(
    `UPDATE tasks SET leaseUntil = @steady + leaseMs, attemptEnd = @steady + attemptTimeoutMs,
       cancelEnd = CASE WHEN cancelEnd IS NULL THEN NULL ELSE @steady + @grace END,
       alarmAt = @steady + min(leaseMs, attemptTimeoutMs, CASE WHEN cancelEnd IS NULL THEN leaseMs ELSE @grace END)
     WHERE alarmAt IS NOT NULL`,
  ).run({ steady, grace: settings.cancelGraceMs });
  sql<[number, number]>("UPDATE tasks SET wakeAt = ? WHERE state = 'retry_wait' AND wakeAt > ?").run(
    steady + settings.backoff.capMs,
    steady + settings.backoff.capMs,
  );
  sql<[number, number]>(
    "UPDATE tasks SET rank = readyAt + priority * ? WHERE state = 'pending' AND rank <> readyAt + priority * ?",
  ).run(settings.agingMs, settings.agingMs);
  sql<[]>("UPDATE tasks SET parked = 0 WHERE parked = 1").run();
  sql<[number, number]>("UPDATE buckets SET at = ? WHERE at > ?").run(steady, steady);
  statements.forget();
  if (leases.changes > 0) {
    unit.record({ type: "leases_renewed", queue: "", data: { tasks: leases.changes } }, time);
  }
}
