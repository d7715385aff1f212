import { StringDecoder } from "node:string_decoder";

interface LineOptions {
  /** The most characters of one line. */
  readonly maxLength: number;
  readonly onLine: (line: string) => void;
  /** A line is longer; what follows of it is dropped. */
  readonly onTooLong: (start: string) => void;
}

/** Cuts a stream of bytes into lines. */
export function createLineReader({ maxLength, onLine, onTooLong }: LineOptions): (chunk: Buffer) => void {
  const decoder = new StringDecoder("utf8");
  const pieces: string[] = [];
  let length = 0;
  let skipping = false;

  const add = (part: string): void => {
    if (skipping || part === "") return;
    pieces.push(part);
    length += part.length;
    if (length <= maxLength) return;
    skipping = true;
    onTooLong(pieces.join("").slice(0, maxLength));
  };

  const end = (): void => {
    const line = pieces.length === 1 ? (pieces[0] ?? "") : pieces.join("");
    const whole = !skipping;
    pieces.length = 0;
    length = 0;
    skipping = false;
    if (whole) onLine(line.endsWith("\r") ? line.slice(0, -1) : line);
  };

  return (chunk) => {
    const parts = decoder.write(chunk).split("\n");
    const last = parts.pop() ?? "";
    for (const part of parts) {
      add(part);
      end();
    }
    add(last);
  };
}
