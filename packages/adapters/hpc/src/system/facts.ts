import { readFile } from "node:fs/promises";
import { arch, availableParallelism, hostname, loadavg, release, uptime } from "node:os";
import { z } from "zod";
import type { Call } from "../call.ts";
import { execute } from "../execute.ts";
import {
  Cpu,
  Disk,
  Gpu,
  Memory,
  gpuFields,
  parseCpus,
  parseDf,
  parseLimits,
  parseMemory,
  parseNvidia,
} from "./parse.ts";

/** What can be asked for. */
export const Part = z.enum(["host", "cpu", "memory", "disks", "load", "limits", "gpus"]);
export type Part = z.infer<typeof Part>;

/** Facts about the machine the server runs on; only the parts that were asked for are there. */
export const Facts = z.object({
  host: z
    .object({
      name: z.string(),
      system: z.string().optional(),
      kernel: z.string(),
      uptime_seconds: z.number(),
    })
    .optional(),
  cpu: Cpu.optional(),
  memory: Memory.optional(),
  disks: z.array(Disk).optional(),
  load: z
    .object({ one_minute: z.number(), five_minutes: z.number(), fifteen_minutes: z.number() })
    .optional(),
  limits: z
    .object({
      uid: z.number().optional(),
      groups: z.array(z.number()).optional(),
      /** Soft limits of this server's process, with the hard ones where they differ. */
      process: z.record(z.string(), z.string()),
    })
    .optional(),
  gpus: z.array(Gpu).optional(),
  /** Parts that could not be read, with the reason. */
  unknown: z.record(z.string(), z.string()),
});
export type Facts = z.infer<typeof Facts>;

type Reader = (call: Call) => Promise<Partial<Facts>>;

const readers: Readonly<Record<Part, Reader>> = {
  host: readHost,
  cpu: readCpu,
  memory: async () => ({ memory: parseMemory(await readFile("/proc/meminfo", "utf8")) }),
  disks: readDisks,
  load: async () => {
    const [one = 0, five = 0, fifteen = 0] = loadavg();
    return { load: { one_minute: one, five_minutes: five, fifteen_minutes: fifteen } };
  },
  limits: readLimits,
  gpus: readGpus,
};

/** Reads the parts asked for; one that fails is named in `unknown` and the others are read all the same. */
export async function readFacts(call: Call, parts: readonly Part[]): Promise<Facts> {
  const unknown: Record<string, string> = {};
  const found = await Promise.all(
    [...new Set(parts)].map((part) =>
      readers[part](call).catch((error: unknown): Partial<Facts> => {
        unknown[part] = error instanceof Error ? error.message.slice(0, 300) : "no reason given";
        return {};
      }),
    ),
  );
  return { ...Object.assign({}, ...found), unknown };
}

async function readHost(): Promise<Partial<Facts>> {
  const release_ = await readFile("/etc/os-release", "utf8").catch(() => "");
  const system = /^PRETTY_NAME="?([^"\n]*)"?$/m.exec(release_)?.[1];
  return { host: { name: hostname(), system, kernel: release(), uptime_seconds: Math.round(uptime()) } };
}

async function readCpu(): Promise<Partial<Facts>> {
  const counted = parseCpus(await readFile("/proc/cpuinfo", "utf8"));
  return { cpu: { architecture: arch(), usable_threads: availableParallelism(), ...counted } };
}

/** `df` hangs where a server of a file system is gone; it is killed then, and what it printed counts. */
async function readDisks(call: Call): Promise<Partial<Facts>> {
  const result = await execute(call, ["df", "-P", "-k", "-T"], { timeoutMs: 5000 });
  const disks = parseDf(result.stdout);
  if (disks.length === 0 && !result.ok)
    throw new Error(`df: ${result.stderr.trim() || (result.failure ?? "")}`);
  return { disks };
}

async function readLimits(): Promise<Partial<Facts>> {
  const text = await readFile("/proc/self/limits", "utf8");
  return {
    limits: { uid: process.getuid?.(), groups: process.getgroups?.(), process: parseLimits(text) },
  };
}

/** No program is no GPU of NVIDIA's; one that fails is unknown. */
async function readGpus(call: Call): Promise<Partial<Facts>> {
  const query = ["nvidia-smi", `--query-gpu=${gpuFields}`, "--format=csv,noheader,nounits"];
  const result = await execute(call, query, { timeoutMs: 10_000 });
  if (result.failure === "not-found") return { gpus: [] };
  if (!result.ok)
    throw new Error(
      `nvidia-smi: ${result.stdout.trim().slice(0, 200) || result.stderr.trim().slice(0, 200)}`,
    );
  return { gpus: parseNvidia(result.stdout) };
}
