import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "vitest";
import { meets } from "../../../bench/harness.ts";
import { toolSearchBench } from "../../../bench/tool-search.ts";
import { repository } from "../harness/dockerfile.ts";
import { verifies } from "../verifies.ts";

verifies(["GTW-62"], "a client made of each document compiles, and a wrong call does not", async () => {
  // It throws where one of both is not so.
  await expect(import("../../../examples/typed-client/main.ts")).resolves.toBeDefined();
});

verifies(["GTW-60"], "tool search keeps its targets, and every figure is on the page", async () => {
  const page = await readFile(join(repository, "docs/measurements/tool-search.md"), "utf8");
  const figures = await toolSearchBench.run({ short: true });
  for (const figure of figures) {
    expect([figure.name, figure.value, meets(figure)]).toEqual([figure.name, figure.value, true]);
    expect(page).toContain(`| ${figure.name} `);
  }
});
