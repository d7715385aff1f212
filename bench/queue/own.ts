import { performance } from "node:perf_hooks";
import type { LeaseRef, Queue } from "@parley/queue";
import { quantile } from "../harness.ts";
import { handsOf } from "./contender.ts";

const batchSize = 1000;
const laps = 4;

/** Submits tasks by the thousand; returns tasks per second of the fastest quarter. */
export async function enqueue(queue: Queue, tasks: number): Promise<number> {
  const commands = Array.from({ length: batchSize }, (_, index) => ({
    command: "submit" as const,
    task: { payload: { index } },
  }));
  const rates: number[] = [];
  for (let lap = 0; lap < laps; lap += 1) {
    const started = performance.now();
    for (let sent = 0; sent < tasks / laps; sent += batchSize) await queue.batch(commands);
    rates.push((tasks / laps / (performance.now() - started)) * 1000);
  }
  return Math.max(...rates);
}

/** How fast tasks were done, and how long a claim took. */
export interface Pace {
  readonly perSecond: number;
  readonly claimP99Ms: number;
}

/** Claims and completes one task after the other in so many loops; every answer has reached the disk. */
export async function work(
  queue: Queue,
  { loops, milliseconds }: { loops: number; milliseconds: number },
): Promise<Pace> {
  const started = performance.now();
  const claims: number[] = [];
  const loop = async (): Promise<void> => {
    while (performance.now() - started < milliseconds) {
      const asked = performance.now();
      const [lease] = await queue.claim({ worker: "bench" });
      if (!lease) throw new Error("The benchmark ran out of tasks.");
      claims.push(performance.now() - asked);
      await queue.complete(lease);
    }
  };
  await Promise.all(Array.from({ length: loops }, loop));
  const perSecond = (claims.length / (performance.now() - started)) * 1000;
  return { perSecond, claimP99Ms: quantile(claims, 0.99) };
}

/** As {@link work}, but each completion takes the next task along: both are in one commit, as in a worker that is never idle. */
export async function workAhead(
  queue: Queue,
  { loops, milliseconds }: { loops: number; milliseconds: number },
): Promise<number> {
  const started = performance.now();
  let done = 0;
  const loop = async (): Promise<void> => {
    let [lease] = await queue.claim({ worker: "bench" });
    while (performance.now() - started < milliseconds) {
      if (!lease) throw new Error("The benchmark ran out of tasks.");
      const [, next] = await Promise.all([queue.complete(lease), queue.claim({ worker: "bench" })]);
      [lease] = next;
      done += 1;
    }
    if (lease) await queue.release(lease);
  };
  await Promise.all(Array.from({ length: loops }, loop));
  return (done / (performance.now() - started)) * 1000;
}

/** As {@link workAhead}, but with several tasks in each hand: one call completes them and one claims the next. */
export async function workInBatches(
  queue: Queue,
  { loops, milliseconds }: { loops: number; milliseconds: number },
): Promise<number> {
  const { hands, batch } = handsOf(loops);
  const started = performance.now();
  let done = 0;
  const claim = () => queue.claim({ worker: "bench", limit: batch });
  const complete = async (leases: readonly LeaseRef[]): Promise<void> => {
    if (leases.length === 0) throw new Error("The benchmark ran out of tasks.");
    await queue.batch(leases.map((lease) => ({ command: "complete", lease })));
    done += leases.length;
  };
  const loop = async (): Promise<void> => {
    let leases = await claim();
    while (performance.now() - started < milliseconds) {
      [leases] = await Promise.all([claim(), complete(leases)]);
    }
    await complete(leases);
  };
  await Promise.all(Array.from({ length: hands }, loop));
  return (done / (performance.now() - started)) * 1000;
}

/** Milliseconds from a submission to each of many followers having its event. */
export async function fanOut(
  queue: Queue,
  { followers, events }: { followers: number; events: number },
): Promise<number[]> {
  const delays: number[] = [];
  const stops = Array.from({ length: followers }, () => new AbortController());
  let sentAt = 0;
  let arrived = 0;
  let all: (() => void) | undefined;
  const follow = async ({ signal }: AbortController): Promise<void> => {
    for await (const event of queue.subscribe({ signal })) {
      if (event.type !== "submitted") continue;
      delays.push(performance.now() - sentAt);
      arrived += 1;
      if (arrived === followers) all?.();
    }
  };
  const running = stops.map(follow);
  for (let sent = 0; sent < events; sent += 1) {
    arrived = 0;
    const everyone = new Promise<void>((resolve) => (all = resolve));
    sentAt = performance.now();
    await queue.submit({});
    await everyone;
  }
  for (const stop of stops) stop.abort();
  await Promise.all(running);
  return delays;
}
