import type { Figure } from "../harness.ts";
import { openBullMq } from "./bullmq.ts";
import type { Contender } from "./contender.ts";
import { openGraphileWorker } from "./graphile-worker.ts";
import { requirePeers } from "./peers.ts";
import { openPgBoss } from "./pg-boss.ts";
import type { Server } from "./servers.ts";
import { startPostgres, startRedis } from "./servers.ts";

/** Other queues on the same disk, and how to end them. */
export interface Field {
  readonly contenders: readonly Contender[];
  close(): Promise<void>;
}

const without = (what: string, whom: string): void =>
  console.error(`No ${what} on this machine: the queue benchmark runs without ${whom}.`);

/** Starts what can be had of the other queues, each over a server in this folder. */
export async function openField(directory: string): Promise<Field> {
  const servers: Server[] = [];
  const contenders: Contender[] = [];
  const close = async (): Promise<void> => {
    for (const contender of contenders) await contender.close();
    for (const server of servers) await server.stop();
  };
  const load = await requirePeers();
  if (load === undefined) return { contenders, close };
  try {
    const postgres = await startPostgres(directory);
    if (postgres === undefined) without("PostgreSQL", "pg-boss and graphile-worker");
    else {
      servers.push(postgres);
      contenders.push(...(await openPgBoss(load, postgres.socketPath)));
      contenders.push(await openGraphileWorker(load, postgres.socketPath));
    }
    const redis = await startRedis(directory);
    if (redis === undefined) without("Redis or Valkey", "BullMQ");
    else {
      servers.push(redis);
      contenders.push(openBullMq(load, redis.socketPath));
    }
    return { contenders, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** How many times another queue's pace ours must have, with as many workers as loops. */
const targets: Readonly<Record<string, number>> = { "pg-boss": 5, BullMQ: 2 };

/** Measures all in turn, so that a busy moment meets each of them; the fastest of the rounds counts. */
export async function compare(
  contenders: readonly Contender[],
  options: { readonly loops: number; readonly milliseconds: number; readonly rounds: number },
): Promise<ReadonlyMap<string, number>> {
  const best = new Map<string, number>();
  for (let round = 0; round < options.rounds; round += 1) {
    for (const contender of contenders) {
      const rate = await contender.measure(options);
      best.set(contender.name, Math.max(rate, best.get(contender.name) ?? 0));
    }
  }
  return best;
}

/** The others' paces, and ours over theirs: of those of ours that is used as they are. */
export function contestFigures(
  contenders: readonly Contender[],
  {
    best,
    own,
    loops,
  }: {
    readonly best: ReadonlyMap<string, number>;
    readonly own: readonly Contender[];
    readonly loops: number;
  },
): readonly Figure[] {
  const said = `${loops} ${loops === 1 ? "loop" : "loops"}`;
  return contenders.flatMap(({ name, way }): Figure[] => {
    const mine = own.find((ours) => ours.way === way);
    const [short = ""] = name.split(" ");
    const target = loops > 1 && way !== "in batches" ? targets[short] : undefined;
    const value = best.get(name) ?? Number.NaN;
    return [
      { name: `${name}, ${said}`, value, unit: "tasks/s" },
      {
        name: `ours over ${short}, ${way}, ${said}`,
        value: (best.get(mine?.name ?? "") ?? Number.NaN) / value,
        unit: "x",
        ...(target === undefined ? {} : { target: { atLeast: target } }),
      },
    ];
  });
}
