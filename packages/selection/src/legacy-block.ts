/** A JSON object of unknown content. */
export type JsonObject = Readonly<Record<string, unknown>>;

export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Longest text looked through for a verdict, and most fenced blocks tried in it. */
const longestText = 256 * 1024;
const mostBlocks = 16;
/** How often JSON may be wrapped in a JSON string. */
const deepestWrapping = 4;

/** Parses JSON that may itself be a JSON string of JSON, a few times over; `undefined` when it is none. */
export function parseJson(text: string): unknown {
  let value: unknown = text;
  for (let depth = 0; depth < deepestWrapping && typeof value === "string"; depth += 1) {
    try {
      value = JSON.parse(value);
    } catch {
      return undefined;
    }
  }
  return value;
}

/**
 * The object with a verdict in a secretary's text: the first fenced block that holds one, else the text as JSON,
 * else the outermost braces.
 */
export function findBlock(text: string): JsonObject | undefined {
  const bounded = text.slice(0, longestText);
  const candidates = [...fencedBlocks(bounded), bounded, betweenBraces(bounded)];
  for (const candidate of candidates) {
    const value = parseJson(candidate);
    if (isObject(value) && value["verdict"] !== undefined) return value;
  }
  return undefined;
}

function fencedBlocks(text: string): readonly string[] {
  const pieces = text.split("```", 2 * mostBlocks + 1);
  return pieces.filter((_piece, index) => index % 2 === 1).map((piece) => piece.replace(/^[a-z]*\s*\n/i, ""));
}

function betweenBraces(text: string): string {
  const start = text.indexOf("{");
  return start < 0 ? "" : text.slice(start, text.lastIndexOf("}") + 1);
}
