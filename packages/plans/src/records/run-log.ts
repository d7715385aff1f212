import { isoTime, ParleyError } from "@parley/core";
import type { Clock } from "@parley/core";
import type { Database, Json, Stored } from "@parley/databases";
import { RunEvent } from "../machine/events.ts";
import { isMove, reduce } from "../machine/reduce.ts";
import { newRun } from "../machine/state.ts";
import type { RunState } from "../machine/state.ts";
import { RunRecord } from "./run-record.ts";

/** The collection of run records. */
export const runsCollection = "plan-runs";

/** The stream of a run's events. */
const runStream = (id: string): string => `plan-run/${id}`;

const page = 1000;

/** An event with its place in the log. */
export interface LoggedEvent {
  readonly seq: number;
  /** ISO-8601 UTC. */
  readonly at: string;
  readonly event: RunEvent;
}

/** All events of a run, after a sequence number. @throws `E_DATABASE_CORRUPT` */
export async function readEvents(database: Database, id: string, after = 0): Promise<readonly LoggedEvent[]> {
  const found: LoggedEvent[] = [];
  for (let seen = after; ;) {
    const entries = await database.read(runStream(id), { after: seen, limit: page });
    for (const { seq, at, value } of entries) {
      const parsed = RunEvent.safeParse(value);
      if (!parsed.success) throw corrupt(id, seq);
      found.push({ seq, at, event: parsed.data });
      seen = seq;
    }
    if (entries.length < page) return found;
  }
}

/** The record of a run. @throws `E_RUN_UNKNOWN`, `E_DATABASE_CORRUPT` */
export async function readRecord(database: Database, id: string): Promise<Stored<RunRecord>> {
  const stored = await database.get(runsCollection, id);
  if (stored === undefined) {
    throw new ParleyError("E_RUN_UNKNOWN", `There is no run ${id}: parley list shows the runs there are.`);
  }
  const parsed = RunRecord.safeParse(stored.value);
  if (!parsed.success) throw corrupt(id);
  return { ...stored, value: parsed.data };
}

/** The state that a log amounts to. */
export function replay(events: readonly LoggedEvent[]): RunState {
  return events.reduce((state, { event }) => reduce(state, event), newRun());
}

function corrupt(id: string, seq?: number): ParleyError {
  const where = seq === undefined ? "The record" : `Event ${seq}`;
  return new ParleyError("E_DATABASE_CORRUPT", `${where} of the run ${id} cannot be read back.`);
}

/** A run as its process writes it. */
export interface RunLog {
  readonly id: string;
  readonly record: RunRecord;
  readonly state: RunState;
  /** All of it, oldest first. */
  readonly events: readonly RunEvent[];
  /**
   * Writes an event down, then takes it in. Moves are written under the record's version: a process whose run was taken
   * over by another one gets `E_RUN_OWNED` before it does anything.
   */
  append(event: RunEvent): Promise<void>;
}

/** Opens a log for writing at the version of its record. */
export function openLog(
  database: Database,
  {
    stored,
    state,
    events,
    clock,
  }: { stored: Stored<RunRecord>; state: RunState; events: readonly RunEvent[]; clock: Clock },
): RunLog {
  let { version, value: record } = stored;
  let current = state;
  const all = [...events];
  const write = async (next: RunRecord): Promise<void> => {
    try {
      ({ version } = await database.put(runsCollection, record.id, plain(next), { ifVersion: version }));
      record = next;
    } catch (error) {
      if (!ParleyError.isInstance(error) || error.code !== "E_DATABASE_CONFLICT") throw error;
      throw new ParleyError(
        "E_RUN_OWNED",
        `Another process has taken the run ${record.id} over; this one leaves it alone.`,
        { retryable: false },
      );
    }
  };
  return {
    id: record.id,
    get record() {
      return record;
    },
    get state() {
      return current;
    },
    get events() {
      return all;
    },
    async append(event) {
      const next = reduce(current, event);
      if (isMove(event)) await write(recordAfter(record, next, isoTime(clock.now())));
      await database.append(runStream(record.id), plain(event));
      current = next;
      all.push(event);
    },
  };
}

function recordAfter(record: RunRecord, state: RunState, updatedAt: string): RunRecord {
  const { error: _before, ...rest } = record;
  const status =
    state.phase === "ended" ? (state.status ?? "failure") : state.phase === "stopped" ? "stopped" : "running";
  return {
    ...rest,
    status,
    step: state.at,
    updatedAt,
    ...(state.error === undefined ? {} : { error: state.error }),
  };
}

/** A value without what JSON has no word for. */
export function plain(value: unknown): Json {
  return JSON.parse(JSON.stringify(value)) as Json; // what JSON.parse gives is Json
}
