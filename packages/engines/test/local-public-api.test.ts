import * as local from "@parley/engines/local";
import { expect, test } from "vitest";

test("the public API of ./local", () => {
  expect(Object.keys(local)).toEqual(["createLocalEngine"]);
});
