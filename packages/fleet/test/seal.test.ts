import * as fc from "fast-check";
import { expect, test } from "vitest";
import { seal, unseal } from "../src/wire/seal.ts";

test("what is sealed is read back with the same secret only", () => {
  fc.assert(
    fc.property(fc.string(), fc.string({ minLength: 1 }), fc.string({ minLength: 1 }), (text, key, other) => {
      const sealed = seal(text, key);
      expect(unseal(sealed, key)).toBe(text);
      if (other !== key) expect(unseal(sealed, other)).toBeUndefined();
    }),
    { numRuns: 30 },
  );
});

test("a changed or foreign text is unreadable, not an exception", () => {
  const sealed = seal("credential", "potato");
  expect(seal("credential", "potato")).not.toBe(sealed);
  for (let index = 0; index < sealed.length; index += 7) {
    const flipped = sealed.slice(0, index) + (sealed[index] === "A" ? "B" : "A") + sealed.slice(index + 1);
    expect(unseal(flipped, "potato")).toBeUndefined();
  }
  for (const text of ["", "x", "not base64 !!", "A".repeat(58)])
    expect(unseal(text, "potato")).toBeUndefined();
});
