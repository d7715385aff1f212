import * as exec from "@parley/exec";
import { expect, test } from "vitest";

test("the public API", () => {
  expect(Object.keys(exec).toSorted()).toEqual([
    "baseEnvironment",
    "createRun",
    "describeFailure",
    "redact",
    "runOrThrow",
    "startProcess",
    "which",
  ]);
});
