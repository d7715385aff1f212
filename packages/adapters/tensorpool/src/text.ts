const longest = 64 * 1024;

/** Remote text for people: without escape sequences and control characters, cut at 64 KiB. */
export function cleanText(text: string): string {
  const shown = text
    .slice(0, longest * 2)
    // eslint-disable-next-line no-control-regex -- terminal colours and other control characters are removed
    .replace(/\u001b\[[0-9;?]*[A-Za-z]|[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, "")
    .trim();
  return shown.length > longest ? `${shown.slice(0, longest)}\n[cut]` : shown;
}

/** The rows of a pipe table in a message: a line of names, a line of dashes, then one line a row. */
export function readTable(message: string): Record<string, string>[] {
  const lines = message.split("\n").map((line) => line.trim());
  const at = lines.findIndex((line, index) => isRow(line) && /^\|[\s|:+=-]+\|$/.test(lines[index + 1] ?? ""));
  if (at === -1) return [];
  const names = cellsOf(lines[at] ?? "");
  const end = lines.findIndex((line, index) => index > at + 1 && !isRow(line));
  return lines
    .slice(at + 2, end === -1 ? undefined : end)
    .slice(0, 1000)
    .map((line) =>
      Object.fromEntries(
        cellsOf(line).map((cell, index) => [names[index] ?? `column ${String(index + 1)}`, cell]),
      ),
    );
}

const isRow = (line: string): boolean => line.startsWith("|") && line.endsWith("|") && line.length > 2;

const cellsOf = (line: string): string[] =>
  line
    .slice(1, -1)
    .split("|")
    .map((cell) => cell.trim());

/** The first ID of a kind in prose: `c-...` of clusters, `j-...` of jobs, `s-...` of volumes. */
export function findId(kind: "c" | "j" | "s", text: string): string | undefined {
  return new RegExp(`(?<![A-Za-z0-9-])${kind}-[A-Za-z0-9][A-Za-z0-9_-]{0,126}`).exec(text)?.[0];
}
