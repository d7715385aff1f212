import * as api from "@parley/plan-interfaces";
import * as terminal from "@parley/plan-interfaces/terminal";
import * as web from "@parley/plan-interfaces/web";
import { expect, it } from "vitest";

it("exports what a user needs and nothing else", () => {
  expect(Object.keys(api)).toEqual(["createRunBook"]);
  expect(Object.keys(terminal)).toEqual(["openTerminalInterface"]);
  expect(Object.keys(web)).toEqual(["openWebInterface"]);
});
