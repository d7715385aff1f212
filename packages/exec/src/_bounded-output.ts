import type { Readable } from "node:stream";

/** What was kept of one output stream. */
export interface BoundedOutput {
  text(): string;
}

/** Keeps the first `maxBytes` of a stream and reports once when there was more. */
export function collectOutput(stream: Readable, maxBytes: number, onOverflow: () => void): BoundedOutput {
  const chunks: Buffer[] = [];
  let kept = 0;
  let overflowed = false;
  stream.on("data", (chunk: Buffer) => {
    const room = maxBytes - kept;
    if (room > 0) chunks.push(chunk.length > room ? chunk.subarray(0, room) : chunk);
    kept += Math.min(room, chunk.length);
    if (chunk.length <= room || overflowed) return;
    overflowed = true;
    onOverflow();
  });
  stream.on("error", () => stream.destroy());
  return {
    // Streaming mode leaves out a character that the limit cut in two.
    text: () =>
      new TextDecoder("utf-8", { ignoreBOM: true }).decode(Buffer.concat(chunks), { stream: overflowed }),
  };
}
