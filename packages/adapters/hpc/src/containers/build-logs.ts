import { ParleyError } from "@parley/core";
import type { Call } from "../call.ts";

const maxCharacters = 2 * 2 ** 20;
const maxLogs = 20;
const key = "build-logs";

/** What a build printed; of a long one the beginning is dropped. */
export interface BuildLog {
  readonly id: string;
  readonly image: string;
  append(line: string): void;
  end(): void;
  readonly ended: boolean;
  /** Characters ever appended: the cursor of what comes next. */
  readonly size: number;
  read(cursor: number, maxCharacters: number): LogPiece;
}

/** A part of a log. */
interface LogPiece {
  readonly text: string;
  /** Where to read on. */
  readonly cursor: number;
  /** Characters before `text` that are not kept any more. */
  readonly dropped: number;
}

function createLog(id: string, image: string): BuildLog {
  let kept = "";
  let start = 0;
  let ended = false;
  return {
    id,
    image,
    append(line) {
      kept += `${line}\n`;
      if (kept.length <= 2 * maxCharacters) return;
      start += kept.length - maxCharacters;
      kept = kept.slice(-maxCharacters);
    },
    end: () => void (ended = true),
    get ended() {
      return ended;
    },
    get size() {
      return start + kept.length;
    },
    read(cursor, budget) {
      const from = Math.max(cursor, start);
      if (from > start + kept.length) {
        const size = String(start + kept.length);
        throw new ParleyError("E_ARGUMENT_INVALID", `The log of ${id} has ${size} characters so far.`);
      }
      const text = kept.slice(from - start, from - start + budget);
      return { text, cursor: from + text.length, dropped: from - cursor };
    },
  };
}

/** The logs of the last 20 builds of one toolkit. */
export class BuildLogs {
  readonly #logs = new Map<string, BuildLog>();

  /** The logs that the calls of one toolkit share. */
  static of({ kept }: Pick<Call, "kept">): BuildLogs {
    const found = kept.get(key);
    if (found instanceof BuildLogs) return found;
    const made = new BuildLogs();
    kept.set(key, made);
    return made;
  }

  open(id: string, image: string): BuildLog {
    const log = createLog(id, image);
    this.#logs.set(id, log);
    for (const [oldest, { ended }] of this.#logs) {
      if (this.#logs.size <= maxLogs) break;
      if (ended) this.#logs.delete(oldest);
    }
    return log;
  }

  /** @throws `E_OBJECT_UNKNOWN` */
  get(id: string): BuildLog {
    const log = this.#logs.get(id);
    if (log !== undefined) return log;
    const known = [...this.#logs.keys()].slice(-5);
    throw new ParleyError(
      "E_OBJECT_UNKNOWN",
      `No build ${id} is remembered${known.length === 0 ? "; logs end with the server" : `; the last are ${known.join(", ")}`}.`,
    );
  }
}
