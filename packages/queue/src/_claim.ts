import { isoTime } from "@parley/core";
import { findTask } from "./_ids.ts";
import type { Context } from "./_context.ts";
import type { Head } from "./_heads.ts";
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

/** Claims of one transaction mostly end at one time, which is put into words once. */
function createLastTime(): (milliseconds: number) => string {
  let [last, text] = [Number.NaN, ""];
  return (milliseconds) => {
    if (milliseconds !== last) [last, text] = [milliseconds, isoTime(milliseconds)];
    return text;
  };
}

const leaseEnd = createLastTime();

/** What a worker is told of a task; read from the file where it was not read ahead. */
function contentOf({ statements }: Context, { row, payload }: Head): Pick<Lease, "payload" | "notes"> {
  if (payload !== null) return { payload: JSON.parse(payload), notes: [] };
  const content = statements.contentBySeq.get(row.seq);
  return { payload: JSON.parse(content?.payload ?? "null"), notes: readNotes(content) };
}

function take(context: Context, head: Head, { worker, leaseMs }: ClaimRequest): Lease {
  const { time, settings } = context;
  const { row } = head;
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
  const { id, queue, kind, priority, attempt, failures, deadlineAt } = next;
  return {
    id,
    token,
    queue,
    kind,
    attempt,
    leaseUntil: leaseEnd(time.wall + length),
    leaseMs: length,
    priority,
    failures,
    ...contentOf(context, head),
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
    leases.push(take(context, { row, payload: null }, request));
    room.use(row.queue);
  }
  room.write();
  return leases;
}

/** The heads of several lines as one line. */
function inOrder(lines: readonly (readonly Head[])[]): readonly Head[] {
  const [only] = lines;
  if (only && lines.length === 1) return only;
  return lines
    .flat()
    .toSorted(({ row: left }, { row: right }) => left.rank - right.rank || left.seq - right.seq);
}

/** Gives out the tasks that are next, best rank first, within every limit. */
export function claim(context: Context, request: ClaimRequest): readonly Lease[] {
  const { statements, unit } = context;
  if (request.ids !== undefined) return claimNamed(context, request, request.ids);
  const queues = request.queues.length === 1 ? request.queues : [...new Set(request.queues)];
  const leases: Lease[] = [];
  const room = createRoom(context);
  const maySleep = queues.some(
    (queue) => unit.tasksIn(queue, "scheduled") + unit.tasksIn(queue, "retry_wait") > 0,
  );
  if (maySleep) promoteDue(context, request.limit);
  let parked = 0;
  for (let round = 0; round === 0 || (parked > 0 && round < longestSearch); round += 1) {
    parked = 0;
    const headsOf = (queue: string): readonly Head[] => {
      const wanted = Math.min(request.limit - leases.length, room.left(queue));
      if (wanted < 1) return [];
      return statements.heads(queue, round === 0 ? wanted : Math.max(wanted, searchRows));
    };
    const heads = inOrder(queues.map(headsOf));
    for (const head of heads) {
      const { row } = head;
      if (leases.length === request.limit || room.left(row.queue) < 1) continue;
      if (isSaturated(context, row)) {
        amend(context, row, { parked: 1 });
        parked += 1;
      } else {
        leases.push(take(context, head, request));
        room.use(row.queue);
      }
    }
    if (leases.length === request.limit) break;
  }
  room.write();
  return leases;
}
