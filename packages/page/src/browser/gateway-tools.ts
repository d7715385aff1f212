import { el } from "./dom.ts";
import { toolHash } from "./gateway-route.ts";
import { text } from "./json.ts";
import type { Open } from "./json.ts";
import { matches } from "./tags.ts";

/** A long list is not drawn to its end: the search finds the rest. */
const maxShown = 500;

export interface ToolListOptions {
  readonly server: string;
  readonly tools: readonly Open[];
  readonly words: string;
  readonly chosen: string | undefined;
}

/** A server's tools that the search leaves, as links to a form for each. */
export function toolList({ server, tools, words, chosen }: ToolListOptions): HTMLElement {
  const found = tools.filter((tool) => matches(tool, words));
  const links = found.slice(0, maxShown).map((tool) => {
    const name = text(tool["name"]) ?? "";
    const link = el(
      "a",
      { href: toolHash(server, name), "aria-current": name === chosen ? "true" : undefined },
      el("span", { class: "name" }, name),
      el("span", { class: "about" }, (text(tool["description"]) ?? "").slice(0, 120)),
    );
    return el("li", {}, link);
  });
  const rest = found.length - links.length;
  const note = noteOf({ all: tools.length, found: found.length, rest });
  return el(
    "div",
    {},
    el("ul", {}, ...links),
    note === undefined ? undefined : el("p", { class: "quiet" }, note),
  );
}

function noteOf(size: { all: number; found: number; rest: number }): string | undefined {
  if (size.all === 0) return "This server offers no tools now.";
  if (size.found === 0) return "No tools match.";
  return size.rest > 0 ? `${size.rest} more: search for them.` : undefined;
}
