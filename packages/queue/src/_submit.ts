import { digest } from "@parley/core";
import type { Context } from "./_context.ts";
import { amend, done, encode, note, refused, transition } from "./_context.ts";
import { readyState } from "./_dependants.ts";
import { diskFull } from "./_errors.ts";
import { findTask, taskId } from "./_ids.ts";
import type { TaskRow } from "./_rows.ts";
import type { Outcome, TaskInput } from "./schema.ts";

interface Draft {
  readonly input: TaskInput;
  /** JSON. */
  readonly payload: string;
  readonly parents: readonly TaskRow[];
  readonly redriveOf?: string | undefined;
}

const blocks = (parent: TaskRow, policy: TaskInput["onParentFailure"]): boolean =>
  parent.finishedAt === null || (parent.state !== "completed" && policy !== "continue");

function wakeTime({ runAt, dedup }: TaskInput, wall: number): number | null {
  const earliest = runAt === undefined ? 0 : Date.parse(runAt);
  const calm = dedup?.mode === "debounce" ? wall + dedup.windowMs : 0;
  return Math.max(earliest, calm) > wall ? Math.max(earliest, calm) : null;
}

/** The row of a new task. */
export function newRow(context: Context, { input, parents, redriveOf }: Omit<Draft, "payload">): TaskRow {
  const { settings, time } = context;
  const waitingOn = parents.filter((parent) => blocks(parent, input.onParentFailure)).length;
  const wakeAt = wakeTime(input, time.wall);
  const seq = context.nextSeq();
  return {
    seq,
    id: taskId(seq, context.newId()),
    queue: input.queue,
    kind: input.kind,
    state: readyState({ wakeAt, waitingOn }, time.wall),
    priority: input.priority,
    rank: time.wall + input.priority * settings.agingMs,
    readyAt: time.wall,
    parked: 0,
    wakeAt,
    token: null,
    worker: null,
    leaseMs: null,
    leaseUntil: null,
    attemptEnd: null,
    cancelEnd: null,
    alarmAt: null,
    attempt: 0,
    failures: 0,
    crashes: 0,
    maxAttempts: input.maxAttempts ?? settings.maxAttempts,
    attemptTimeoutMs: input.attemptTimeoutMs ?? settings.attemptTimeoutMs,
    deadlineAt: input.deadlineAt === undefined ? null : Date.parse(input.deadlineAt),
    waitingOn,
    onParentFailure: input.onParentFailure,
    concurrencyKey: input.concurrencyKey ?? null,
    actor: input.actor,
    redriveOf: redriveOf ?? null,
    createdAt: time.wall,
    startedAt: null,
    finishedAt: null,
  };
}

/** Counts a new task and writes its first event. */
export function recordSubmission(
  { unit, time }: Context,
  row: TaskRow,
  parents: readonly TaskRow[] = [],
): void {
  const { queue, state, kind, priority, actor, redriveOf } = row;
  unit.count(queue, state, 1);
  const dependsOn = parents.length > 0 ? { dependsOn: parents.map(({ id }) => id) } : {};
  const source = redriveOf === null ? {} : { redriveOf };
  const data = { kind, priority, ...dependsOn, ...source };
  unit.record({ type: "submitted", queue, task: row, to: state, actor, data }, time);
}

/** Stores a task; one whose parent has already failed ends at once by its policy. */
export function insertTask(context: Context, draft: Draft): TaskRow {
  const { statements } = context;
  const row = newRow(context, draft);
  const { input, parents } = draft;
  statements.insertTasks([row]);
  statements.insertContents([{ seq: row.seq, payload: draft.payload, notes: null }]);
  for (const parent of parents) statements.insertParent(row.seq, parent.seq);
  recordSubmission(context, row, parents);
  const failed = parents.find(
    (parent) => parent.finishedAt !== null && blocks(parent, input.onParentFailure),
  );
  if (!failed) return row;
  const skip = input.onParentFailure === "skip";
  const change = skip
    ? ({ name: "skipped", to: "skipped" } as const)
    : ({ name: "parent_failed", to: "failed" } as const);
  return transition(context, row, { ...change, data: { parent: failed.id } });
}

type Known = { readonly hash: string; readonly seq: number; readonly expiresAt: number };

/** The part of a submission that must be the same under the same idempotency key. */
function contentHash(input: TaskInput, parents: readonly TaskRow[]): string {
  return digest({
    ...input,
    actor: undefined,
    idempotencyKey: undefined,
    dependsOn: parents.map(({ id }) => id),
  });
}

function findRepeat(context: Context, input: TaskInput, hash: string): Outcome | undefined {
  const { actor, queue, idempotencyKey: key } = input;
  if (key === undefined) return undefined;
  const known = context
    .sql<[string, string, string], Known>(
      "SELECT * FROM idempotency WHERE actor = ? AND queue = ? AND key = ?",
    )
    .get(actor, queue, key);
  if (!known || known.expiresAt <= context.time.wall) return undefined;
  const row = context.statements.taskBySeq.get(known.seq);
  if (!row) return undefined;
  if (known.hash === hash) return done(row, { repeated: true });
  const message = `The idempotency key ${JSON.stringify(key)} names another task: use a new key for new content.`;
  return refused("idempotency_conflict", message, row);
}

function remember(context: Context, input: TaskInput, { seq, hash }: { seq: number; hash: string }): void {
  const { sql, time, settings } = context;
  if (input.idempotencyKey !== undefined) {
    sql<[string, string, string, string, number, number]>(
      "INSERT OR REPLACE INTO idempotency VALUES (?, ?, ?, ?, ?, ?)",
    ).run(input.actor, input.queue, input.idempotencyKey, hash, seq, time.wall + settings.idempotencyMs);
  }
  if (input.dedup) {
    const { key, windowMs } = input.dedup;
    sql<[string, string, number, number]>("INSERT OR REPLACE INTO dedup VALUES (?, ?, ?, ?)").run(
      input.queue,
      key,
      seq,
      time.wall + windowMs,
    );
  }
}

function findDuplicate(context: Context, input: TaskInput, payload: string): Outcome | undefined {
  const { dedup, queue, actor } = input;
  if (!dedup) return undefined;
  const { statements, time } = context;
  const known = context
    .sql<[string, string], { seq: number; until: number }>(
      "SELECT seq, until FROM dedup WHERE queue = ? AND key = ?",
    )
    .get(queue, dedup.key);
  const row = known && statements.taskBySeq.get(known.seq);
  if (!known || !row) return undefined;
  if (dedup.mode === "debounce") {
    if (row.state !== "scheduled") return undefined;
    statements.setContent.payload(payload, row.seq);
    const later = amend(context, row, { wakeAt: wakeTime(input, time.wall) ?? time.wall });
    note(context, later, { type: "replaced", actor });
    return done(later, { repeated: true });
  }
  const same = dedup.mode === "simple" ? row.finishedAt === null : known.until > time.wall;
  return same ? done(row, { repeated: true }) : undefined;
}

/** A task submitted together with others: its ref names it to them. */
export interface Submission {
  readonly input: TaskInput;
  /** Rows of the same flow by ref. */
  readonly flow?: ReadonlyMap<string, TaskRow> | undefined;
}

/** The answer to a payload that exceeds the limit. */
export const tooLarge = (problem: string): Outcome =>
  refused("payload_too_large", `The payload was not taken: ${problem}.`);

/** Submits one task unless its like is there. */
export function submit(context: Context, { input, flow }: Submission): { outcome: Outcome; row?: TaskRow } {
  if (context.nearlyFull()) throw diskFull(context.settings.path);
  const encoded = encode(context, input.payload);
  if ("problem" in encoded) return { outcome: tooLarge(encoded.problem) };
  const parents: TaskRow[] = [];
  for (const name of new Set(input.dependsOn)) {
    const parent = flow?.get(name) ?? findTask(context.statements, name);
    if (!parent) {
      return {
        outcome: refused("dependency_unknown", `No task ${JSON.stringify(name)} to depend on.`, { id: name }),
      };
    }
    parents.push(parent);
  }
  const hash = input.idempotencyKey === undefined ? "" : contentHash(input, parents);
  const found = findRepeat(context, input, hash) ?? findDuplicate(context, input, encoded.text);
  if (found) {
    const row = found.ok ? findTask(context.statements, found.id) : undefined;
    return row ? { outcome: found, row } : { outcome: found };
  }
  const row = insertTask(context, { input, payload: encoded.text, parents });
  remember(context, input, { seq: row.seq, hash });
  return { outcome: done(row), row };
}
