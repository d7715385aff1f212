import * as fc from "fast-check";

const odds = [null, true, -1, 0, 1, 1.5, "", "x", "2-3", "4+", [], ["a"], {}, { min: 1 }, { min: 4, max: 2 }];

type Path = readonly (string | number)[];

function pathsOf(value: unknown): Path[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => [
    [key],
    ...pathsOf(inner).map((path) => [key, ...path]),
  ]);
}

/** The value with what is at the path replaced, or taken out. */
function withAt(value: unknown, [key, ...rest]: Path, put: unknown): unknown {
  if (key === undefined) return put;
  if (Array.isArray(value)) {
    const items = value.map((item, index) => (index === Number(key) ? withAt(item, rest, put) : item));
    return items.filter((item) => item !== undefined);
  }
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .map(([name, inner]) => [name, name === key ? withAt(inner, rest, put) : inner])
      .filter(([, inner]) => inner !== undefined),
  );
}

/** One of the values with one of its parts taken out or replaced by something odd. */
export function mutated(values: readonly unknown[]): fc.Arbitrary<unknown> {
  return fc
    .constantFrom(...values)
    .chain((value) =>
      fc
        .tuple(fc.constantFrom(...pathsOf(value)), fc.constantFrom(undefined, ...odds))
        .map(([path, put]) => withAt(value, path, put)),
    );
}
