/** The line every generated page begins with. */
export const generatedNotice = "<!-- Written by `npm run docs:gen`; edit the code it describes instead. -->";

/** A Markdown table; cells are kept on one line. */
export function markdownTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [line(head), line(head.map(() => "---")), ...rows.map((row) => line(row))].join("\n");
}

function line(cells: readonly string[]): string {
  return `| ${cells.map((cell) => oneLine(cell)).join(" | ")} |`;
}

function oneLine(cell: string): string {
  return cell.replaceAll("\n", " ").replaceAll("|", "\\|");
}

/** Text in code quotes; empty stays empty. */
export function code(text: string): string {
  return text === "" ? "" : `\`${text}\``;
}
