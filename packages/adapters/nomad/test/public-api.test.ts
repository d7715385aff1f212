import * as api from "@parley/nomad";
import { expect, it } from "vitest";

it("exports what it promises", () => {
  const functions = Object.entries(api).filter(
    ([, value]) => typeof value === "function" && "entry" in value,
  );
  expect(functions.map(([name]) => name).toSorted()).toHaveLength(api.nomadOperations.length);
  const others = Object.keys(api).filter((name) => !functions.some(([known]) => known === name));
  expect(others.toSorted()).toMatchInlineSnapshot(`
    [
      "JobConfig",
      "JobOutcome",
      "Outcome",
      "PlacementFailure",
      "createNomad",
      "defaultToolsets",
      "directoryConfigs",
      "followEvents",
      "memoryConfigs",
      "nomadEvents",
      "nomadOperations",
      "nomadRoutes",
      "openCall",
      "routesToTools",
      "standaloneTools",
      "toolsets",
    ]
  `);
});

it("gives every operation a route of its own, whose places are arguments", () => {
  const routes = api.nomadOperations.map(({ route }) => `${route.method} ${route.path}`);
  expect(new Set(routes).size).toBe(routes.length);
  const missing = api.nomadOperations.flatMap(({ name, route, input }) =>
    [...route.path.matchAll(/\{(\w+)\}/g)]
      .filter(([, place = ""]) => !(place in input.shape))
      .map(() => name),
  );
  expect(missing).toEqual([]);
});
