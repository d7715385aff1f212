/** One line of text without control characters or marks that turn its direction; cut to a length. */
export function oneLine(text: string, longest: number): string {
  const line = text
    .slice(0, longest * 4)
    .replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, " ")
    .trim();
  return line.length > longest ? `${line.slice(0, longest - 1)}…` : line;
}

/** JSON between `<data>` and `</data>`, in which no text can close the fence, whatever it says. */
export function fenceData(data: object): string {
  return `<data>\n${JSON.stringify(data).replaceAll("<", String.raw`\u003c`)}\n</data>`;
}
