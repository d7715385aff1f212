import { keyOf } from "./catalogue.ts";
import type { Section } from "./catalogue.ts";
import { el } from "./dom.ts";
import { text } from "./json.ts";
import type { Open } from "./json.ts";
import { hashOf } from "./route.ts";
import { matches } from "./tags.ts";

/** How {@link listView} is called. */
export interface ListOptions {
  readonly section: Section;
  readonly items: readonly Open[];
  readonly words: string;
  readonly chosen: string | undefined;
}

/** A long list is not drawn to its end: the search finds the rest. */
const maxShown = 500;

/** The items that the search leaves, as links. */
export function listView({ section, items, words, chosen }: ListOptions): HTMLElement {
  const found = items.filter((item) => matches(item, words));
  const links = found.slice(0, maxShown).map((item) => {
    const key = keyOf(item);
    const title = text(item["name"]) ?? key;
    const about = (text(item["description"]) ?? "").slice(0, 120);
    const current = key === chosen ? "true" : undefined;
    const link = el(
      "a",
      { href: hashOf(section, key), "aria-current": current },
      el("span", { class: "name" }, title),
      el("span", { class: "about" }, about),
    );
    return el("li", {}, link);
  });
  const rest = found.length - links.length;
  const note =
    items.length === 0
      ? `This server offers no ${section}.`
      : found.length === 0
        ? `No ${section} match.`
        : rest > 0
          ? `${rest} more: search for them.`
          : undefined;
  return el(
    "div",
    {},
    el("ul", {}, ...links),
    note === undefined ? undefined : el("p", { class: "quiet" }, note),
  );
}
