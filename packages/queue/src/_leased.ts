import type { TaskRow } from "./_rows.ts";
import { isLeased } from "./states.ts";

/** More leases than this are read from the file again. */
const mostKept = 16_384;

/** Rows of tasks in workers' hands as they were last written: the next word about them comes soon. */
export interface Leased {
  readonly get: (seq: number) => TaskRow | undefined;
  readonly changed: (after: TaskRow) => void;
  readonly clear: () => void;
}

/** As there is one writer, a row that is kept is the row that is stored. */
export function createLeased(): Leased {
  const rows = new Map<number, TaskRow>();
  return {
    get: (seq) => rows.get(seq),
    changed(after) {
      if (!isLeased(after.state)) rows.delete(after.seq);
      else {
        if (rows.size >= mostKept) rows.clear();
        rows.set(after.seq, after);
      }
    },
    clear: () => rows.clear(),
  };
}
