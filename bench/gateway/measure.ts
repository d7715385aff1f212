import { quantile } from "../harness.ts";
import type { Call, Subject } from "./subject.ts";

/** How long each subject is called, and how often. */
export interface Load {
  readonly rounds: number;
  /** Milliseconds of one measurement with one caller, and with many. */
  readonly aloneMs: number;
  readonly togetherMs: number;
}

/** What was found about one subject: the median of the rounds. */
export interface Found {
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** Calls a second with many callers. */
  readonly rate: number;
  readonly p99TogetherMs: number;
  /** Of everything that serves a call. */
  readonly cpuMs: number | undefined;
}

export const concurrency = 32;

/** Calls the subjects in turn, round after round, so that a busy machine is busy for all of them. */
export async function measureAll(
  subjects: readonly Subject[],
  load: Load,
): Promise<ReadonlyMap<string, Found>> {
  const clients = new Map<string, readonly Call[]>();
  for (const subject of subjects) {
    const calls: Call[] = [];
    for (let index = 0; index < concurrency; index += 1) calls.push(await subject.client());
    clients.set(subject.name, calls);
    await during(calls, Math.min(500, load.togetherMs));
  }
  const rounds = new Map<string, Found[]>(subjects.map(({ name }) => [name, []]));
  for (let round = 0; round < load.rounds; round += 1) {
    for (const subject of subjects) {
      rounds.get(subject.name)?.push(await measure(subject, clients.get(subject.name) ?? [], load));
    }
  }
  return new Map(Array.from(rounds, ([name, found]) => [name, middle(found)]));
}

async function measure(subject: Subject, calls: readonly Call[], load: Load): Promise<Found> {
  // While the others had their turn, V8 has collected what it knew of this one: it learns it again first.
  await during(calls, load.aloneMs / 2);
  const alone = await during(calls.slice(0, 1), load.aloneMs);
  const before = await subject.cpuSeconds();
  const startedAt = performance.now();
  const together = await during(calls, load.togetherMs);
  const seconds = (performance.now() - startedAt) / 1000;
  const after = await subject.cpuSeconds();
  return {
    p50Ms: quantile(alone, 0.5),
    p99Ms: quantile(alone, 0.99),
    rate: together.length / seconds,
    p99TogetherMs: quantile(together, 0.99),
    cpuMs:
      before === undefined || after === undefined ? undefined : ((after - before) / together.length) * 1000,
  };
}

/** Milliseconds of each call that all callers together made in some time. */
async function during(calls: readonly Call[], ms: number): Promise<number[]> {
  const took: number[] = [];
  const end = performance.now() + ms;
  const work = async (call: Call): Promise<void> => {
    for (let now = performance.now(); now < end;) {
      await call();
      const then = performance.now();
      took.push(then - now);
      now = then;
    }
  };
  await Promise.all(calls.map(work));
  return took;
}

function middle(found: readonly Found[]): Found {
  const of = (pick: (one: Found) => number | undefined): number =>
    quantile(
      found.map((one) => pick(one) ?? Number.NaN),
      0.5,
    );
  const cpuMs = of((one) => one.cpuMs);
  return {
    p50Ms: of((one) => one.p50Ms),
    p99Ms: of((one) => one.p99Ms),
    rate: of((one) => one.rate),
    p99TogetherMs: of((one) => one.p99TogetherMs),
    cpuMs: Number.isNaN(cpuMs) ? undefined : cpuMs,
  };
}
