import type { ContentRow, TaskRow } from "./_rows.ts";

/** A task that can be claimed. */
export interface Head {
  readonly row: TaskRow;
  /** JSON; `null` where the content is too large, or too much, to be read ahead. */
  readonly payload: ContentRow["payload"] | null;
}

/** Most tasks read ahead of the claims that will take them. */
const mostAhead = 128;
/** Queues whose lines are kept; with more of them all are forgotten, so that memory is bounded. */
const mostLines = 64;

interface Line {
  heads: readonly Head[];
  /** Heads before it were given out. */
  at: number;
  /** Nothing is pending beyond these. */
  whole: boolean;
  /** How many are read at once: doubled when all were used, halved when some were read in vain. */
  size: number;
}

type Place = Pick<TaskRow, "rank" | "seq">;

const isAfter = (one: Place, other: Place): boolean =>
  one.rank > other.rank || (one.rank === other.rank && one.seq > other.seq);

const isClaimable = ({ state, parked }: TaskRow): boolean => state === "pending" && parked === 0;

/** The beginning of every queue's line, read ahead. As there is one writer, it is told of every change. */
export interface Heads {
  /** The first tasks of a queue, best rank first. They stay in line until they are written. */
  readonly first: (queue: string, wanted: number) => readonly Head[];
  readonly added: (rows: readonly TaskRow[]) => void;
  readonly changed: (before: TaskRow, after: TaskRow) => void;
  /** The content of a task is not what it was. */
  readonly touched: (seq: number) => void;
  readonly clear: () => void;
}

function drop(line: Line): void {
  line.heads = [];
  line.at = 0;
  line.whole = false;
  line.size = Math.max(1, line.size >> 1);
}

/** One that stands behind what was read ahead only says that there is more. */
function enter(line: Line, row: TaskRow): void {
  const last = line.heads.at(-1)?.row;
  if (line.at === line.heads.length || last === undefined || isAfter(row, last)) line.whole = false;
  else drop(line);
}

/** The first one is taken in its turn; one from the middle leaves a gap. */
function leave(line: Line, row: TaskRow): void {
  const last = line.heads.at(-1)?.row;
  if (line.heads[line.at]?.row.seq === row.seq) line.at += 1;
  else if (last !== undefined && !isAfter(row, last)) drop(line);
}

/** @param read - the first tasks of a queue as they are stored */
export function createHeads(read: (queue: string, limit: number) => readonly Head[]): Heads {
  const lines = new Map<string, Line>();

  const lineOf = (queue: string): Line => {
    let line = lines.get(queue);
    if (!line) {
      if (lines.size >= mostLines) lines.clear();
      lines.set(queue, (line = { heads: [], at: 0, whole: false, size: 1 }));
    }
    return line;
  };

  return {
    first(queue, wanted) {
      const line = lineOf(queue);
      const { heads, at } = line;
      if (heads.length - at < wanted && !line.whole) {
        if (at > 0 && at === heads.length) line.size = Math.min(mostAhead, line.size * 2);
        const limit = Math.max(wanted, line.size);
        line.heads = read(queue, limit);
        line.at = 0;
        line.whole = line.heads.length < limit;
      }
      return line.heads.slice(line.at, line.at + wanted);
    },
    added(rows) {
      for (const row of rows) {
        const line = isClaimable(row) ? lines.get(row.queue) : undefined;
        if (line) enter(line, row);
      }
    },
    changed(before, after) {
      const [was, is] = [isClaimable(before), isClaimable(after)];
      const line = was || is ? lines.get(after.queue) : undefined;
      if (!line) return;
      if (was && is) drop(line);
      else if (was) leave(line, before);
      else enter(line, after);
    },
    touched(seq) {
      for (const line of lines.values()) if (line.heads.some(({ row }) => row.seq === seq)) drop(line);
    },
    clear: () => lines.clear(),
  };
}
