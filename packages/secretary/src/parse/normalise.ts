import { ParleyError } from "@parley/core";

const quarters: Readonly<Record<string, string>> = { "½": "5", "¼": "25", "¾": "75" };

/** Longest request that is read, in UTF-16 code units. */
export const maxRequestLength = 16_384;

/**
 * Brings a request to one form: NFKC, straight quotes, plain dashes, single spaces, lines kept.
 * Control characters, bidirectional marks and zero-width characters go.
 * @throws `E_REQUEST_TOO_LONG`, `E_REQUEST_EMPTY`.
 */
export function normalise(request: string): string {
  if (request.length > maxRequestLength) {
    throw new ParleyError(
      "E_REQUEST_TOO_LONG",
      `Request of ${request.length} characters: at most ${maxRequestLength} are read; shorten it.`,
      { details: { length: request.length, limit: maxRequestLength } },
    );
  }
  const text = request
    .replace(/(\d?)([½¼¾])/g, (_, whole: string, part: string) => `${whole || "0"}.${quarters[part] ?? ""}`)
    .normalize("NFKC")
    .replace(/[\p{Cf}\p{Cs}]/gu, "")
    .replace(/[‘’‚‛′]/g, "'")
    .replace(/[“”„‟″]/g, '"')
    .replace(/[‐‑‒–—―−]/g, "-")
    .replace(/[×✕✖⨯]/g, "x")
    .replaceAll("\u2044", "/")
    .replaceAll("≥", ">=")
    .replaceAll("≤", "<=")
    .replaceAll("≈", "~")
    .replace(/\r\n?/g, "\n")
    .replace(/[\p{Cc}\p{Z}]/gu, (character) => (character === "\n" ? character : " "))
    .replace(/ +/g, " ")
    .replace(/ ?\n ?/g, "\n")
    .replace(/\n+/g, "\n")
    .replace(/^(?:[*•·]|\d{1,2}[.)])(?= (?!\d{1,2}:\d))/gm, "-")
    .replace(/^\s*\{([^]*)\}\s*$/, "$1")
    .trim();
  if (text === "") {
    throw new ParleyError("E_REQUEST_EMPTY", "The request has no words: say what to run and on what.");
  }
  if (text.length > maxRequestLength) return text.slice(0, maxRequestLength).trimEnd();
  return text;
}
