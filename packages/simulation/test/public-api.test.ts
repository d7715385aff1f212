import * as api from "@parley/simulation";
import { expect, test } from "vitest";

test("the public names", () => {
  expect(Object.keys(api).toSorted()).toMatchInlineSnapshot(`
    [
      "SimulatedJob",
      "archetypeRanges",
      "archetypes",
      "chooseArchetype",
      "createSimulatedEngine",
      "createSimulatedSite",
      "drawCluster",
      "drawSoftware",
      "exportTruth",
      "isArchetype",
    ]
  `);
});
