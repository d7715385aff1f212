import { isOpen, text } from "./json.ts";
import type { Open } from "./json.ts";

/** What an item is marked with: hints of its annotations, and tags where its server sends them. */
export function tagsOf(item: Open): readonly string[] {
  const { annotations, _meta, mimeType } = item;
  const hints = isOpen(annotations) ? hintsOf(annotations) : [];
  const media = text(mimeType);
  return [...hints, ...(media === undefined ? [] : [media]), ...sentTags(_meta)];
}

function hintsOf({ readOnlyHint, destructiveHint, idempotentHint, openWorldHint }: Open): readonly string[] {
  return [
    ...(readOnlyHint === true ? ["read-only"] : []),
    ...(destructiveHint === true && readOnlyHint !== true ? ["destructive"] : []),
    ...(idempotentHint === true ? ["idempotent"] : []),
    ...(openWorldHint === true ? ["open world"] : []),
  ];
}

/** Where FastMCP and others put them. */
function sentTags(meta: unknown): readonly string[] {
  if (!isOpen(meta)) return [];
  const places = [
    meta["tags"],
    ...["fastmcp", "_fastmcp"].map((key) => (isOpen(meta[key]) ? meta[key]["tags"] : undefined)),
  ];
  return places.flatMap((tags) => (Array.isArray(tags) ? tags.filter((tag) => typeof tag === "string") : []));
}

/** Whether every word is in the item's name, title, description, address or tags. */
export function matches(item: Open, words: string): boolean {
  const { name, title, description, uri, uriTemplate } = item;
  const texts = [name, title, description, uri, uriTemplate].flatMap((each) => text(each) ?? []);
  const all = [...texts, ...tagsOf(item)].join("\n").toLowerCase();
  return words
    .toLowerCase()
    .split(/\s+/)
    .every((word) => all.includes(word));
}
