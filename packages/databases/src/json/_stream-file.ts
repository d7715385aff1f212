import type { FileHandle } from "node:fs/promises";
import type { Appended, StreamEntry } from "../database.ts";
import { maxValueBytes } from "../_limits.ts";
import { corrupt } from "../_values.ts";

const newline = 0x0a;
const chunkBytes = 256 * 1024;
const maxLineBytes = maxValueBytes + 1024;

/** The end of the last whole line and the number of its entry. */
export interface Tail {
  readonly size: number;
  readonly seq: number;
}

/** Reads one line of a stream; `place` names file and offset. */
export function parseEntry(line: string, place: string): StreamEntry {
  let cause: unknown;
  try {
    const { seq, at, value }: Partial<StreamEntry> = JSON.parse(line);
    if (Number.isSafeInteger(seq) && seq && typeof at === "string" && value !== undefined)
      return { seq, at, value };
  } catch (error) {
    cause = error;
  }
  throw corrupt(place, { cause, details: { place } });
}

/** One line of a stream. */
export function formatEntry({ seq, at }: Appended, text: string): string {
  return `{"seq":${seq},"at":"${at}","value":${text}}\n`;
}

/** Finds the last whole line, reading from the end; what follows it was torn by a crash. */
export async function findTail(handle: FileHandle, file: string): Promise<Tail> {
  let start = (await handle.stat()).size;
  let known = Buffer.alloc(0);
  while (start > 0) {
    const length = Math.min(chunkBytes, start);
    start -= length;
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(length), 0, length, start);
    known = Buffer.concat([buffer.subarray(0, bytesRead), known]);
    const end = known.lastIndexOf(newline);
    const before = end <= 0 ? -1 : known.lastIndexOf(newline, end - 1);
    if (end >= 0 && (before >= 0 || start === 0)) {
      const line = known.subarray(before + 1, end).toString("utf8");
      return { size: start + end + 1, seq: parseEntry(line, `${file} at byte ${start + before + 1}`).seq };
    }
    if (known.length > 2 * maxLineBytes) throw corrupt(file, { details: { file } });
  }
  return { size: 0, seq: 0 };
}

/** Yields each whole line from an offset on, with the offset after it. */
export async function* linesFrom(
  handle: FileHandle,
  file: string,
  offset: number,
): AsyncGenerator<{ line: string; start: number; end: number }> {
  let rest = Buffer.alloc(0);
  let lineStart = offset;
  for (let position = offset; ;) {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(chunkBytes), 0, chunkBytes, position);
    if (bytesRead === 0) return;
    position += bytesRead;
    const block = Buffer.concat([rest, buffer.subarray(0, bytesRead)]);
    let from = 0;
    for (let end = block.indexOf(newline); end >= 0; end = block.indexOf(newline, from)) {
      const start = lineStart;
      lineStart += end + 1 - from;
      yield { line: block.subarray(from, end).toString("utf8"), start, end: lineStart };
      from = end + 1;
    }
    rest = block.subarray(from);
    if (rest.length > maxLineBytes) throw corrupt(`${file} at byte ${lineStart}`, { details: { file } });
  }
}
