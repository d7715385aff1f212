import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import type { Contender } from "./contender.ts";
import { enoughFor, inThousands, rateOf } from "./contender.ts";
import { peerVersions } from "./peers.ts";

/** The part of Graphile Worker that is used here. */
interface Graphile {
  run(options: object): Promise<{ stop(): Promise<void> }>;
  makeWorkerUtils(options: object): Promise<{
    migrate(): Promise<void>;
    addJobs(jobs: readonly object[]): Promise<unknown>;
    release(): Promise<unknown>;
  }>;
  readonly Logger: new (factory: () => () => void) => object;
}

const isGraphile = z.looseObject({ run: z.function(), makeWorkerUtils: z.function(), Logger: z.function() });
const Module = z.custom<Graphile>((value) => isGraphile.safeParse(value).success);

/** Its runner takes jobs one by one, as it does by default. */
export async function openGraphileWorker(load: NodeJS.Require, host: string): Promise<Contender> {
  const { run, makeWorkerUtils, Logger } = Module.parse(load("graphile-worker"));
  const common = {
    connectionString: `postgres://bench@/postgres?host=${encodeURIComponent(host)}`,
    logger: new Logger(() => () => {}),
  };
  const utils = await makeWorkerUtils(common);
  await utils.migrate();
  let done = 0;
  const taskList = {
    bench: () => {
      done += 1;
    },
  };
  return {
    name: `graphile-worker ${peerVersions["graphile-worker"]}`,
    async measure({ loops, milliseconds }) {
      await inThousands(enoughFor(milliseconds), (count) =>
        utils.addJobs(
          Array.from({ length: count }, (_, index) => ({ identifier: "bench", payload: { index } })),
        ),
      );
      const options = {
        ...common,
        taskList,
        concurrency: loops,
        maxPoolSize: loops + 2,
        noHandleSignals: true,
      };
      const runner = await run(options);
      const rate = await rateOf(() => done, { milliseconds, sleep });
      await runner.stop();
      return rate;
    },
    close: async () => void (await utils.release()),
  };
}
