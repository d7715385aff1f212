import { readOffset } from "../paging.ts";
import { withFile } from "./confine.ts";
import type { Root } from "./roots.ts";

/** A piece of a text file. */
export interface TextPiece {
  readonly real: string;
  readonly text: string;
  /** Byte the text begins at. */
  readonly start: number;
  /** Where the next piece begins. */
  readonly next: string;
  readonly atEnd: boolean;
  readonly sizeBytes: number;
  /** Whether it holds bytes no text has. */
  readonly binary: boolean;
}

/** How {@link readText} reads. */
export interface ReadOptions {
  readonly roots: readonly Root[];
  readonly maxBytes: number;
  /** `end`, or a cursor. */
  readonly from: string;
}

/** Reads a bounded piece of a file inside, never splitting a character of UTF-8. @throws `E_PATH_FORBIDDEN` and others */
export async function readText(path: string, { roots, maxBytes, from }: ReadOptions): Promise<TextPiece> {
  const offset = from === "end" ? undefined : readOffset(from);
  return withFile(path, roots, async (file, real) => {
    const { size } = await file.stat();
    const begin = offset ?? Math.max(0, size - maxBytes);
    const length = Math.max(0, Math.min(maxBytes, size - begin));
    const buffer = new Uint8Array(length);
    const { bytesRead } = await file.read(buffer, 0, length, begin);
    const bytes = buffer.subarray(0, bytesRead);
    const skipped = begin > 0 && offset === undefined ? leadingRest(bytes) : 0;
    const atEnd = begin + bytesRead >= size;
    const kept = bytes.subarray(skipped, bytesRead - (atEnd ? 0 : trailingPart(bytes)));
    const start = begin + skipped;
    return {
      real,
      text: new TextDecoder("utf-8", { ignoreBOM: true }).decode(kept),
      start,
      next: String(start + kept.length),
      atEnd,
      sizeBytes: size,
      binary: kept.includes(0),
    };
  });
}

/** Bytes at the beginning that belong to a character cut off: 0 to 3. */
function leadingRest(bytes: Uint8Array): number {
  let rest = 0;
  while (rest < 3 && rest < bytes.length && ((bytes[rest] ?? 0) & 0xc0) === 0x80) rest += 1;
  return rest;
}

/** Bytes at the end that begin a character whose rest is not there: 0 to 3. */
function trailingPart(bytes: Uint8Array): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back += 1) {
    const byte = bytes[bytes.length - back] ?? 0;
    if ((byte & 0xc0) === 0x80) continue;
    const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1;
    // Four bytes at least are read, so something is always kept.
    return length > back && back < bytes.length ? back : 0;
  }
  return 0;
}
