import { itemOf } from "../pins/definition.ts";
import type { Definition } from "../pins/definition.ts";
import { isRecord } from "../record.ts";
import type { Match } from "./rule.ts";
import { scanText } from "./scan-text.ts";
import { excerptOf } from "./visible.ts";

/** Something in a definition that looks like a trick. */
export interface Finding {
  readonly server: string;
  /** Such as `tool get_weather`. */
  readonly item: string;
  readonly rule: string;
  /** The place in it, such as `inputSchema.properties.city.description`. */
  readonly where: string;
  /** The text around it, with all that is not seen written out. */
  readonly excerpt: string;
  /** What it says, where that is not to be seen. */
  readonly meaning?: string | undefined;
}

/** Findings of one definition that are told. */
const maxFindings = 20;
const maxTexts = 5000;
const maxDepth = 40;

/** Fields that programs read and nobody else. */
const mechanical: ReadonlySet<string> = new Set([
  "pattern",
  "$ref",
  "$id",
  "$schema",
  "$anchor",
  "format",
  "type",
]);

/** A text, and where it stands. */
export interface PlacedText {
  readonly where: string;
  readonly text: string;
  readonly hasWords: boolean;
}

/** Looks through definitions of one server. */
export function scanDefinitions(server: string, definitions: readonly Definition[]): readonly Finding[] {
  return definitions.flatMap((definition) => {
    const item = itemOf(definition);
    const found = textsOf(definition.value).flatMap(({ where, text, hasWords }) =>
      firstOfEach(scanText(text, hasWords)).map(({ rule, index, length, meaning }): Finding => ({
        server,
        item,
        rule,
        where,
        excerpt: excerptOf(text, index, length),
        ...(meaning === undefined ? {} : { meaning }),
      })),
    );
    return found.slice(0, maxFindings);
  });
}

/**
 * Orders about tools of other servers, by which one server would change how another is used.
 * @param others - names of tools of other servers
 */
export function crossReferences(
  server: string,
  definitions: readonly Definition[],
  others: ReadonlySet<string>,
): readonly Finding[] {
  const own = new Set(definitions.map(({ name }) => name));
  const foreign = new Set([...others].filter((name) => !own.has(name) && isTelling(name)));
  if (foreign.size === 0) return [];
  return definitions.flatMap((definition) =>
    textsOf(definition.value).flatMap(({ where, text, hasWords }): Finding[] => {
      const reference = hasWords ? crossReference(text, foreign) : undefined;
      if (reference === undefined) return [];
      const excerpt = excerptOf(text, reference.index, reference.name.length);
      return [{ server, item: itemOf(definition), rule: "cross-tool", where, excerpt }];
    }),
  );
}

/** One place in a text is enough to look at it. */
function firstOfEach(matches: readonly Match[]): readonly Match[] {
  return matches.filter(({ rule }, index) => matches.findIndex((other) => other.rule === rule) === index);
}

/** Every text in a value of JSON, names of fields included. */
export function textsOf(value: unknown): readonly PlacedText[] {
  const found: PlacedText[] = [];
  const walk = (inner: unknown, where: string, depth: number): void => {
    if (found.length >= maxTexts || depth > maxDepth) return;
    if (typeof inner === "string") {
      const field = where.slice(where.lastIndexOf(".") + 1);
      found.push({ where: where === "" ? "text" : where, text: inner, hasWords: !mechanical.has(field) });
    } else if (Array.isArray(inner)) {
      for (const [index, item] of inner.entries()) walk(item, `${where}.${index}`, depth + 1);
    } else if (isRecord(inner)) {
      for (const [key, item] of Object.entries(inner)) {
        const place = where === "" ? key : `${where}.${key}`;
        if (!/^[\w$-]{1,40}$/.test(key)) found.push({ where: place, text: key, hasWords: true });
        walk(item, place, depth + 1);
      }
    }
  };
  walk(value, "", 0);
  return found;
}

/** A name that is no word of everyday language: it can only mean the tool. */
function isTelling(name: string): boolean {
  return name.length >= 6 && /[_-]|[a-z][A-Z]/.test(name);
}

const orders =
  /\b(?:when|whenever|before|after|instead|always|never|must|should|use|call|invoke|override|replace)\b/i;

/** A tool of another server, named together with an order about it. */
function crossReference(
  text: string,
  foreign: ReadonlySet<string>,
): { index: number; name: string } | undefined {
  for (const match of text.matchAll(/[A-Za-z][\w-]{5,63}/g)) {
    const [name] = match;
    if (!foreign.has(name)) continue;
    const nearby = text.slice(Math.max(0, match.index - 80), match.index + name.length + 80);
    if (orders.test(nearby)) return { index: match.index, name };
  }
  return undefined;
}
