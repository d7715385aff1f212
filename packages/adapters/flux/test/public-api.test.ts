import * as api from "@parley/flux";
import { expect, it } from "vitest";

it("exports what it promises", () => {
  expect(Object.keys(api).toSorted()).toMatchInlineSnapshot(`
    [
      "attachJob",
      "cancelJob",
      "countResources",
      "createArchive",
      "createFlux",
      "defaultToolsets",
      "drainStatus",
      "estimateStart",
      "execCommand",
      "explainJobspec",
      "feasibilityCheck",
      "fluxOperations",
      "getJobEvents",
      "getJobInfo",
      "getJobLogs",
      "handleDelegation",
      "instanceInfo",
      "killJob",
      "listArchive",
      "listJobs",
      "listQueues",
      "normaliseJobspec",
      "removeArchive",
      "resourceList",
      "runJob",
      "setUrgency",
      "submitBatch",
      "submitJob",
      "submitJobspec",
      "submitScript",
      "toolsets",
      "transformJobspec",
      "validateBatchJobspec",
      "validateJobspec",
      "waitJob",
    ]
  `);
});
