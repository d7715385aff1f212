import Table from "cli-table3";
import type { Colors } from "./io.ts";

export interface TableOptions {
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** Columns of the terminal; the last column is wrapped to fit. Default 100. */
  readonly width?: number | undefined;
  /** Sets the head in bold where the reader's terminal has styles. Default plain. */
  readonly colors?: Colors | undefined;
}

const plain = {
  top: "", "top-mid": "", "top-left": "", "top-right": "",
  bottom: "", "bottom-mid": "", "bottom-left": "", "bottom-right": "",
  left: "", "left-mid": "", mid: "", "mid-mid": "", right: "", "right-mid": "", middle: "  ",
}; // prettier-ignore

/** Lays rows out in columns without lines; widths of styled text count as printed. */
export function renderTable({ head, rows, width = 100, colors }: TableOptions): string {
  const natural = head.map((title, column) =>
    Math.max(visible(title), ...rows.map((row) => visible(row[column] ?? ""))),
  );
  const others = natural.slice(0, -1).reduce((sum, size) => sum + size + 2, 0);
  const last = Math.max(20, Math.min(natural.at(-1) ?? 20, width - others - 2));
  const table = new Table({
    head: head.map((title) => colors?.bold(title) ?? title),
    chars: plain,
    style: { head: [], border: [], "padding-left": 0, "padding-right": 0, compact: true },
    colWidths: [...natural.slice(0, -1), last],
    wordWrap: true,
  });
  for (const row of rows) table.push([...row]);
  return table
    .toString()
    .split("\n")
    .map((line) => line.trimEnd())
    .join("\n");
}

// oxlint-disable-next-line no-control-regex -- the escape character is what is looked for
const styles = /\u001B\[[0-9;]*m/g;

function visible(text: string): number {
  return Math.max(
    0,
    ...text
      .replace(styles, "")
      .split("\n")
      .map((line) => line.length),
  );
}
