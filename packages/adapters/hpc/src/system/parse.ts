import { z } from "zod";

/** Texts of the system, read into facts. Unknown is absent. */

export const Disk = z.object({
  filesystem: z.string(),
  type: z.string(),
  mounted_on: z.string(),
  size_bytes: z.number(),
  used_bytes: z.number(),
  available_bytes: z.number(),
});
export type Disk = z.infer<typeof Disk>;

export const Gpu = z.object({
  model: z.string(),
  memory_bytes: z.number().optional(),
  memory_used_bytes: z.number().optional(),
  utilization_percent: z.number().optional(),
  driver: z.string().optional(),
});
export type Gpu = z.infer<typeof Gpu>;

export const Cpu = z.object({
  model: z.string().optional(),
  architecture: z.string(),
  /** Hardware threads this process may use. */
  usable_threads: z.number(),
  threads: z.number(),
  cores: z.number().optional(),
  sockets: z.number().optional(),
});

export const Memory = z.object({
  total_bytes: z.number().optional(),
  available_bytes: z.number().optional(),
  swap_total_bytes: z.number().optional(),
  swap_free_bytes: z.number().optional(),
});

/** Kinds of file system that hold nobody's data. */
const hollow =
  /^(?:autofs|bpf|cgroup2?|configfs|debugfs|devpts|devtmpfs|efivarfs|fusectl|mqueue|proc|pstore|rpc_pipefs|securityfs|squashfs|sysfs|tracefs)$/;

/** Reads `df -P -k -T`; at most 100 mounts, without those that hold nobody's data. */
export function parseDf(stdout: string): Disk[] {
  const rows = stdout.split("\n").slice(1);
  return rows
    .flatMap((row): Disk[] => {
      const match = /^(.+?)\s+(\S+)\s+(\d+)\s+(\d+)\s+(-?\d+)\s+\S+\s+(\/.*)$/.exec(row);
      const [, filesystem = "", type = "", size, used, available, mount = ""] = match ?? [];
      if (match === null || hollow.test(type) || Number(size) === 0) return [];
      return [
        {
          filesystem,
          type,
          mounted_on: mount,
          size_bytes: Number(size) * 1024,
          used_bytes: Number(used) * 1024,
          available_bytes: Math.max(0, Number(available)) * 1024,
        },
      ];
    })
    .slice(0, 100);
}

/** Reads `/proc/meminfo`. */
export function parseMemory(text: string): z.infer<typeof Memory> {
  const bytes = (name: string): number | undefined => {
    const found = new RegExp(`^${name}:\\s+(\\d+) kB$`, "m").exec(text)?.[1];
    return found === undefined ? undefined : Number(found) * 1024;
  };
  return {
    total_bytes: bytes("MemTotal"),
    available_bytes: bytes("MemAvailable"),
    swap_total_bytes: bytes("SwapTotal"),
    swap_free_bytes: bytes("SwapFree"),
  };
}

/** Reads `/proc/cpuinfo` into counts; ARM names neither sockets nor cores. */
export function parseCpus(text: string): {
  model?: string;
  threads: number;
  cores?: number;
  sockets?: number;
} {
  const blocks = text.split("\n\n").map((block) => {
    const value = (name: string): string | undefined =>
      new RegExp(`^${name}\\s*: *(.*)$`, "m").exec(block)?.[1]?.trim();
    return {
      thread: value("processor"),
      socket: value("physical id"),
      core: value("core id"),
      model: value("model name"),
    };
  });
  const threads = blocks.filter(({ thread }) => thread !== undefined);
  const located = threads.filter(({ socket, core }) => socket !== undefined && core !== undefined);
  const model = threads.find((block) => block.model !== undefined)?.model;
  return {
    ...(model === undefined ? {} : { model }),
    threads: threads.length,
    ...(located.length === 0
      ? {}
      : {
          cores: new Set(located.map(({ socket, core }) => `${socket ?? ""}/${core ?? ""}`)).size,
          sockets: new Set(located.map(({ socket }) => socket)).size,
        }),
  };
}

/** Reads `/proc/self/limits` by name in small letters, soft limit first. */
export function parseLimits(text: string): Record<string, string> {
  const rows = text.split("\n").slice(1);
  return Object.fromEntries(
    rows.flatMap((row) => {
      const [, name, soft, hard, unit = ""] =
        /^Max (.+?)\s{2,}(\S+)\s+(\S+)(?:\s+(\S+))?\s*$/.exec(row) ?? [];
      if (name === undefined || soft === undefined || hard === undefined) return [];
      const both = soft === hard ? soft : `${soft} of ${hard}`;
      return [[name.replaceAll(" ", "_"), `${both} ${unit}`.trim()]];
    }),
  );
}

/** Fields asked of `nvidia-smi`. */
export const gpuFields = "name,memory.total,memory.used,utilization.gpu,driver_version";

const amount = (text: string | undefined, unit: number): number | undefined =>
  text !== undefined && /^\d+(?:\.\d+)?$/.test(text) ? Number(text) * unit : undefined;

/** Reads `nvidia-smi --query-gpu=... --format=csv,noheader,nounits`. */
export function parseNvidia(stdout: string): Gpu[] {
  return stdout.split("\n").flatMap((line): Gpu[] => {
    const [model = "", total, used, busy, driver] = line.split(",").map((field) => field.trim());
    if (model === "" || total === undefined) return [];
    return [
      {
        model,
        memory_bytes: amount(total, 2 ** 20),
        memory_used_bytes: amount(used, 2 ** 20),
        utilization_percent: amount(busy, 1),
        driver,
      },
    ];
  });
}
