import type { BatchJob } from "../batch-job.ts";
import type { Pen } from "../writing.ts";

/** What a scheduler fills into the path of an output file. */
export type Placeholder = "jobId" | "jobName" | "arrayJobId" | "arrayIndex" | "user" | "node";

const placeholders: ReadonlySet<string> = new Set<Placeholder>([
  "jobId",
  "jobName",
  "arrayJobId",
  "arrayIndex",
  "user",
  "node",
]);
const isPlaceholder = (text: string): text is Placeholder => placeholders.has(text);

/** A path as literal text and placeholders. */
export type PathPart = string | { readonly fill: Placeholder };

/** Builds the neutral form: `out-%{jobId}`, a per cent sign doubled. */
export function joinPath(parts: readonly PathPart[]): string {
  return parts
    .map((part) => (typeof part === "string" ? part.replaceAll("%", "%%") : `%{${part.fill}}`))
    .join("");
}

/** Takes the neutral form apart. */
export function pathParts(path: string): PathPart[] {
  return path
    .split(/(%%|%\{[A-Za-z]+\})/)
    .filter((piece) => piece !== "")
    .map((piece) => {
      const name = /^%\{([A-Za-z]+)\}$/.exec(piece)?.[1] ?? "";
      if (isPlaceholder(name)) return { fill: name };
      return piece === "%%" ? "%" : piece;
    });
}

/** Reads a scheduler's path: `pattern` matches its placeholders, `meaning` says what one stands for. */
export function readPath(text: string, pattern: RegExp, meaning: (match: string) => PathPart): string {
  const parts: PathPart[] = [];
  let at = 0;
  for (const match of text.matchAll(pattern)) {
    if (match.index > at) parts.push(text.slice(at, match.index));
    parts.push(meaning(match[0]));
    at = match.index + match[0].length;
  }
  if (at < text.length) parts.push(text.slice(at));
  return joinPath(parts);
}

/** A path in a scheduler's spelling, and the placeholders it has no word for. */
export interface WrittenPath {
  readonly text: string;
  readonly missing: readonly Placeholder[];
  /** Whether some of its text will be filled in, which was not meant to be. */
  readonly clash: boolean;
}

/** How a scheduler spells placeholders. */
export interface PathWords {
  readonly words: Readonly<Partial<Record<Placeholder, string>>>;
  /** Escapes text that would be read as one. */
  readonly literal?: ((text: string) => string) | undefined;
  /** Text it fills in, where nothing escapes it. */
  readonly taken?: RegExp | undefined;
}

/** Writes the neutral form with a scheduler's own words. */
export function writePath(path: string, { words, literal = (text) => text, taken }: PathWords): WrittenPath {
  const missing: Placeholder[] = [];
  const parts = pathParts(path);
  const text = parts.map((part) => {
    if (typeof part === "string") return literal(part);
    const word = words[part.fill];
    if (word === undefined) missing.push(part.fill);
    return word ?? "";
  });
  const plain = parts.map((part) => (typeof part === "string" ? part : "/")).join("");
  return { text: text.join(""), missing, clash: taken?.test(plain) ?? false };
}

/** Writes a path, or reports that the scheduler cannot say it. */
export function pathOrLoss(
  field: "output" | "error" | "input",
  { job, pen }: { readonly job: BatchJob; readonly pen: Pen },
  words: PathWords,
): string | undefined {
  const { text, missing, clash } = writePath(job[field] ?? "", words);
  if (missing.length > 0)
    pen.lose(field, `No word for ${missing.join(", ")} in a path: the default name holds.`);
  else if (clash) pen.approximate(field, "A part of the path is filled in by the scheduler.");
  return missing.length > 0 ? undefined : text;
}
