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
  return parts.map((part) => (typeof part === "string" ? part.replaceAll("%", "%%") : `%{${part.fill}}`)).join("");
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
export function readPath(
  text: string,
  pattern: RegExp,
  meaning: (match: string) => PathPart,
): string {
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
}

/** Writes the neutral form with a scheduler's own words; `literal` escapes what would be read as one. */
export function writePath(
  path: string,
  words: Readonly<Partial<Record<Placeholder, string>>>,
  literal: (text: string) => string = (text) => text,
): WrittenPath {
  const missing: Placeholder[] = [];
  const text = pathParts(path).map((part) => {
    if (typeof part === "string") return literal(part);
    const word = words[part.fill];
    if (word === undefined) missing.push(part.fill);
    return word ?? "";
  });
  return { text: text.join(""), missing };
}
