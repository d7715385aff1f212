import { globPattern, ParleyError } from "@parley/core";
import type { Clock } from "@parley/core";
import { createRateLimit } from "@parley/server";
import type { RateLimit } from "@parley/server";
import type { CallLimit, LimitRules, ToolLimit } from "../config/safety-config.ts";

/** A call that asks to be let through. */
interface Admittance {
  /** Name of the caller's key. */
  readonly key: string;
  readonly server: string;
  /** The name it is served by; absent for a resource or prompt, which counts for the server alone. */
  readonly tool?: string | undefined;
}

/** Keeps calls within the limits of keys and tools. */
export interface CallLimiter {
  /**
   * Takes a place for a call. @returns gives the place back, once
   * @throws `E_RATE_LIMITED` with `retryAfterSeconds` in its details
   */
  enter(call: Admittance): () => void;
  /** Most bytes of a result; `undefined` when nothing limits it. */
  resultBytes(call: Omit<Admittance, "key">): number | undefined;
}

interface Gate {
  /** Names the limit in messages. */
  readonly name: string;
  readonly rate: RateLimit | undefined;
  readonly concurrent: number | undefined;
  /** Calls that run, by bucket. */
  readonly running: Map<string, number>;
  /** The bucket of a call; `undefined` when the limit is not about it. */
  bucketOf(call: Admittance): string | undefined;
}

const nothing = (): void => undefined;

export function createCallLimiter({ keys, tools }: LimitRules, clock: Clock): CallLimiter {
  const ofTools = Object.entries(tools).map(([glob, limit]) => ({ limit, matches: toolMatcher(glob), glob }));
  const gates = [
    ...Object.entries(keys).map(([glob, limit]) => keyGate(glob, limit, clock)),
    ...ofTools.map(({ glob, limit, matches }) => toolGate({ glob, limit, matches }, clock)),
  ].filter(({ rate, concurrent }) => rate !== undefined || concurrent !== undefined);
  const budgets = ofTools.filter(({ limit }) => limit.resultBytes !== undefined);
  return {
    enter(call) {
      if (gates.length === 0) return nothing;
      const places = gates.flatMap((gate) => {
        const bucket = gate.bucketOf(call);
        return bucket === undefined ? [] : [{ gate, bucket }];
      });
      // All are asked before any counts, so that a call which is refused costs nothing.
      for (const { gate, bucket } of places) checkRoom(gate, bucket);
      for (const { gate, bucket } of places) take(gate, bucket);
      let isIn = true;
      return () => {
        if (!isIn) return;
        isIn = false;
        for (const { gate, bucket } of places) leave(gate, bucket);
      };
    },
    resultBytes(call) {
      if (budgets.length === 0) return undefined;
      const found = budgets
        .filter(({ matches }) => matches(call))
        .map(({ limit }) => limit.resultBytes ?? Infinity);
      return found.length === 0 ? undefined : Math.min(...found);
    },
  };
}

function keyGate(glob: string, limit: CallLimit, clock: Clock): Gate {
  const pattern = globPattern(glob);
  return {
    ...counting(limit, clock),
    name: `calls of the key`,
    bucketOf: ({ key }) => (pattern.test(key) ? key : undefined),
  };
}

type Matches = (call: Omit<Admittance, "key">) => boolean;

function toolGate(
  { glob, limit, matches }: { readonly glob: string; readonly limit: ToolLimit; readonly matches: Matches },
  clock: Clock,
): Gate {
  return {
    ...counting(limit, clock),
    name: `calls of ${glob}`,
    bucketOf: (call) => (matches(call) ? (limit.per === "key" ? call.key : "") : undefined),
  };
}

/** A glob of servers holds for everything of theirs, one with a dot for tools alone. */
function toolMatcher(glob: string): Matches {
  const pattern = globPattern(glob);
  return ({ server, tool }) =>
    pattern.test(server) || (tool !== undefined && pattern.test(`${server}.${tool}`));
}

function counting(
  { perMinute, burst, concurrent }: CallLimit,
  clock: Clock,
): Pick<Gate, "rate" | "concurrent" | "running"> {
  if (perMinute === undefined) return { rate: undefined, concurrent, running: new Map() };
  const count = burst ?? Math.max(1, perMinute);
  return {
    rate: createRateLimit({ count, perSeconds: (count * 60) / perMinute }, clock),
    concurrent,
    running: new Map(),
  };
}

function checkRoom({ name, rate, concurrent, running }: Gate, bucket: string): void {
  if (concurrent !== undefined && (running.get(bucket) ?? 0) >= concurrent) {
    throw limited(`Of the ${name}, ${concurrent} may run at once, and as many do`, 1);
  }
  const seconds = rate?.wait(bucket) ?? 0;
  if (seconds > 0) throw limited(`The ${name} have come too fast`, seconds);
}

function take({ rate, concurrent, running }: Gate, bucket: string): void {
  rate?.take(bucket);
  if (concurrent !== undefined) running.set(bucket, (running.get(bucket) ?? 0) + 1);
}

function leave({ concurrent, running }: Gate, bucket: string): void {
  if (concurrent === undefined) return;
  const left = (running.get(bucket) ?? 1) - 1;
  if (left > 0) running.set(bucket, left);
  else running.delete(bucket);
}

function limited(what: string, retryAfterSeconds: number): ParleyError {
  return new ParleyError("E_RATE_LIMITED", `${what}; try again in ${retryAfterSeconds} s.`, {
    details: { retryAfterSeconds },
  });
}
