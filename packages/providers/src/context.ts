import { open, readdir } from "node:fs/promises";
import os from "node:os";
import { createRun, which } from "@parley/exec";
import type { Machine, ProviderContext } from "./provider.ts";

/** Most bytes of one file a provider reads; `/proc/cpuinfo` of a 512-thread node is under 1 MiB. */
const maxFileBytes = 2 ** 20;

/**
 * The real machine behind the provider seams.
 * @param overrides - any seam may be replaced. `env` is empty unless given, so that nothing is on PATH without it;
 * `run` is `createRun()` of `@parley/exec`.
 */
export function createProviderContext(overrides: Partial<ProviderContext> = {}): ProviderContext {
  return {
    run: createRun(),
    env: {},
    readText,
    list,
    isExecutable: async (path) => (await which(path)) !== undefined,
    machine,
    now: () => Date.now(),
    ...overrides,
  };
}

async function readText(path: string): Promise<string | undefined> {
  const file = await open(path, "r").catch(() => undefined);
  if (file === undefined) return undefined;
  try {
    return await readBounded(file);
  } catch {
    return undefined;
  } finally {
    await file.close();
  }
}

/** Reads to the end or the limit; files in `/proc` have size 0, so the size says nothing. */
async function readBounded(file: Awaited<ReturnType<typeof open>>): Promise<string> {
  const chunks: Buffer[] = [];
  let total = 0;
  while (total < maxFileBytes) {
    const buffer = Buffer.alloc(Math.min(65_536, maxFileBytes - total));
    const { bytesRead } = await file.read(buffer, 0, buffer.length, null);
    if (bytesRead === 0) break;
    chunks.push(buffer.subarray(0, bytesRead));
    total += bytesRead;
  }
  return Buffer.concat(chunks).toString("utf8");
}

async function list(path: string): Promise<readonly string[] | undefined> {
  return readdir(path).catch(() => undefined);
}

function machine(): Machine {
  const cpus = os.cpus();
  const userId = process.getuid?.();
  return {
    arch: os.machine(),
    platform: os.platform(),
    cpuModel: cpus[0]?.model,
    logicalCores: Math.max(1, cpus.length),
    totalMemoryBytes: os.totalmem(),
    freeMemoryBytes: os.freemem(),
    loadAverage: os.loadavg(),
    userId,
  };
}
