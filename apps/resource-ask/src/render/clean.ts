import { stripVTControlCharacters } from "node:util";

/** Text of someone else on one line of a terminal: no escape sequences, no control or direction characters, bounded. */
export function clean(text: string, longest = 200): string {
  const line = stripVTControlCharacters(text.slice(0, longest * 8))
    .replace(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, " ")
    .replace(/\p{Cf}/gu, "")
    .trim();
  return line.length > longest ? `${line.slice(0, longest - 1)}…` : line;
}

/** A line of a job's output: as {@link clean}, but with its spaces and tabs, and never cut. */
function cleanLine(text: string): string {
  return stripVTControlCharacters(text)
    .replace(/[^\P{Cc}\t]/gu, "")
    .replace(/[\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]/g, "");
}

/** Writes a stream of pieces line by line; `end` writes what is left. */
export function lineWriter(write: (line: string) => void): { add(text: string): void; end(): void } {
  let rest = "";
  return {
    add(text) {
      const lines = (rest + text).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) write(cleanLine(line));
      if (rest.length > 65_536) {
        write(cleanLine(rest));
        rest = "";
      }
    },
    end() {
      if (rest !== "") write(cleanLine(rest));
      rest = "";
    },
  };
}
