import type { Clock } from "@parley/core";
import { systemClock } from "@parley/core";
import type { Admission, AttemptOutcome, Safety, SafetyStatus, Trip } from "../port.ts";
import type { SafetyLimits } from "./limits.ts";
import { normalError } from "./normal-error.ts";
import type { SavedBreaker, Tally } from "./saved.ts";
import { fresh, restore, save } from "./saved.ts";

/** Options of {@link createBreaker}. */
export interface BreakerOptions {
  readonly limits: SafetyLimits;
  /** After which one attempt is let through to see; used-up budgets wait for `reset`. Default 60 s. */
  readonly cooldownMs?: number | undefined;
  readonly clock?: Clock | undefined;
  /** Goes on from there, as `onChange` told it to an earlier process. */
  readonly saved?: SavedBreaker | undefined;
  /** Told how it stands after every attempt and every reset. */
  readonly onChange?: ((state: SavedBreaker) => void) | undefined;
}

/** Tasks whose last result is remembered. */
const mostMade = 1000;

/**
 * A circuit breaker. Failures open it; after the cool-down one attempt is let through, and closes or opens it again. A
 * used-up budget (attempts, time, cost, tokens) keeps it open until it is reset.
 */
export function createBreaker(options: BreakerOptions): Safety {
  const { limits, cooldownMs = 60_000, clock = systemClock, saved, onChange } = options;
  let { tally, opened } = restore(saved, clock.now());
  let probing = false;
  const tell = (): void => onChange?.(save({ tally, opened }));

  const status = (): SafetyStatus["state"] => {
    if (budgetTrip(tally, limits, clock.now()) !== undefined) return "open";
    if (opened === undefined) return "closed";
    return clock.now() - opened.at >= cooldownMs ? "half_open" : "open";
  };
  const settle = (outcome: AttemptOutcome | undefined, probe: boolean): void => {
    if (probe) probing = false;
    if (outcome === undefined) {
      tally.begun -= 1;
      return;
    }
    count(tally, outcome, limits);
    if (outcome.ok && probe) {
      opened = undefined;
      forgive(tally);
      return;
    }
    const trip = failureTrip(tally, limits) ?? (probe ? opened?.trip : undefined);
    if (trip !== undefined && !outcome.ok) opened = { trip, at: clock.now() };
  };

  return {
    admit(): Admission {
      const state = status();
      const trip = budgetTrip(tally, limits, clock.now()) ?? opened?.trip;
      const probe = state === "half_open";
      if (trip !== undefined && (state === "open" || (probe && probing))) return { ok: false, trip };
      if (probe) probing = true;
      tally.startedAt ??= clock.now();
      tally.begun += 1;
      let settled = false;
      return {
        ok: true,
        settle(outcome) {
          if (settled) return;
          settled = true;
          settle(outcome, probe);
          tell();
        },
      };
    },
    get status() {
      const { begun: iterations, failures, costUsd, tokens } = tally;
      const trip = budgetTrip(tally, limits, clock.now()) ?? opened?.trip;
      return {
        state: status(),
        iterations,
        failures,
        costUsd,
        tokens,
        ...(trip === undefined ? {} : { trip }),
      };
    },
    reset() {
      tally = fresh();
      opened = undefined;
      probing = false;
      tell();
    },
  };
}

function count(
  tally: Tally,
  { taskId, ok, usage, error, output }: AttemptOutcome,
  limits: SafetyLimits,
): void {
  tally.costUsd += usage.costUsd ?? 0;
  tally.tokens += (usage.inputTokens ?? 0) + (usage.outputTokens ?? 0);
  tally.recent = [...tally.recent, ok].slice(-(limits.maxFailureRatio?.window ?? 1));
  if (ok) {
    tally.consecutive = 0;
    tally.identical = 0;
    tally.unmoved = 0;
    tally.lastError = undefined;
    tally.made.delete(taskId);
    return;
  }
  tally.failures += 1;
  tally.consecutive += 1;
  const words = normalError(error ?? "");
  tally.identical = words === tally.lastError ? tally.identical + 1 : 1;
  tally.lastError = words;
  if (output === undefined) return;
  tally.unmoved = tally.made.get(taskId) === output ? tally.unmoved + 1 : 0;
  tally.made.delete(taskId);
  tally.made.set(taskId, output);
  const [oldest] = tally.made.keys();
  if (tally.made.size > mostMade && oldest !== undefined) tally.made.delete(oldest);
}

/** After a probe went well the failures before it say nothing any more. */
function forgive(tally: Tally): void {
  tally.recent = [];
  tally.consecutive = 0;
  tally.identical = 0;
  tally.unmoved = 0;
}

function budgetTrip(tally: Tally, limits: SafetyLimits, now: number): Trip | undefined {
  const seconds = tally.startedAt === undefined ? 0 : (now - tally.startedAt) / 1000;
  const budgets = [
    ["iterations", tally.begun, limits.maxIterations, "attempts"],
    ["wall_time", seconds, limits.maxWallSeconds, "seconds"],
    ["cost", tally.costUsd, limits.maxCostUsd, "USD"],
    ["tokens", tally.tokens, limits.maxTokens, "tokens"],
  ] as const;
  for (const [reason, used, limit, unit] of budgets) {
    if (limit === undefined || used < limit) continue;
    return { reason, message: `The limit of ${limit} ${unit} is used up.` };
  }
  return undefined;
}

const reaches = (value: number, limit: number | undefined): boolean => limit !== undefined && value >= limit;

function failureTrip(tally: Tally, limits: SafetyLimits): Trip | undefined {
  const { consecutive, identical, unmoved, recent } = tally;
  const { maxConsecutiveFailures, maxIdenticalErrors, maxWithoutProgress, maxFailureRatio } = limits;
  if (reaches(identical, maxIdenticalErrors)) {
    return { reason: "identical_error", message: `${identical} attempts in a row failed in the same way.` };
  }
  if (reaches(unmoved, maxWithoutProgress)) {
    return {
      reason: "no_progress",
      message: `${unmoved} attempts in a row made again what had failed before.`,
    };
  }
  if (reaches(consecutive, maxConsecutiveFailures)) {
    return { reason: "consecutive_failures", message: `${consecutive} attempts in a row failed.` };
  }
  if (maxFailureRatio === undefined || recent.length < maxFailureRatio.window) return undefined;
  const failed = recent.filter((ok) => !ok).length;
  if (failed / recent.length < maxFailureRatio.ratio) return undefined;
  return { reason: "failure_ratio", message: `${failed} of the last ${recent.length} attempts failed.` };
}
