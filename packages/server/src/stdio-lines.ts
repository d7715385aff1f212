import { Transform, type Writable } from "node:stream";
import { isOpen } from "./is-open.ts";
import { isDeeperThan, maxDepth } from "./json-body.ts";

/** Bytes of one message on standard input. */
const maxLineBytes = 8 * 2 ** 20;
const newline = 10;

/** Whole lines of a client's messages; one that is too long or nests too deep is answered here and goes no further. */
export function checkedLines(output: Writable): Transform {
  let held: Buffer[] = [];
  let heldBytes = 0;

  const hold = (piece: Buffer): void => {
    heldBytes += piece.length;
    // Of a line that is too long only its length is of interest.
    if (heldBytes <= maxLineBytes) held.push(piece);
    else held = [];
  };
  const refuse = (id: string | number | null, message: string): void => {
    const error = { code: -32_600, message };
    output.write(`${JSON.stringify({ jsonrpc: "2.0", id, error })}\n`);
  };
  const take = (): Buffer | undefined => {
    const [line, bytes] = [Buffer.concat(held), heldBytes];
    [held, heldBytes] = [[], 0];
    if (bytes > maxLineBytes) {
      refuse(null, `A message of ${bytes} bytes is longer than the ${maxLineBytes} that are read.`);
      return undefined;
    }
    const text = line.length > maxDepth ? line.toString() : "";
    if (!isDeeperThan(text, maxDepth)) return line;
    refuse(idOf(text), `The message nests arrays and objects more than ${maxDepth} deep.`);
    return undefined;
  };

  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      let from = 0;
      for (let at = chunk.indexOf(newline); at >= 0; at = chunk.indexOf(newline, from)) {
        hold(chunk.subarray(from, at + 1));
        from = at + 1;
        const line = take();
        if (line !== undefined) this.push(line);
      }
      if (from < chunk.length) hold(chunk.subarray(from));
      done();
    },
  });
}

function idOf(text: string): string | number | null {
  try {
    const message: unknown = JSON.parse(text);
    const id = isOpen(message) ? message["id"] : undefined;
    return typeof id === "string" || typeof id === "number" ? id : null;
  } catch {
    return null;
  }
}
