import * as api from "@parley/events";
import { expect, it } from "vitest";

it("exports what it promises", () => {
  expect(Object.keys(api).toSorted()).toMatchInlineSnapshot(`
    [
      "createEvents",
      "createFileWatch",
      "createTimer",
      "fileWatch",
      "timer",
    ]
  `);
});
