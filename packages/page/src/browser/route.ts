import { sections } from "./catalogue.ts";
import type { Section } from "./catalogue.ts";

/** What the part of the address after `#` names. */
export type Route =
  | { readonly section: Section; readonly key: string | undefined }
  | { readonly section: "activity"; readonly key: undefined };

export function routeOf(hash: string): Route {
  const [, name = "", key] = /^#\/([a-z]+)(?:\/(.*))?$/s.exec(hash) ?? [];
  if (name === "activity") return { section: "activity", key: undefined };
  const section = sections.find((each) => each === name) ?? "tools";
  return { section, key: key === undefined ? undefined : decoded(key) };
}

function decoded(key: string): string {
  try {
    return decodeURIComponent(key);
  } catch {
    return key;
  }
}

export function hashOf(section: Section, key: string): string {
  return `#/${section}/${encodeURIComponent(key)}`;
}
