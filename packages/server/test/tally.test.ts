import { array, assert, asyncProperty, constantFrom, tuple } from "fast-check";
import { Counter, Registry } from "prom-client";
import { expect, test } from "vitest";
import { Tally } from "@parley/server/metrics";

const about = { name: "calls_total", help: "Calls.", labelNames: ["server", "outcome"] as const };

/** The lines that say a value, whatever order they are in. */
async function series(register: Registry): Promise<readonly string[]> {
  return (await register.metrics())
    .split("\n")
    .filter((line) => line.startsWith("calls_total"))
    .toSorted();
}

test("tells what a counter of prom-client would, as often as it is asked", async () => {
  const value = constantFrom("a", "b", 'c"\n\\', "");
  await assert(
    asyncProperty(array(array(tuple(value, value)), { maxLength: 3 }), async (rounds) => {
      const [ours, theirs] = [new Registry(), new Registry()];
      const tally = new Tally({ ...about, register: ours });
      const counter = new Counter({ ...about, registers: [theirs] });
      for (const round of rounds) {
        for (const [server, outcome] of round) {
          tally.add(server, outcome);
          counter.inc({ server, outcome });
        }
        expect(await series(ours)).toEqual(await series(theirs));
      }
    }),
    { numRuns: 50 },
  );
});
