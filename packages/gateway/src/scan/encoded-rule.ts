import type { Match, Rule } from "./rule.ts";
import { visible } from "./visible.ts";

/** Shorter runs say little, and are found in names and paths. */
const shortest = 48;
const longOpaque = 512;
const runs = /[A-Za-z0-9+/_-]{48,}={0,2}/g;

/** Text or bytes as base64, of which a person reads nothing. */
export const encodedRule: Rule = {
  id: "encoded-text",
  finds: "base64 that is text when decoded, or too long to be a key or a digest",
  isOfWords: true,
  find(text) {
    const found: Omit<Match, "rule">[] = [];
    for (const match of text.matchAll(runs)) {
      const [run] = match;
      if (!looksEncoded(run) || isPicture(text, match.index)) continue;
      const meaning = meaningOf(run);
      if (meaning === undefined) continue;
      found.push({ index: match.index, length: run.length, meaning });
      if (found.length >= 3) break;
    }
    return found;
  },
};

/** Words joined by strokes, paths and hexadecimal digests are none. */
function looksEncoded(run: string): boolean {
  return (
    run.length >= shortest &&
    /[a-z]/.test(run) &&
    /[A-Z]/.test(run) &&
    (/\d/.test(run) || run.length > 200) &&
    (run.match(/[/_-]/g)?.length ?? 0) <= run.length / 12
  );
}

function isPicture(text: string, index: number): boolean {
  return /data:(?:image|audio|font)\/[\w.+-]{1,40};base64,$/.test(text.slice(Math.max(0, index - 80), index));
}

function meaningOf(run: string): string | undefined {
  const bytes = Buffer.from(run, "base64");
  const decoded = bytes.toString("utf8");
  const printable = decoded.match(/[\p{L}\p{N}\p{P}\p{Zs}\n\t]/gu)?.length ?? 0;
  if (printable >= decoded.length * 0.95 && / /.test(decoded)) {
    return `reads ${JSON.stringify(visible(decoded).slice(0, 120))}`;
  }
  return run.length >= longOpaque ? `is ${bytes.length} bytes` : undefined;
}
