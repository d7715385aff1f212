import * as flux from "@parley/engines/flux";
import * as slurm from "@parley/engines/slurm";
import { expect, test } from "vitest";

test("each entry exports its engine and nothing else", () => {
  expect(Object.keys(slurm)).toEqual(["createSlurmEngine", "createSlurm"]);
  expect(Object.keys(flux)).toEqual(["createFluxEngine"]);
});
