import { AddedRequirements, JobRequirements } from "@parley/core";
import type { ModelReading } from "@parley/core";
import { clip, list, plainName } from "./words.ts";

/** A request with what models read into its words, and the readings that could be used. */
export interface ReadRequest {
  readonly requirements: JobRequirements;
  readonly readings: readonly ModelReading[];
}

/**
 * Adds what a model reads into words that no rule reads. A reading is taken whole or not at all: it must be of words in
 * `unresolved`, add only what {@link AddedRequirements} allows, and touch nothing that the request states already. Words
 * without such a reading stay unresolved. The same readings give the same request at a worker and at a hub.
 */
export function withReadings(
  asked: JobRequirements,
  readings: readonly Pick<ModelReading, "words" | "adds">[],
): ReadRequest {
  let requirements = asked;
  const taken: ModelReading[] = [];
  for (const { words, adds } of readings) {
    if (!requirements.unresolved.includes(words)) continue;
    const merged = added(requirements, adds);
    if (merged === undefined) continue;
    taken.push({ words, adds });
    requirements = { ...merged, unresolved: merged.unresolved.filter((text) => text !== words) };
  }
  return { requirements, readings: taken };
}

function added(base: JobRequirements, adds: AddedRequirements): JobRequirements | undefined {
  if (!AddedRequirements.safeParse(adds).success) return undefined;
  const merged = new Map<string, unknown>(Object.entries(base));
  for (const [section, more] of Object.entries(adds)) {
    const joined = joinSections(merged.get(section), more);
    if (joined === undefined) return undefined;
    merged.set(section, joined);
  }
  return JobRequirements.safeParse(Object.fromEntries(merged)).data;
}

/** Both sections in one; `undefined` where the second would change the first, or count for less because of it. */
function joinSections(before: unknown, more: unknown): unknown {
  if (before === undefined) return more;
  if (Array.isArray(before) && Array.isArray(more)) {
    const known = new Set(before.map((item) => nameOf(item)));
    return more.some((item) => known.has(nameOf(item))) ? undefined : [...before, ...more];
  }
  if (!isSection(before) || !isSection(more)) return undefined;
  if ((before["importance"] ?? "required") !== "required") return undefined;
  const changes = Object.entries(more).some(([key, value]) => (before[key] ?? value) !== value);
  return changes ? undefined : { ...before, ...more };
}

function nameOf(item: unknown): string {
  if (!isSection(item)) return "";
  const name = item["name"] ?? item["kind"];
  return typeof name === "string" ? plainName(name) : "";
}

function isSection(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** `"with the usual mesher" as software gmsh >= 4`. */
export function readingInWords({ words, adds }: ModelReading): string {
  const parts = Object.entries(adds).flatMap(([section, more]) => sectionInWords(section, more));
  return `"${clip(words, 120)}" as ${list(parts, 12)}`;
}

function sectionInWords(section: string, more: unknown): readonly string[] {
  if (Array.isArray(more)) return more.map((item) => [section, ...valuesOf(item)].join(" "));
  if (!isSection(more)) return [];
  return Object.entries(more)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => `${section}.${key} ${valueInWords(value)}`);
}

const valuesOf = (item: unknown): readonly string[] =>
  isSection(item) ? Object.values(item).map((value) => valueInWords(value)) : [];

function valueInWords(value: unknown): string {
  if (Array.isArray(value)) return value.map(String).join(" or ");
  if (isSection(value)) return `>= ${String(value["min"])}`;
  return String(value);
}
