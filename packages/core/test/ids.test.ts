import {
  canonicalJson,
  digest,
  maxToolNameLength,
  namespacedTool,
  newId,
  newSortableId,
  seededRandom,
  toolPrefix,
  workerIdPattern,
} from "@parley/core";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";

describe("tool names of a federation", () => {
  test("keep the seed's form", () => {
    expect(namespacedTool(toolPrefix("781e903e4f10"), "get_status")).toBe("n_781e903e4f10_get_status");
    expect(namespacedTool(toolPrefix("10"), "3d")).toBe("n_10_n_3d");
    expect(toolPrefix("a-b")).toBe(toolPrefix("a.b"));
  });

  test("fit what clients accept, whatever the ids are, and long ones stay apart", () => {
    fc.assert(
      fc.property(
        fc.stringMatching(workerIdPattern),
        fc.string({ minLength: 1, maxLength: 200 }),
        (id, tool) => {
          const name = namespacedTool(toolPrefix(id), tool);
          expect(name).toMatch(/^[A-Za-z_][A-Za-z0-9_]*$/);
          expect(name.length).toBeLessThanOrEqual(maxToolNameLength);
        },
      ),
    );
    const long = "x".repeat(80);
    expect(namespacedTool("w", `${long}a`)).not.toBe(namespacedTool("w", `${long}b`));
  });
});

describe("ids", () => {
  test("are fresh, and sortable ones sort by time", () => {
    expect(new Set(Array.from({ length: 1000 }, () => newId("job"))).size).toBe(1000);
    const times = fc.integer({ min: 0, max: 2 ** 44 });
    fc.assert(
      fc.property(times, times, (left, right) => {
        const [first, second] = [newSortableId("job", left), newSortableId("job", right)];
        if (left !== right) expect(first < second).toBe(left < right);
      }),
    );
  });
});

describe("digests", () => {
  test("are made of JSON that reads back as the value", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });

  test("leave out what JSON leaves out", () => {
    expect(canonicalJson({ b: undefined, a: [undefined, () => 1], at: new Date(0) })).toBe(
      '{"a":[null,null],"at":"1970-01-01T00:00:00.000Z"}',
    );
  });

  test("do not depend on the order of keys, and do on every value", () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (record) => {
        const reversed = Object.fromEntries(Object.entries(record).toReversed());
        expect(canonicalJson(reversed)).toBe(canonicalJson(record));
        expect(digest({ ...record, extra: 1 })).not.toBe(digest({ ...record, extra: 2 }));
      }),
    );
  });
});

describe("seeded random streams", () => {
  test("are the same on every machine", () => {
    const next = seededRandom("10", "nodes");
    expect([next(), next(), next()].map((value) => value.toFixed(12))).toMatchInlineSnapshot(`
      [
        "0.219576202100",
        "0.502644986613",
        "0.586371551966",
      ]
    `);
  });

  test("differ by name, and names do not run into each other", () => {
    expect(seededRandom("a", "bc")()).not.toBe(seededRandom("ab", "c")());
  });

  test("stay within [0, 1) and are spread evenly", () => {
    const next = seededRandom("spread");
    const bins = Array.from({ length: 10 }, () => 0);
    for (let draw = 0; draw < 100_000; draw += 1) {
      const value = next();
      expect(value >= 0 && value < 1).toBe(true);
      const bin = Math.floor(value * 10);
      bins[bin] = (bins[bin] ?? 0) + 1;
    }
    for (const count of bins) expect(Math.abs(count - 10_000)).toBeLessThan(500);
  });
});
