import { expect } from "vitest";
import { soakCalls } from "../../../bench/soak/calls.ts";
import { slope } from "../../../bench/soak/slope.ts";
import { verifies } from "../verifies.ts";

verifies(
  ["ROB-03"],
  "a few thousand calls and abandoned sessions leave nothing behind that runs",
  async () => {
    const { facts, failures } = await soakCalls({ calls: 4000, sessions: 600, laps: 4 });
    // So short a run says little of memory: that is judged over 100,000 calls by `pnpm soak calls`.
    expect(failures.filter((failure) => !failure.includes("grows"))).toEqual([]);
    expect(facts).toMatchObject({ sessions: 200, streams: 0, runningCalls: 0, expired: 400 });
    expect(slope([1, 2, 3.5, 4])).toBeCloseTo(1.05);
    expect(slope([7, 7, 7])).toBe(0);
  },
  120_000,
);
