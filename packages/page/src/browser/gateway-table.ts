import { el } from "./dom.ts";

/** One row: a key that stays while its cells change, and the cells. */
export interface LiveRow {
  readonly key: string;
  readonly cells: readonly (string | LiveCell)[];
}

/** A cell that is more than text. */
interface LiveCell {
  readonly text: string;
  readonly class?: string | undefined;
  /** Leads to this part of the page, or to this path beside it. */
  readonly href?: string | undefined;
  /** Read out in place of the text of a link. */
  readonly label?: string | undefined;
}

/** A table whose rows are changed where they stand, so that the focus and a selection stay too. */
export interface LiveTable {
  readonly node: HTMLElement;
  update(rows: readonly LiveRow[]): void;
}

/** @param heads - those that begin with `#` are of numbers */
export function liveTable(caption: string, heads: readonly string[]): LiveTable {
  const isNumber = heads.map((head) => head.startsWith("#"));
  const body = el("tbody", {});
  const columns = heads.map((head, index) =>
    el(
      "th",
      { scope: "col", class: isNumber[index] === true ? "number" : undefined },
      head.replace(/^#/, ""),
    ),
  );
  const table = el("table", {}, el("caption", {}, caption), el("thead", {}, el("tr", {}, ...columns)), body);
  const known = new Map<string, HTMLTableRowElement>();
  return {
    node: el("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": caption }, table),
    update(rows) {
      const wanted = new Set(rows.map(({ key }) => key));
      for (const [key, row] of known) {
        if (wanted.has(key)) continue;
        row.remove();
        known.delete(key);
      }
      rows.forEach(({ key, cells }, position) => {
        const row = known.get(key) ?? el("tr", {});
        known.set(key, row);
        if (body.children[position] !== row) body.insertBefore(row, body.children[position] ?? null);
        cells.forEach((cell, index) =>
          show(
            cellAt(row, index),
            typeof cell === "string" ? { text: cell } : cell,
            isNumber[index] === true,
          ),
        );
      });
    },
  };
}

function cellAt(row: HTMLTableRowElement, index: number): Element {
  const found = row.children[index];
  if (found !== undefined) return found;
  const made = index === 0 ? el("th", { scope: "row" }) : el("td", {});
  row.append(made);
  return made;
}

function show(node: Element, { text, class: kind = "", href, label }: LiveCell, isNumber: boolean): void {
  const wanted = isNumber ? `number ${kind}`.trim() : kind;
  if (node.className !== wanted) node.className = wanted;
  const link = node.firstElementChild;
  if (href === undefined) {
    if (node.textContent !== text || link !== null) node.textContent = text;
    return;
  }
  if (link?.getAttribute("href") === href && link.textContent === text) return;
  node.replaceChildren(el("a", { href, "aria-label": label }, text));
}
