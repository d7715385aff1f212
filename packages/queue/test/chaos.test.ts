import { describe, expect, it } from "vitest";
import { runChaos } from "./_chaos/run.ts";
import { scratch, sqliteMissing } from "./_open.ts";

const missing = await sqliteMissing();

describe.skipIf(missing !== undefined || process.platform === "win32")(
  `[DUR-01] killed and stopped processes ${missing ?? ""}`,
  () => {
    it("lose nothing, invent nothing, and complete nothing twice", { timeout: 180_000 }, async () => {
      const report = await runChaos({
        directory: await scratch(),
        tasks: 2000,
        workers: 4,
        loops: 2,
        blows: 100,
        blowEveryMs: 100,
        brokerEvery: 25,
      });
      expect(report.check.problems).toEqual([]);
      expect(report.history).toMatchObject({ valid: true, lost: [], unexpected: [], duplicated: [] });
      expect(report.wrongAttempt).toEqual([]);
      expect(report.untrue).toEqual([]);
      expect(report.told).toBeGreaterThan(report.history.ok / 2);
      expect(report.unfinished).toBe(0);
      expect(report.expired).toBeGreaterThan(0);
      expect(report.stale).toBeGreaterThan(0);
      expect(report.brokerKills).toBeGreaterThan(0);
    });
  },
);
