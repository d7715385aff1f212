import * as page from "@parley/page";
import { expect, test } from "vitest";

test("the public API", () => {
  expect(Object.keys(page).toSorted()).toEqual([
    "createGatewayPage",
    "createPage",
    "createPlanPage",
    "createTaskBoard",
  ]);
});
