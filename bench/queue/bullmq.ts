import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import type { Contender } from "./contender.ts";
import { enoughFor, inThousands, rateOf } from "./contender.ts";
import { peerVersions } from "./peers.ts";

interface Closing {
  on(event: "error", listener: (error: unknown) => void): void;
  close(): Promise<void>;
}

/** The part of BullMQ that is used here. */
interface Bull {
  readonly Queue: new (
    name: string,
    options: object,
  ) => Closing & {
    addBulk(jobs: readonly { readonly name: string; readonly data: object }[]): Promise<unknown>;
  };
  readonly Worker: new (
    name: string,
    work: () => Promise<void>,
    options: object,
  ) => Closing & { on(event: "completed", listener: () => void): void };
}

const isBull = z.looseObject({ Queue: z.function(), Worker: z.function() });
const Module = z.custom<Bull>((value) => isBull.safeParse(value).success);

/** Its worker over a Redis that answers once its log has reached the disk. */
export function openBullMq(load: NodeJS.Require, path: string): Contender {
  const { Queue, Worker } = Module.parse(load("bullmq"));
  const connection = { path, maxRetriesPerRequest: null };
  const queue = new Queue("bench", { connection });
  queue.on("error", () => {});
  let done = 0;
  return {
    name: `BullMQ ${peerVersions.bullmq}, AOF always`,
    way: "takes the next",
    async measure({ loops, milliseconds }) {
      await inThousands(enoughFor(milliseconds), (count) =>
        queue.addBulk(Array.from({ length: count }, (_, index) => ({ name: "bench", data: { index } }))),
      );
      const worker = new Worker("bench", () => Promise.resolve(), { connection, concurrency: loops });
      worker.on("error", () => {});
      worker.on("completed", () => {
        done += 1;
      });
      const rate = await rateOf(() => done, { milliseconds, sleep });
      await worker.close();
      return rate;
    },
    close: () => queue.close(),
  };
}
