import { parseRequest } from "@parley/secretary";
import { expect, test } from "vitest";
import { complete, world } from "./cases/case.ts";
import { everyday } from "./cases/everyday.ts";
import { examples } from "./cases/examples.ts";
import { phrases } from "./cases/phrases.ts";
import { requests } from "./cases/requests.ts";
import { sentences } from "./cases/sentences.ts";

test.each([...examples, ...everyday, ...phrases, ...requests, ...sentences])(
  "$prompt",
  ({ prompt, expected }) => {
    expect(parseRequest(prompt, world).requirements).toEqual(complete(expected));
  },
);
