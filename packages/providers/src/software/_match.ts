import type { InstalledSoftware } from "@parley/core";

/** How names are compared: case aside, and for Python with `-`, `_` and `.` alike (PEP 503). */
export type NameRule = "plain" | "python";

function normalize(name: string, rule: NameRule): string {
  const lower = name.toLowerCase();
  return rule === "python" ? lower.replace(/[-_.]+/g, "-") : lower;
}

/** Most entries one answer holds; an inventory may have thousands of versions of one package. */
const maxFound = 200;

/** Entries whose whole name is one of those asked: `pytorch` does not find `pytorch-lightning`. */
export function matchSoftware(
  items: readonly InstalledSoftware[],
  asked: readonly string[],
  rule: NameRule = "plain",
): InstalledSoftware[] {
  const wanted = new Set(asked.map((name) => normalize(name, rule)));
  return items.filter((item) => wanted.has(normalize(item.name, rule))).slice(0, maxFound);
}
