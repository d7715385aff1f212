import type { Database } from "@parley/databases";
import type { RunState } from "../machine/state.ts";
import { readEvents, readRecord, replay, runsCollection } from "./run-log.ts";
import type { LoggedEvent } from "./run-log.ts";
import { RunRecord } from "./run-record.ts";

/** Options of {@link listRuns}. */
export interface ListRunsOptions {
  /** The most runs. Default 50. */
  readonly limit?: number | undefined;
  /** Runs of plans inside plans as well. */
  readonly inner?: boolean | undefined;
}

/** The latest runs of a store, newest first. */
export async function listRuns(
  database: Database,
  { limit = 50, inner = false }: ListRunsOptions = {},
): Promise<readonly RunRecord[]> {
  let latest: RunRecord[] = [];
  for (let after: string | undefined; ;) {
    const found = await database.list(runsCollection, { after, limit: 1000 });
    const records = found.flatMap(({ value }) => RunRecord.safeParse(value).data ?? []);
    latest = [...latest, ...records.filter(({ parent }) => inner || parent === undefined)].slice(-limit);
    if (found.length < 1000) return latest.toReversed();
    after = found.at(-1)?.id;
  }
}

/** A run, whole. */
export interface RunHistory {
  readonly record: RunRecord;
  readonly state: RunState;
  readonly events: readonly LoggedEvent[];
}

/** One run with its log, for whoever shows it later. @throws `E_RUN_UNKNOWN`, `E_DATABASE_CORRUPT` */
export async function readRun(database: Database, id: string): Promise<RunHistory> {
  const { value: record } = await readRecord(database, id);
  const events = await readEvents(database, id);
  return { record, state: replay(events), events };
}
