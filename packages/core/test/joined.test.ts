import { array, assert, constantFrom, jsonValue, oneof, property, string, tuple } from "fast-check";
import { expect, test } from "vitest";
import { joined } from "@parley/core";

/** As `JSON.parse` makes it: a property may be named `__proto__`. */
function objectOf(entries: readonly (readonly [string, unknown])[]): Record<string, unknown> {
  const made: Record<string, unknown> = {};
  for (const [key, value] of entries) {
    Object.defineProperty(made, key, { value, enumerable: true, configurable: true, writable: true });
  }
  return made;
}

test("is what a literal of two spreads would be", () => {
  const key = oneof(string(), constantFrom("a", "b", "__proto__", "constructor", "toString"));
  const fields = array(tuple(key, jsonValue()), { maxLength: 8 }).map(objectOf);
  assert(
    property(fields, fields, (first, second) => {
      const before = Object.entries(first);
      const both = joined(first, second);
      expect(Object.entries(both)).toEqual(Object.entries({ ...first, ...second }));
      expect(Object.getPrototypeOf(both)).toBe(Object.prototype);
      expect(Object.entries(first)).toEqual(before);
    }),
  );
});
