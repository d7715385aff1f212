import { parseRequest } from "@parley/secretary";
import { expect, test } from "vitest";
import { heldOutCases } from "./cases/held-out.ts";
import { secondHeldOutCases } from "./cases/held-out-second.ts";
import { judge } from "./cases/judge.ts";
import { vagueAmountCases } from "./cases/vague-amounts.ts";

const world = { now: Date.parse("2026-11-20T10:00:00Z"), clusters: ["perlmutter", "frontier", "aurora"] };

test.each([...heldOutCases, ...secondHeldOutCases])("$prompt", (held) => {
  expect(judge(held, parseRequest(held.prompt, world).requirements)).toEqual([]);
});

test.each(vagueAmountCases)("[ASK-10] $prompt", (held) => {
  expect(judge(held, parseRequest(held.prompt, world).requirements)).toEqual([]);
});
