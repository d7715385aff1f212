import * as api from "@parley/echo";
import { expect, it } from "vitest";

it("exports what it promises", () => {
  expect(Object.keys(api).toSorted()).toMatchInlineSnapshot(`
    [
      "Echoed",
      "createEcho",
      "simpleEcho",
      "structuredEcho",
    ]
  `);
});
