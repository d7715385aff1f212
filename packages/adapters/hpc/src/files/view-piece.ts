import { z } from "zod";
import type { TextPiece } from "./read.ts";

/** A piece of a file as the tools show it. */
export const FilePiece = z.object({
  path: z.string(),
  content: z.string(),
  size_bytes: z.number(),
  /** Byte the content begins at. */
  start: z.number(),
  /** Absent at the end. */
  next_cursor: z.string().optional(),
  /** Whether it holds bytes no text has. */
  binary: z.boolean(),
});
export type FilePiece = z.infer<typeof FilePiece>;

/** Shows a piece. */
export function viewPiece(piece: TextPiece): FilePiece {
  const { real, text, sizeBytes, start, binary, atEnd, next } = piece;
  return {
    path: real,
    content: text,
    size_bytes: sizeBytes,
    start,
    ...(atEnd ? {} : { next_cursor: next }),
    binary,
  };
}

/** A piece in words. */
export function sayPiece({ content, binary, size_bytes, next_cursor }: FilePiece): string {
  if (binary) return `Not text: ${String(size_bytes)} bytes.`;
  const shown = content === "" ? "(empty)" : content;
  return next_cursor === undefined ? shown : `${shown}\n... more with cursor ${JSON.stringify(next_cursor)}`;
}
