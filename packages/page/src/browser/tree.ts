import { el } from "./dom.ts";

/** A level with more entries shows the first of them and says how many are left. */
const maxEntries = 500;
const openLevels = 2;
const maxLevels = 40;

/** A JSON value that opens and closes. @param name - what stands before the value. */
export function jsonTree(value: unknown, name?: string, level = 0): HTMLElement {
  if (typeof value !== "object" || value === null) return leaf(value, name);
  const isList = Array.isArray(value);
  const entries = Object.entries(value);
  const size = `${entries.length} ${isList ? "item" : "field"}${entries.length === 1 ? "" : "s"}`;
  if (entries.length === 0 || level >= maxLevels) {
    const short = entries.length === 0 ? (isList ? "[]" : "{}") : `… ${size}, nested too deep to show`;
    return el("div", { class: "tree" }, ...label(name), el("span", { class: "quiet" }, short));
  }
  const summary = el(
    "summary",
    {},
    ...label(name),
    el("span", { class: "quiet" }, `${isList ? "[…]" : "{…}"} ${size}`),
  );
  const details = el("details", { class: "tree", open: level < openLevels }, summary);
  const fill = (): void => {
    if (details.childElementCount > 1) return;
    for (const [key, each] of entries.slice(0, maxEntries)) details.append(jsonTree(each, key, level + 1));
    if (entries.length > maxEntries) {
      details.append(el("div", { class: "quiet" }, `… ${entries.length - maxEntries} more`));
    }
  };
  if (details.open) fill();
  else details.addEventListener("toggle", fill);
  return details;
}

function leaf(value: unknown, name: string | undefined): HTMLElement {
  const kind = value === null ? "null" : typeof value;
  return el(
    "div",
    { class: "tree" },
    ...label(name),
    el("span", { class: `json-${kind}` }, JSON.stringify(value) ?? "undefined"),
  );
}

function label(name: string | undefined): readonly HTMLElement[] {
  return name === undefined ? [] : [el("span", { class: "json-key" }, `${name}: `)];
}
