import { allOf, createBreaker } from "@parley/orchestrator";
import type { AttemptOutcome, Safety, SafetyLimits } from "@parley/orchestrator";
import { array, assert, boolean, nat, property, record } from "fast-check";
import { describe, expect, it } from "vitest";

function breaker(limits: SafetyLimits, cooldownMs = 100): { safety: Safety; clock: { time: number } } {
  const clock = { time: 0 };
  return { clock, safety: createBreaker({ limits, cooldownMs, clock: { now: () => clock.time } }) };
}

/** One attempt; `false` when none may begin. */
function attempt(safety: Safety, outcome: Partial<AttemptOutcome>): boolean {
  const admission = safety.admit();
  if (!admission.ok) return false;
  admission.settle({ taskId: "t", ok: true, usage: {}, ...outcome });
  return true;
}

const bad = (error: string, output?: string) => ({ ok: false, error, output });

describe("[ORC-14] the breaker", () => {
  it.each([
    ["iterations", { maxIterations: 2 }, [{}, {}]],
    ["cost", { maxCostUsd: 1 }, [{ usage: { costUsd: 0.5 } }, { usage: { costUsd: 0.6 } }]],
    ["tokens", { maxTokens: 10 }, [{ usage: { inputTokens: 9, outputTokens: 1 } }]],
    ["consecutive_failures", { maxConsecutiveFailures: 2 }, [bad("a"), bad("b")]],
    ["failure_ratio", { maxFailureRatio: { ratio: 0.5, window: 4 } }, [{}, bad("a"), {}, bad("b")]],
    ["identical_error", { maxIdenticalErrors: 2 }, [bad("line 7 of 'x'"), bad("line 12 of 'y'")]],
    ["no_progress", { maxWithoutProgress: 1 }, [bad("a", "same"), bad("b", "same")]],
  ] as const)("opens for %s, not before, and says so", (reason, limits, attempts) => {
    const { safety } = breaker(limits);
    for (const outcome of attempts) expect(attempt(safety, outcome)).toBe(true);
    expect(attempt(safety, {})).toBe(false);
    expect(safety.status).toMatchObject({ state: "open", trip: { reason } });
    expect(safety.status.trip?.message).toMatch(/\.$/);
    safety.reset();
    expect(safety.status).toMatchObject({ state: "closed", iterations: 0, failures: 0 });
    expect(attempt(safety, {})).toBe(true);
  });

  it("opens when its time is used up, and no cool-down gives more", () => {
    const { safety, clock } = breaker({ maxWallSeconds: 10 });
    expect(attempt(safety, {})).toBe(true);
    clock.time = 10_000;
    expect(attempt(safety, {})).toBe(false);
    clock.time = 1_000_000;
    expect(safety.status).toMatchObject({ state: "open", trip: { reason: "wall_time" } });
  });

  it("tells errors apart by their words alone, and forgets them after a success", () => {
    const { safety } = breaker({ maxIdenticalErrors: 2 });
    attempt(safety, bad("disk full"));
    attempt(safety, bad("no route"));
    attempt(safety, {});
    attempt(safety, bad("no route"));
    expect(safety.status.state).toBe("closed");
  });

  it("lets one attempt through after the cool-down, and no second beside it", () => {
    const { safety, clock } = breaker({ maxConsecutiveFailures: 1 });
    attempt(safety, bad("a"));
    clock.time = 100;
    const probe = safety.admit();
    expect(probe.ok).toBe(true);
    expect(safety.admit().ok).toBe(false);
    if (probe.ok) probe.settle();
    expect(safety.status.state).toBe("half_open");
    expect(attempt(safety, bad("b"))).toBe(true);
    expect(safety.status.state).toBe("open");
    clock.time = 200;
    expect(attempt(safety, {})).toBe(true);
    expect(safety.status.state).toBe("closed");
  });

  it("counts nothing that was not begun, and settles once", () => {
    const { safety } = breaker({ maxIterations: 1 });
    const admission = safety.admit();
    if (!admission.ok) throw new Error("closed");
    admission.settle();
    admission.settle({ taskId: "t", ok: false, usage: { costUsd: 5 } });
    expect(safety.status).toMatchObject({ iterations: 0, costUsd: 0, failures: 0 });
  });

  it("of several asks all, and gives leave back when one refuses", () => {
    const [wide, narrow] = [breaker({ maxIterations: 5 }).safety, breaker({ maxIterations: 1 }).safety];
    const both = allOf([wide, narrow]);
    expect(attempt(both, {})).toBe(true);
    expect(attempt(both, {})).toBe(false);
    expect(wide.status.iterations).toBe(1);
    expect(both.status.state).toBe("open");
    both.reset();
    expect(attempt(both, {})).toBe(true);
    expect(allOf([]).status.state).toBe("closed");
  });

  it("never lets more begin than its limits, whatever happens", () => {
    const outcome = record({ ok: boolean(), begun: boolean(), wait: nat(150) });
    assert(
      property(array(outcome, { maxLength: 60 }), (steps) => {
        const { safety, clock } = breaker({ maxIterations: 20, maxConsecutiveFailures: 3 });
        let [begun, failing, opened] = [0, 0, 0];
        for (const step of steps) {
          clock.time += step.wait;
          const admission = safety.admit();
          if (!admission.ok) {
            const cooled = failing >= 3 && clock.time - opened >= 100;
            expect(begun >= 20 || (failing >= 3 && !cooled)).toBe(true);
            continue;
          }
          if (failing >= 3) expect(clock.time - opened).toBeGreaterThanOrEqual(100);
          admission.settle(step.begun ? { taskId: "t", ok: step.ok, usage: {} } : undefined);
          if (!step.begun) continue;
          begun += 1;
          failing = step.ok ? 0 : failing + 1;
          if (failing >= 3) opened = clock.time;
        }
        expect(begun).toBeLessThanOrEqual(20);
      }),
    );
  });
});
