import { describe, expect, it } from "vitest";
import * as fc from "fast-check";
import { clean, lineWriter } from "../src/render/clean.ts";

describe("clean", () => {
  it("keeps one bounded line of printable text", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: "binary", maxLength: 200 }),
        fc.integer({ min: 1, max: 80 }),
        (text, longest) => {
          const line = clean(text, longest);
          expect(line.length).toBeLessThanOrEqual(longest);
          expect(line).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}\u202A-\u202E\u2066-\u2069]/u);
        },
      ),
    );
  });

  it("drops whole escape sequences", () => {
    expect(clean("\u001B[31mred\u001B[0m \u001B]8;;http://x\u0007link\u001B]8;;\u0007")).toBe("red link");
  });
});

describe("lineWriter", () => {
  it("writes the same lines however the text is cut", () => {
    fc.assert(
      fc.property(fc.array(fc.stringMatching(/^[a-c\n]{0,6}$/)), (pieces) => {
        const lines: string[] = [];
        const writer = lineWriter((line) => lines.push(line));
        for (const piece of pieces) writer.add(piece);
        writer.end();
        const whole = pieces.join("").split("\n");
        if (whole.at(-1) === "") whole.pop();
        expect(lines).toEqual(whole);
      }),
    );
  });

  it("keeps tabs and drops every other control character", () => {
    const lines: string[] = [];
    lineWriter((line) => lines.push(line)).add("a\tb\u001B[2K\rc\u0000\n");
    expect(lines).toEqual(["a\tbc"]);
  });

  it("does not hoard a line without an end", () => {
    const lines: string[] = [];
    lineWriter((line) => lines.push(line)).add("x".repeat(70_000));
    expect(lines).toHaveLength(1);
  });
});
