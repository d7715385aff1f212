import * as jobspec from "@parley/jobspec";
import { expect, test } from "vitest";

test("exports what it promises", () => {
  expect(Object.keys(jobspec).toSorted()).toMatchInlineSnapshot(`
    [
      "BatchField",
      "BatchJob",
      "Begin",
      "Dependency",
      "Dialect",
      "JobArray",
      "JobEnvironment",
      "JobSignal",
      "License",
      "Loss",
      "Mail",
      "Priority",
      "Why",
      "completeShape",
      "countResources",
      "counterparts",
      "detectDialect",
      "dialects",
      "explainJobspec",
      "normaliseJobspec",
      "parseJobspec",
      "readBatchJob",
      "transform",
      "validateJobspec",
      "writeBatchJob",
    ]
  `);
});
