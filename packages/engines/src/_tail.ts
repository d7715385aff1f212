import { constants } from "node:fs";
import { open } from "node:fs/promises";
import { ParleyError } from "@parley/core";
import { isMissing } from "./_job-store.ts";

/** A piece of a growing file. */
export interface Piece {
  readonly text: string;
  readonly cursor: string;
  /** Whether the file had nothing more at the time of reading. */
  readonly atEnd: boolean;
}

/** Bytes at the end that are the beginning of a UTF-8 sequence still to be completed: 0 to 3. */
export function incompleteTail(bytes: Uint8Array): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back += 1) {
    const byte = bytes[bytes.length - back] ?? 0;
    if ((byte & 0xc0) === 0x80) continue;
    const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1;
    return length > back ? back : 0;
  }
  return 0;
}

/** @throws ParleyError `E_ARGUMENT_INVALID` when the cursor is not one of ours */
export function readCursor(cursor: string | undefined): number {
  if (cursor === undefined) return 0;
  if (/^\d{1,15}$/.test(cursor)) return Number(cursor);
  throw new ParleyError(
    "E_ARGUMENT_INVALID",
    `${JSON.stringify(cursor.slice(0, 40))} is no log cursor: pass the one of an earlier answer.`,
  );
}

/**
 * Reads a growing text file from a byte cursor on, never splitting a character.
 * @param ended - whether the writer is gone: then an incomplete last character is given out as U+FFFD.
 */
export async function readPiece(
  path: string,
  options: { cursor: string | undefined; maxBytes: number; ended: boolean },
): Promise<Piece> {
  const start = readCursor(options.cursor);
  const size = Math.max(4, Math.min(options.maxBytes, 16 * 2 ** 20));
  try {
    const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    try {
      const buffer = new Uint8Array(size);
      const { bytesRead } = await file.read(buffer, 0, size, start);
      const { size: total } = await file.stat();
      const reachedEnd = start + bytesRead >= total;
      const bytes = buffer.subarray(0, bytesRead);
      const kept = bytes.subarray(
        0,
        bytes.length - (reachedEnd && options.ended ? 0 : incompleteTail(bytes)),
      );
      return {
        text: new TextDecoder("utf-8", { ignoreBOM: true }).decode(kept),
        cursor: String(start + kept.length),
        atEnd: reachedEnd,
      };
    } finally {
      await file.close();
    }
  } catch (error) {
    if (isMissing(error)) return { text: "", cursor: String(start), atEnd: true };
    throw new ParleyError("E_ENGINE_OUTPUT", `The job's output ${path} could not be read.`, { cause: error });
  }
}
