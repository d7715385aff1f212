import { fakeClock } from "@parley/testing";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { createBreaker } from "../src/pool/breaker.ts";
import type { Passage } from "../src/pool/breaker.ts";

const failures = 3;
const cooldownMs = 1000;

const opened = (clock = fakeClock()) => {
  const breaker = createBreaker({ failures, cooldownMs }, clock);
  for (let index = 0; index < failures; index += 1) breaker.enter()?.end("failed");
  return { breaker, clock };
};

test("[GTW-134] it opens after failures in a row, lets one probe through, and closes when that succeeds", () => {
  const { breaker, clock } = opened();
  expect([breaker.state, breaker.waitMs, breaker.enter()]).toEqual(["open", cooldownMs, undefined]);
  clock.advance(cooldownMs - 1);
  expect(breaker.enter()).toBeUndefined();
  clock.advance(1);
  expect([breaker.state, breaker.waitMs]).toEqual(["half-open", 0]);
  const probe = breaker.enter();
  expect(breaker.enter()).toBeUndefined();
  probe?.end("ok");
  expect([breaker.state, breaker.waitMs]).toEqual(["closed", 0]);
});

test("[GTW-134] a probe that fails keeps it open for longer, and one that its caller ended makes room for another", () => {
  const { breaker, clock } = opened();
  clock.advance(cooldownMs);
  breaker.enter()?.end("unknown");
  expect(breaker.state).toBe("half-open");
  breaker.enter()?.end("failed");
  expect([breaker.state, breaker.waitMs]).toEqual(["open", 2 * cooldownMs]);
  for (let index = 0; index < 8; index += 1) {
    clock.advance(breaker.waitMs);
    breaker.enter()?.end("failed");
  }
  expect(breaker.waitMs).toBe(10 * cooldownMs);
});

type Step =
  | { readonly kind: "enter" }
  | { readonly kind: "end"; readonly which: number; readonly how: "ok" | "failed" | "unknown" }
  | { readonly kind: "wait"; readonly ms: number };

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.constant({ kind: "enter" } as const),
  fc.record({
    kind: fc.constant("end" as const),
    which: fc.nat(20),
    how: fc.constantFrom("ok" as const, "failed" as const, "unknown" as const),
  }),
  fc.record({ kind: fc.constant("wait" as const), ms: fc.nat(3000) }),
);

test("[GTW-134] whatever comes in whatever order: open means none, half-open means one, and time always opens a way back", () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
      const clock = fakeClock();
      const breaker = createBreaker({ failures, cooldownMs }, clock);
      const running: Passage[] = [];
      let probes: Passage[] = [];
      for (const one of steps) {
        const before = breaker.state;
        if (one.kind === "wait") clock.advance(one.ms);
        if (one.kind === "end") {
          const [passage] = running.splice(one.which % Math.max(1, running.length), 1);
          passage?.end(one.how);
          probes = probes.filter((probe) => probe !== passage);
          // Nothing but failures opens it, and nothing but a probe closes it.
          if (before === "closed" && breaker.state !== "closed") expect(one.how).toBe("failed");
          if (before !== "closed" && breaker.state === "closed") expect(one.how).toBe("ok");
        }
        if (one.kind === "enter") {
          const passage = breaker.enter();
          if (passage !== undefined) running.push(passage);
          expect(passage !== undefined).toBe(
            before === "closed" || (before === "half-open" && probes.length === 0),
          );
          if (passage !== undefined && before === "half-open") probes.push(passage);
        }
        if (breaker.state === "closed") probes = [];
        expect(probes.length).toBeLessThanOrEqual(1);
      }
      for (const probe of probes) probe.end("unknown");
      clock.advance(10 * cooldownMs);
      breaker.enter()?.end("ok");
      expect(breaker.state).toBe("closed");
    }),
    { numRuns: 300 },
  );
});
