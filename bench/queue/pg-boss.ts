import { z } from "zod";
import type { Contender } from "./contender.ts";
import { enoughFor, inThousands } from "./contender.ts";
import { peerVersions } from "./peers.ts";

/** The part of pg-boss that is used here. */
interface Boss {
  on(event: "error", listener: (error: unknown) => void): void;
  start(): Promise<unknown>;
  createQueue(name: string): Promise<void>;
  insert(jobs: readonly { readonly name: string; readonly data: object }[]): Promise<void>;
  fetch(name: string): Promise<readonly { readonly id: string }[]>;
  complete(name: string, id: string): Promise<void>;
  getDb(): { executeSql(text: string, values: readonly unknown[]): Promise<unknown> };
  stop(options: { readonly graceful: boolean }): Promise<void>;
}

const Module = z.custom<new (options: object) => Boss>((value) => typeof value === "function");
const name = "bench";

/** Fetches and completes one job after the other in each loop, as ours does. */
export async function openPgBoss(load: NodeJS.Require, host: string): Promise<Contender> {
  const PgBoss = Module.parse(load("pg-boss"));
  const boss = new PgBoss({ host, user: "bench", database: "postgres", max: 32 });
  boss.on("error", () => {});
  await boss.start();
  await boss.createQueue(name);
  return {
    name: `pg-boss ${peerVersions["pg-boss"]}`,
    async measure({ loops, milliseconds }) {
      await inThousands(enoughFor(milliseconds) / 4, (count) =>
        boss.insert(Array.from({ length: count }, (_, index) => ({ name, data: { index } }))),
      );
      // What autovacuum would do within the minute: without figures about its tables the planner scans them.
      await boss.getDb().executeSql("ANALYZE", []);
      let done = 0;
      const started = performance.now();
      const loop = async (): Promise<void> => {
        while (performance.now() - started < milliseconds) {
          const [job] = await boss.fetch(name);
          if (!job) throw new Error("pg-boss ran out of jobs.");
          await boss.complete(name, job.id);
          done += 1;
        }
      };
      await Promise.all(Array.from({ length: loops }, loop));
      return (done / (performance.now() - started)) * 1000;
    },
    close: () => boss.stop({ graceful: false }),
  };
}
