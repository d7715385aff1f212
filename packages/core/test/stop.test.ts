import { endingOf, Stop } from "@parley/core";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

describe("Stop", () => {
  it("tells all who listen, once, and those who come later at once", () => {
    const stop = new Stop();
    const heard: string[] = [];
    const take = stop.onAbort(() => heard.push("taken back"));
    stop.onAbort(() => heard.push("first"));
    stop.onAbort(() => heard.push("second"));
    take();
    const why = new Error("enough");
    stop.abort(why);
    stop.abort(new Error("again"));
    stop.onAbort(() => heard.push("late"));
    expect(heard).toEqual(["first", "second", "late"]);
    expect(stop).toMatchObject({ aborted: true, reason: why });
  });

  it("has a signal for who needs one, before its end and after", () => {
    const early = new Stop();
    const { signal } = early;
    expect(signal.aborted).toBe(false);
    early.abort("why");
    expect(signal).toMatchObject({ aborted: true, reason: "why" });
    const late = new Stop();
    late.abort();
    expect(late.signal.reason).toBe(late.reason);
    expect(late.reason).toMatchObject({ name: "AbortError" });
  });

  it("lets listeners come and go in any order", () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.boolean(), fc.nat(20)), { maxLength: 60 }), (steps) => {
        const stop = new Stop();
        const heard = new Set<number>();
        const open = new Map<number, () => void>();
        for (const [comes, name] of steps) {
          if (comes && !open.has(name))
            open.set(
              name,
              stop.onAbort(() => heard.add(name)),
            );
          else if (!comes) {
            open.get(name)?.();
            open.delete(name);
          }
        }
        stop.abort();
        expect(heard).toEqual(new Set(open.keys()));
      }),
    );
  });
});

it("a signal can be listened to in the same way", () => {
  const controller = new AbortController();
  const ending = endingOf(controller.signal);
  const heard: string[] = [];
  ending.onAbort(() => heard.push("taken back"))();
  ending.onAbort(() => heard.push("heard"));
  controller.abort("why");
  ending.onAbort(() => heard.push("late"));
  expect(heard).toEqual(["heard", "late"]);
  expect(ending).toMatchObject({ aborted: true, reason: "why" });
});
