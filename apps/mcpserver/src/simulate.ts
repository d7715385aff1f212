import { systemClock } from "@parley/core";
import { createMemoryDatabase } from "@parley/databases";
import { createWorker } from "@parley/fleet";
import type { Worker } from "@parley/fleet";
import { anonymous, createServer, firstOf } from "@parley/server";
import type { ParleyServer } from "@parley/server";
import { createSimulatedSite } from "@parley/simulation";
import { createRegistry, defineTool } from "@parley/tool-registry";
import { z } from "zod";
import { version } from "./version.ts";

export interface SimulateOptions {
  readonly workers: number;
  /** Worker ids are this and a number counted from 0. */
  readonly prefix: string;
  readonly archetype?: "hpc" | "cloud" | "standalone" | undefined;
  readonly join?:
    | { readonly hubUrl: string; readonly secret: string; readonly ca?: string | undefined }
    | undefined;
  /** Tools of no use that each worker brings beside its own, to weigh a large mirror. Default 0. */
  readonly extraTools?: number | undefined;
  readonly onReady?: ((ready: number) => void) | undefined;
}

/** Many simulated workers in this process, each behind a socket of its own. */
export interface SimulatedFleet {
  readonly workers: readonly { readonly id: string; readonly url: string }[];
  close(): Promise<void>;
}

/** Workers that open and join at a time: a thousand at once would outrun the hub's patience for health checks. */
const width = 32;

/** Starts simulated workers on free loopback ports and lets them join a hub. Resolves when all have joined. */
export async function simulate(options: SimulateOptions): Promise<SimulatedFleet> {
  const opened: { worker: Worker; server: ParleyServer; url: string }[] = [];
  const close = async (): Promise<void> => {
    await Promise.allSettled(opened.map(({ worker }) => worker.close()));
    await Promise.allSettled(opened.map(({ server }) => server.close()));
  };
  try {
    for (let from = 0; from < options.workers; from += width) {
      const count = Math.min(width, options.workers - from);
      const batch = Array.from({ length: count }, (_, index) =>
        openOne(`${options.prefix}${from + index}`, options),
      );
      opened.push(...(await Promise.all(batch)));
      options.onReady?.(opened.length);
    }
  } catch (error) {
    await close();
    throw error;
  }
  return { workers: opened.map(({ worker, url }) => ({ id: worker.id, url })), close };
}

async function openOne(
  workerId: string,
  options: SimulateOptions,
): Promise<{ worker: Worker; server: ParleyServer; url: string }> {
  const registry = createRegistry();
  const site = await createSimulatedSite({ workerId, archetype: options.archetype, clock: systemClock });
  const worker = createWorker({ version }, { site, registry, database: createMemoryDatabase() });
  for (let index = 0; index < (options.extraTools ?? 0); index += 1) registry.addTool(ballast(index));
  const server = createServer({
    name: "mcpserver",
    version,
    registry,
    openApi: false,
    authenticator: firstOf(worker.authenticator, anonymous(new Set(["read", "negotiate"]))),
    health: () => ({ version, mode: "worker", worker_id: worker.id, instance: worker.instance }),
  });
  const url = `${(await server.listen({ port: 0 })).url}/mcp`;
  if (options.join) {
    const joined = await worker.join({ ...options.join, publicUrl: url }).first;
    if (joined.kind === "refused") throw joined.error;
  }
  return { worker, server, url };
}

function ballast(index: number): ReturnType<typeof defineTool> {
  return defineTool({
    name: `extra_${index}`,
    description: `Simulated tool ${index}: returns its argument.`,
    annotations: { readOnlyHint: true },
    input: z.object({ [`value_${index}`]: z.string().optional().describe("Anything, e.g. hello") }),
    handler: (args) => ({ ...args }),
  });
}
