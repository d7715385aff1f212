import type { LogChunk } from "@parley/core";
import { incompleteTail, readCursor } from "../_tail.ts";
import { fieldsOf, parseJson, textOf } from "./json.ts";

/** The bytes a job wrote to one stream or, in their order, to both, from `flux job info ID guest.output`. @see Flux RFC 24 */
export function collectOutput(ndjson: string, stream: "stdout" | "stderr" | "both"): Uint8Array {
  const pieces = ndjson.split("\n").flatMap((line) => {
    const event = fieldsOf(parseJson(line));
    const context = fieldsOf(event.get("context"));
    const data = textOf(context.get("data"));
    if (
      event.get("name") !== "data" ||
      (stream !== "both" && context.get("stream") !== stream) ||
      data === undefined
    )
      return [];
    return [Buffer.from(data, context.get("encoding") === "base64" ? "base64" : "utf8")];
  });
  return Buffer.concat(pieces);
}

/** The part of an output that follows a cursor; no character is split. */
export function sliceOutput(
  bytes: Uint8Array,
  options: { cursor: string | undefined; maxBytes: number; ended: boolean },
): LogChunk {
  const start = Math.min(readCursor(options.cursor), bytes.length);
  const piece = bytes.subarray(start, start + Math.max(4, options.maxBytes));
  const atEnd = start + piece.length >= bytes.length;
  const kept = piece.subarray(0, piece.length - (atEnd && options.ended ? 0 : incompleteTail(piece)));
  return {
    text: new TextDecoder("utf-8", { ignoreBOM: true }).decode(kept),
    cursor: String(start + kept.length),
    complete: options.ended && atEnd,
    truncated: false,
  };
}
