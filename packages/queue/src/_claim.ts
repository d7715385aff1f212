import { isoTime } from "@parley/core";
import { findTask } from "./_ids.ts";
import type { Context } from "./_context.ts";
import { amend, transition } from "./_context.ts";
import { readNotes } from "./_notes.ts";
import { createRoom } from "./_room.ts";
import type { TaskRow } from "./_rows.ts";
import { promoteDue } from "./_sweep.ts";
import type { ClaimRequest, Lease } from "./schema.ts";

/** Rounds in which tasks of saturated keys are moved out of the way before a claim answers with what it has. */
const longestSearch = 100;
/** Tasks looked at in each round after the first. */
const searchRows = 100;

function isSaturated({ settings, statements }: Context, { concurrencyKey }: TaskRow): boolean {
  const { perKey } = settings.limits;
  if (concurrencyKey === null || perKey === undefined) return false;
  return (statements.runningOfKey.get(concurrencyKey) ?? 0) >= perKey;
}

function take(context: Context, row: TaskRow, { worker, leaseMs }: ClaimRequest): Lease {
  const { time, settings, statements } = context;
  const length = leaseMs ?? settings.leaseMs;
  const token = context.newId();
  const next = transition(context, row, {
    name: "claimed",
    to: "running",
    actor: worker,
    data: { waitMs: Math.max(0, time.wall - row.readyAt) },
    patch: {
      token,
      worker,
      leaseMs: length,
      leaseUntil: time.steady + length,
      attemptEnd: time.steady + row.attemptTimeoutMs,
      attempt: row.attempt + 1,
      startedAt: time.wall,
    },
  });
  const content = statements.contentBySeq.get(row.seq);
  const { id, queue, kind, priority, attempt, failures, deadlineAt } = next;
  return {
    id,
    token,
    queue,
    kind,
    attempt,
    leaseUntil: isoTime(time.wall + length),
    leaseMs: length,
    payload: JSON.parse(content?.payload ?? "null"),
    priority,
    failures,
    notes: readNotes(content),
    ...(deadlineAt === null ? {} : { deadlineAt: isoTime(deadlineAt) }),
  };
}

/** Gives out tasks that are asked for by their ids, within every limit. */
function claimNamed(context: Context, request: ClaimRequest, ids: readonly string[]): readonly Lease[] {
  const room = createRoom(context);
  const leases: Lease[] = [];
  for (const id of new Set(ids)) {
    const row = findTask(context.statements, id);
    if (leases.length === request.limit) break;
    if (row?.state !== "pending" || room.left(row.queue) < 1 || isSaturated(context, row)) continue;
    leases.push(take(context, row, request));
    room.use(row.queue);
  }
  room.write();
  return leases;
}

/** Gives out the tasks that are next, best rank first, within every limit. */
export function claim(context: Context, request: ClaimRequest): readonly Lease[] {
  const { statements, unit } = context;
  if (request.ids !== undefined) return claimNamed(context, request, request.ids);
  const queues = [...new Set(request.queues)];
  const leases: Lease[] = [];
  const room = createRoom(context);
  const maySleep = queues.some(
    (queue) => unit.tasksIn(queue, "scheduled") + unit.tasksIn(queue, "retry_wait") > 0,
  );
  if (maySleep) promoteDue(context, request.limit);
  let parked = 0;
  for (let round = 0; round === 0 || (parked > 0 && round < longestSearch); round += 1) {
    parked = 0;
    const heads = queues.flatMap((queue) => {
      const wanted = Math.min(request.limit - leases.length, room.left(queue));
      if (wanted < 1) return [];
      return statements.heads.all(queue, round === 0 ? wanted : Math.max(wanted, searchRows));
    });
    if (queues.length > 1)
      heads.sort(([leftSeq, left], [rightSeq, right]) => left - right || leftSeq - rightSeq);
    for (const [seq] of heads) {
      const row = statements.taskBySeq.get(seq);
      if (!row || leases.length === request.limit || room.left(row.queue) < 1) continue;
      if (isSaturated(context, row)) {
        amend(context, row, { parked: 1 });
        parked += 1;
      } else {
        leases.push(take(context, row, request));
        room.use(row.queue);
      }
    }
    if (leases.length === request.limit) break;
  }
  room.write();
  return leases;
}
