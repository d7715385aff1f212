import type { TaskRow } from "./_rows.ts";
import type { TaskChange } from "./_task-update.ts";

/** Rows that a transaction has changed and not yet written. */
export interface Changes {
  readonly get: (seq: number) => TaskRow | undefined;
  readonly add: (change: TaskChange) => void;
  /** Writes them: before anything reads the table, and before the commit. */
  readonly flush: () => void;
  readonly clear: () => void;
}

/** Collects changes so that rows which go the same way are written together; a row changed twice is written once. */
export function createChanges(write: (changes: Iterable<TaskChange>) => void): Changes {
  let changes = new Map<number, TaskChange>();
  const clear = (): void => {
    changes = new Map();
  };
  return {
    get: (seq) => changes.get(seq)?.after,
    add({ before, after }) {
      const known = changes.get(after.seq);
      changes.set(after.seq, { before: known?.before ?? before, after });
    },
    flush() {
      if (changes.size === 0) return;
      write(changes.values());
      clear();
    },
    clear,
  };
}
