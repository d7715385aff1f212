/** Remote text fit for one line of a terminal: no control characters, no line ends, not too long. */
export function cleanLine(text: string, longest = 300): string {
  const line = text
    .slice(0, longest * 8)
    .replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, " ")
    .replaceAll(/ {2,}/g, " ")
    .trim();
  return line.length <= longest ? line : `${line.slice(0, longest - 1)}…`;
}

/** Remote text fit for a terminal: as {@link cleanLine}, with its lines. */
export function cleanText(text: string, longest = 8000): string {
  const clean = text.slice(0, longest).replaceAll(/[^\P{Cc}\n\t]|\p{Cf}/gu, " ");
  return text.length <= longest ? clean : `${clean}…`;
}
