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
    withPgClient(
      use: (client: { query(text: string, values: unknown[]): Promise<unknown> }) => Promise<unknown>,
    ): Promise<unknown>;
    release(): Promise<unknown>;
  }>;
  readonly Logger: new (factory: () => () => void) => object;
}

const isGraphile = z.looseObject({ run: z.function(), makeWorkerUtils: z.function(), Logger: z.function() });
const Module = z.custom<Graphile>((value) => isGraphile.safeParse(value).success);

const addMany =
  "SELECT graphile_worker.add_job('bench', json_build_object('index', n)) FROM generate_series(1, $1::int) AS n";

/** Its runner takes jobs one by one, as it does by default. */
export async function openGraphileWorker(load: NodeJS.Require, host: string): Promise<Contender> {
  const graphile = Module.parse(load("graphile-worker"));
  const common = {
    connectionString: `postgres://bench@/postgres?host=${encodeURIComponent(host)}`,
    logger: new graphile.Logger(() => () => {}),
  };
  const utils = await graphile.makeWorkerUtils(common);
  await utils.migrate();
  let done = 0;
  const taskList = {
    bench: () => {
      done += 1;
    },
  };
  return {
    name: `graphile-worker ${peerVersions["graphile-worker"]}`,
    way: "one by one",
    async measure({ loops, milliseconds }) {
      await inThousands(enoughFor(milliseconds) / 2, (count) =>
        utils.withPgClient((client) => client.query(addMany, [count])),
      );
      await utils.withPgClient((client) => client.query("ANALYZE", []));
      const options = {
        ...common,
        taskList,
        concurrency: loops,
        maxPoolSize: loops + 2,
        noHandleSignals: true,
      };
      const runner = await graphile.run(options);
      const rate = await rateOf(() => done, { milliseconds, sleep });
      await runner.stop();
      return rate;
    },
    close: async () => void (await utils.release()),
  };
}
