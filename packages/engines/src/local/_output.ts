import { ParleyError } from "@parley/core";
import type { LogChunk } from "@parley/core";
import { open } from "node:fs/promises";

/** Enough for any character, so that a reader always gets on. */
const leastBytes = 4;

/** Bytes at the end that begin a character without ending it. */
function unfinishedBytes(bytes: Uint8Array): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back += 1) {
    const byte = bytes[bytes.length - back] ?? 0;
    if (byte >= 0xc0) {
      const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
      return length > back ? back : 0;
    }
    if (byte < 0x80) return 0;
  }
  return 0;
}

/** What is read of an output file. */
export interface OutputQuery {
  readonly cursor: string | undefined;
  readonly maxBytes: number;
  /** Whether the job had ended before this call. */
  readonly ended: boolean;
}

/**
 * Reads a piece of an output file, cut between characters. The cursor is a byte offset.
 * @throws {@link ParleyError} `E_ARGUMENT_INVALID` for a cursor that is none
 */
export async function readOutput(path: string, query: OutputQuery): Promise<LogChunk> {
  const { cursor = "0", ended } = query;
  if (!/^\d{1,15}$/.test(cursor)) {
    throw new ParleyError(
      "E_ARGUMENT_INVALID",
      "The log cursor is not one this engine gave out; leave it out.",
    );
  }
  const offset = Number(cursor);
  const maxBytes = Math.max(leastBytes, Math.min(query.maxBytes, 2 ** 24));
  const bytes = await readBytes(path, offset, maxBytes + 1);
  const atEnd = bytes.length <= maxBytes;
  const page = bytes.subarray(0, maxBytes);
  const complete = ended && atEnd;
  const kept = complete ? page : page.subarray(0, page.length - unfinishedBytes(page));
  return {
    text: new TextDecoder("utf-8", { ignoreBOM: true }).decode(kept),
    cursor: String(offset + kept.length),
    complete,
    truncated: false,
  };
}

async function readBytes(path: string, offset: number, length: number): Promise<Uint8Array> {
  let file;
  try {
    file = await open(path, "r");
  } catch {
    return new Uint8Array();
  }
  try {
    const buffer = new Uint8Array(length);
    let filled = 0;
    while (filled < length) {
      const { bytesRead } = await file.read(buffer, filled, length - filled, offset + filled);
      if (bytesRead === 0) break;
      filled += bytesRead;
    }
    return buffer.subarray(0, filled);
  } finally {
    await file.close();
  }
}
