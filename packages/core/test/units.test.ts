import { formatBytes, formatDuration, parseDurationSeconds } from "@parley/core";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";

describe("durations", () => {
  test.each([
    ["90", 90],
    ["90s", 90],
    ["30m", 1800],
    ["2 hours", 7200],
    ["1h30m", 5400],
    ["1.5h", 5400],
    ["1 day, 2 hours", 93_600],
    ["02:00:00", 7200],
    ["05:30", 330],
    ["2-12:00:00", 216_000],
    ["1-00:30", 88_200],
  ])("%s is %d seconds", (text, seconds) => {
    expect(parseDurationSeconds(text)).toBe(seconds);
  });

  test.each(["", "soon", "3 parsecs", "-5m", "1h of rest", "12:3"])("%j is none", (text) => {
    expect(parseDurationSeconds(text)).toBeUndefined();
  });

  test("survive being printed, to two units", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 86_400 * 30 }), (seconds) => {
        const back = parseDurationSeconds(formatDuration(seconds)) ?? Number.NaN;
        expect(back).toBeLessThanOrEqual(seconds);
        expect(seconds - back).toBeLessThan(seconds >= 86_400 ? 3600 : 60);
      }),
    );
  });
});

test("bytes are printed in the largest binary unit that fits", () => {
  expect([0, 1023, 1024, 1.5 * 2 ** 40, 512 * 2 ** 20].map((bytes) => formatBytes(bytes))).toEqual([
    "0 B",
    "1023 B",
    "1 KiB",
    "1.5 TiB",
    "512 MiB",
  ]);
});
