import { z } from "zod";
import type { Contender } from "./contender.ts";
import { enoughFor, handsOf, inThousands } from "./contender.ts";
import { peerVersions } from "./peers.ts";

type Jobs = readonly { readonly id: string }[];

/** The part of pg-boss that is used here. */
interface Boss {
  on(event: "error", listener: (error: unknown) => void): void;
  start(): Promise<unknown>;
  createQueue(name: string): Promise<void>;
  insert(jobs: readonly { readonly name: string; readonly data: object }[]): Promise<void>;
  purgeQueue(name: string): Promise<void>;
  fetch(name: string, options: { readonly batchSize: number }): Promise<Jobs>;
  complete(name: string, ids: readonly string[]): Promise<unknown>;
  getDb(): { executeSql(text: string, values: readonly unknown[]): Promise<unknown> };
  stop(options: { readonly graceful: boolean }): Promise<void>;
}

const Module = z.custom<new (options: object) => Boss>((value) => typeof value === "function");
const name = "bench";

/** Fresh work for a measurement, and what autovacuum would do within the minute: without it the planner scans. */
async function refill(boss: Boss, tasks: number): Promise<void> {
  await boss.purgeQueue(name);
  await inThousands(tasks, (count) =>
    boss.insert(Array.from({ length: count }, (_, index) => ({ name, data: { index } }))),
  );
  await boss.getDb().executeSql("VACUUM ANALYZE", []);
}

/**
 * Fetches and completes in loops, one job after the other, or several while the next are fetched; its own workers would
 * pause for half a second between two fetches. The queue is kept short: each fetch sorts every job that waits, as no index has the order it asks for.
 */
async function measure(
  boss: Boss,
  { hands, batch, milliseconds }: { hands: number; batch: number; milliseconds: number },
): Promise<number> {
  await refill(boss, enoughFor(milliseconds) / 8);
  let done = 0;
  const started = performance.now();
  const fetch = () => boss.fetch(name, { batchSize: batch });
  const complete = async (jobs: Jobs): Promise<void> => {
    const ids = jobs.map(({ id }) => id);
    await boss.complete(name, ids);
    done += jobs.length;
  };
  const loop = async (): Promise<void> => {
    let jobs = await fetch();
    while (jobs.length > 0 && performance.now() - started < milliseconds) {
      if (batch > 1) [jobs] = await Promise.all([fetch(), complete(jobs)]);
      else {
        await complete(jobs);
        jobs = await fetch();
      }
    }
    if (jobs.length > 0) await complete(jobs);
  };
  await Promise.all(Array.from({ length: hands }, loop));
  return (done / (performance.now() - started)) * 1000;
}

/** pg-boss as its documentation offers it: job by job, and in batches. */
export async function openPgBoss(load: NodeJS.Require, host: string): Promise<readonly Contender[]> {
  const PgBoss = Module.parse(load("pg-boss"));
  const boss = new PgBoss({ host, user: "bench", database: "postgres", max: 32 });
  boss.on("error", () => {});
  await boss.start();
  await boss.createQueue(name);
  const version = `pg-boss ${peerVersions["pg-boss"]}`;
  return [
    {
      name: version,
      way: "one by one",
      measure: ({ loops, milliseconds }) => measure(boss, { hands: loops, batch: 1, milliseconds }),
      close: () => boss.stop({ graceful: false }),
    },
    {
      name: `${version}, in batches`,
      way: "in batches",
      measure: ({ loops, milliseconds }) => measure(boss, { ...handsOf(loops), milliseconds }),
      close: () => Promise.resolve(),
    },
  ];
}
