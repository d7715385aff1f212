import { isRecord } from "../record.ts";

/** Where JSON Schema keeps schemas inside schemas; everywhere else, such as in `default`, values only look like them. */
const single: ReadonlySet<string> = new Set([
  "additionalItems",
  "additionalProperties",
  "contains",
  "contentSchema",
  "else",
  "if",
  "items",
  "not",
  "propertyNames",
  "then",
  "unevaluatedItems",
  "unevaluatedProperties",
]);
const lists: ReadonlySet<string> = new Set(["allOf", "anyOf", "items", "oneOf", "prefixItems"]);
const maps: ReadonlySet<string> = new Set([
  "$defs",
  "definitions",
  "dependencies",
  "dependentSchemas",
  "patternProperties",
  "properties",
]);

export type Schema = Readonly<Record<string, unknown>>;

/** Applies `change` to each schema directly inside a value of a schema's keyword. */
export function mapInner(keyword: string, value: unknown, change: (inner: Schema) => unknown): unknown {
  const each = (inner: unknown): unknown => (isRecord(inner) ? change(inner) : inner);
  if (Array.isArray(value)) return lists.has(keyword) ? value.map(each) : value;
  if (!isRecord(value)) return value;
  if (maps.has(keyword)) {
    return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, each(inner)]));
  }
  return single.has(keyword) ? change(value) : value;
}
