import {
  array,
  assert,
  constant,
  constantFrom,
  integer,
  nat,
  oneof,
  option,
  property,
  record,
} from "fast-check";
import { describe, expect, test } from "vitest";
import { InFlight, InFlightById } from "@parley/core";

describe("InFlight", () => {
  test("is what a Set would be, in the order things came", () => {
    const act = oneof(constant("add" as const), nat({ max: 20 }));
    assert(
      property(array(act, { maxLength: 60 }), (acts) => {
        const running = new InFlight<number>();
        const model = new Set<number>();
        const leaves: (() => void)[] = [];
        for (const each of acts) {
          if (each === "add") {
            const member = leaves.length;
            leaves.push(running.add(member));
            model.add(member);
          } else {
            leaves[each]?.();
            model.delete(each);
          }
          expect(running.members()).toEqual([...model]);
          expect(running.size).toBe(model.size);
          expect(running.last).toBe([...model].at(-1));
        }
      }),
    );
  });

  test("holds one thing as often as it came", () => {
    const running = new InFlight<string>();
    const leave = running.add("a");
    running.add("a");
    leave();
    leave();
    expect(running.members()).toEqual(["a"]);
  });
});

describe("InFlightById", () => {
  const anyId = oneof(integer(), constantFrom("1", "-1", "__proto__", "constructor", "toString", ""));

  test("is what a Map would be; a number and the text of it are two ids", () => {
    const act = record({ id: anyId, value: option(nat(), { nil: undefined }) });
    assert(
      property(array(act, { maxLength: 40 }), (acts) => {
        const running = new InFlightById<number>();
        const model = new Map<string | number, number>();
        for (const { id, value } of acts) {
          if (value === undefined) expect(running.delete(id)).toBe(model.delete(id));
          else {
            running.set(id, value);
            model.set(id, value);
          }
          expect(running.get(id)).toBe(model.get(id));
          expect(ordered(running.values())).toEqual(ordered(model.values()));
        }
      }),
    );
  });

  test("knows nothing that was never put in", () => {
    const running = new InFlightById<number>();
    for (const id of ["__proto__", "constructor", "hasOwnProperty", 0]) {
      expect(running.get(id)).toBeUndefined();
      expect(running.delete(id)).toBe(false);
    }
  });
});

function ordered(values: Iterable<number>): number[] {
  return [...values].toSorted((left, right) => left - right);
}
