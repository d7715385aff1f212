import { mkdtemp, open, rm } from "node:fs/promises";
import { cpus, loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import type { Queue } from "@parley/queue";
import { createQueue } from "@parley/queue";
import type { Bench, Figure } from "./harness.ts";
import { quantile, timeRounds } from "./harness.ts";
import type { Contender } from "./queue/contender.ts";
import type { Field } from "./queue/contest.ts";
import { compare, contestFigures, openField } from "./queue/contest.ts";
import type { Pace } from "./queue/own.ts";
import { enqueue, fanOut, work, workAhead, workInBatches } from "./queue/own.ts";

/** Milliseconds that one small write takes to reach this disk: what bounds a single loop. */
async function syncMs(directory: string): Promise<number> {
  const file = await open(join(directory, "sync"), "w");
  const sample = await timeRounds(
    async () => {
      await file.write("x".repeat(4096));
      await file.datasync();
    },
    { rounds: 50, warmUp: 5 },
  );
  await file.close();
  return quantile(sample, 0.5);
}

/** A single loop needs two syncs a task, so that a slower disk than this cannot reach the targets by itself. */
const slowestSyncMs = 0.6;

/** Takes the targets away, in words, where a busy disk or busy processors would be judged instead of the queue. */
function judged(
  figures: readonly Figure[],
  { sync, load }: { readonly sync: number; readonly load: number },
): readonly Figure[] {
  const busy =
    sync > slowestSyncMs
      ? "disk too slow to judge"
      : load > cpus().length
        ? "processors too busy to judge"
        : undefined;
  if (busy === undefined) return figures;
  return figures.map(({ name, value, unit, target }) => ({
    name: target ? `${name} (${busy})` : name,
    value,
    unit,
  }));
}

/** Our queue among the others; the claims of its fastest round are kept. */
function ourselves(queue: Queue): { contender: Contender; best: () => Pace } {
  let best: Pace = { perSecond: 0, claimP99Ms: Number.NaN };
  const contender: Contender = {
    name: "parley",
    way: "one by one",
    async measure(options) {
      const pace = await work(queue, options);
      if (pace.perSecond > best.perSecond) best = pace;
      return pace.perSecond;
    },
    close: () => Promise.resolve(),
  };
  return { contender, best: () => best };
}

/** Our queue used as BullMQ's worker uses Redis. */
const ahead = (queue: Queue): Contender => ({
  name: "parley, next claim with each completion",
  way: "takes the next",
  measure: (options) => workAhead(queue, options),
  close: () => Promise.resolve(),
});

interface Sizes {
  readonly milliseconds: number;
  readonly stored: number;
  readonly events: number;
}

/** Our queue as those who work through many small tasks use it. */
const inBatches = (queue: Queue): Contender => ({
  name: "parley, in batches",
  way: "in batches",
  measure: (options) => workInBatches(queue, options),
  close: () => Promise.resolve(),
});

/** What is measured of our queue alone, and beside the others. */
async function measure(
  queue: Queue,
  field: Field,
  { milliseconds, stored, events }: Sizes,
): Promise<Figure[]> {
  await work(queue, { loops: 32, milliseconds: 500 });
  const [one, many, most] = [ourselves(queue), ourselves(queue), ourselves(queue)];
  const others = field.contenders;
  const [next, batches] = [ahead(queue), inBatches(queue)];
  const against = async (own: Contender, loops: number) => ({
    best: await compare([own, next, batches, ...others], { loops, milliseconds, rounds: 3 }),
    own: [own, next, batches],
    loops,
  });
  const single = await against(one.contender, 1);
  const busy = await against(many.contender, 32);
  await compare([most.contender], { loops: 256, milliseconds, rounds: 3 });
  const delays = await fanOut(queue, { followers: 1000, events });
  const pace = ({ best }: typeof one, loops: string, atLeast?: number): Figure => ({
    name: `claim+complete, ${loops}, ${stored} stored`,
    value: best().perSecond,
    unit: "tasks/s",
    ...(atLeast === undefined ? {} : { target: { atLeast } }),
  });
  const together = (loops: string, value = Number.NaN): Figure => ({
    name: `next claim with each completion, ${loops}`,
    value,
    unit: "tasks/s",
  });
  return [
    pace(one, "1 loop", 500),
    pace(many, "32 loops", 5000),
    pace(most, "256 loops"),
    { name: "claim p99, 32 loops", value: many.best().claimP99Ms, unit: "ms", target: { atMost: 50 } },
    {
      name: "event to 1000 followers, p99",
      value: quantile(delays, 0.99),
      unit: "ms",
      target: { atMost: 50 },
    },
    together("1 loop", single.best.get(next.name)),
    together("32 loops", busy.best.get(next.name)),
    {
      name: "in two batches of 16, each completed by one call while another claims the next",
      value: busy.best.get(batches.name) ?? Number.NaN,
      unit: "tasks/s",
    },
    ...contestFigures(others, single),
    ...contestFigures(others, busy),
  ];
}

/** Fills, opens again and measures; the load is that before the benchmark made its own. */
async function fillAndMeasure(
  directory: string,
  { field, sizes }: { field: Field; sizes: Sizes },
): Promise<readonly Figure[]> {
  const [load = 0] = loadavg();
  const path = join(directory, "q.db");
  const { stored } = sizes;
  let queue = await createQueue({ path });
  const enqueued = await enqueue(queue, stored);
  await queue.close();
  const openedAt = performance.now();
  queue = await createQueue({ path });
  const openMs = performance.now() - openedAt;
  const figures = await measure(queue, field, sizes);
  await queue.close();
  const sync = await syncMs(directory);
  const first: Figure[] = [
    { name: "datasync of this disk, p50", value: sync, unit: "ms" },
    { name: "enqueue in batches of 1000", value: enqueued, unit: "tasks/s", target: { atLeast: 50_000 } },
    { name: `open, ${stored} stored`, value: openMs, unit: "ms", target: { atMost: 2000 } },
  ];
  return judged([...first, ...figures], { sync, load });
}

const nobodyElse: Field = { contenders: [], close: () => Promise.resolve() };

/** Others take a minute to fetch, start and measure: the short form only shows that ours runs. */
async function run({ short }: { short: boolean }): Promise<readonly Figure[]> {
  const directory = await mkdtemp(join(tmpdir(), "pq-"));
  const sizes: Sizes = short
    ? { milliseconds: 700, stored: 250_000, events: 20 }
    : { milliseconds: 2000, stored: 1_000_000, events: 100 };
  try {
    const field = short ? nobodyElse : await openField(directory);
    try {
      return await fillAndMeasure(directory, { field, sizes });
    } finally {
      await field.close();
    }
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

/** The durable queue on this disk, `synchronous=FULL`, beside other durable queues. */
export const queueBench: Bench = {
  name: "queue",
  title: "Durable queues: every answer has reached the disk; fastest of the rounds, taken in turn",
  run,
};
