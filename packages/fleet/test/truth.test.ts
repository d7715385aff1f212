import { expect, test } from "vitest";
import { exportTruth } from "../src/hub/truth.ts";
import { linkTo, registrationOf, testFleet } from "./_fleet.ts";

test("hostile names in a truth export stay names", async () => {
  const hostile = {
    truth: { constructor: { keys: {}, prototype: {} }, toString: {} },
    metadata: { archetype: "constructor" },
  };
  const fleet = testFleet((id) =>
    linkTo(() =>
      id === "bad"
        ? JSON.stringify(hostile)
        : id === "worse"
          ? { truth: 4 }
          : { truth: { os: { linux: {} } } },
    ),
  );
  for (const id of ["bad", "good", "worse"]) await fleet.roster.enter(registrationOf(id));
  const truth = await exportTruth(fleet.roster, fleet.settings, { now: () => 1500 });
  expect(truth.timestamp).toBe(1.5);
  expect(truth.counts).toMatchObject({ os: { linux: 1 }, constructor: { keys: 1, prototype: 1 } });
  expect(truth.archetypes).toEqual({ constructor: 1 });
  expect(truth.ground_truth["worse"]).toMatchObject({ type: "error" });
  expect(typeof Object.keys).toBe("function");
});
