import { type Hardware, type Scope, bytesPerGib, formatBytes } from "@parley/core";
import { z } from "zod";
import { createEvidenceRecorder } from "../evidence.ts";
import type { Provider, ProviderContext } from "../provider.ts";
import { defineProviderTool } from "../tool.ts";

const name = "memory";

/** Bytes of main memory; `availableBytes` is what new programs can have without swapping. */
interface MemoryReading {
  readonly totalBytes: number;
  readonly availableBytes: number;
  /** Limit of this process's control group, when it is below the total. */
  readonly limitBytes?: number | undefined;
}

/** The main memory of this host. Always present. */
export function createMemoryProvider(
  context: ProviderContext,
  { hostScope }: { readonly hostScope: Scope },
): Provider {
  return {
    name,
    category: "hardware",
    scope: hostScope,
    probe: async () => ({ status: "present" }),
    async metadata() {
      const { totalBytes, limitBytes } = await read(context);
      return { total_gb: inGib(totalBytes), totalBytes, limitBytes };
    },
    async facts() {
      const { totalBytes, limitBytes = totalBytes } = await read(context);
      const memoryBytes = Math.min(totalBytes, limitBytes);
      const evidence = createEvidenceRecorder(name, hostScope);
      const id = evidence.record("get_available_memory", {
        observedAtMs: context.now(),
        summary: `${formatBytes(memoryBytes)} of memory`,
      });
      const hardware: Hardware = { scope: hostScope, memoryBytes, cpuFlags: [], gpus: [], evidence: id };
      return { hardware: [hardware], evidence: [...evidence.items] };
    },
    tools: [
      defineProviderTool({
        name: "get_available_memory",
        description: "Total, available and used main memory of this host, in bytes and as a share.",
        input: z.object({}),
        async handler() {
          const { totalBytes, availableBytes, limitBytes } = await read(context);
          const usedBytes = Math.max(0, totalBytes - availableBytes);
          return { totalBytes, availableBytes, usedBytes, limitBytes, usedShare: usedBytes / totalBytes };
        },
      }),
    ],
  };
}

async function read(context: ProviderContext): Promise<MemoryReading> {
  const machine = context.machine();
  const meminfo = parseMeminfo((await context.readText("/proc/meminfo")) ?? "");
  const totalBytes = meminfo.get("MemTotal") ?? machine.totalMemoryBytes;
  const availableBytes = meminfo.get("MemAvailable") ?? meminfo.get("MemFree") ?? machine.freeMemoryBytes;
  const limit = Number((await context.readText("/sys/fs/cgroup/memory.max"))?.trim());
  const limited = Number.isSafeInteger(limit) && limit > 0 && limit < totalBytes;
  return { totalBytes, availableBytes, limitBytes: limited ? limit : undefined };
}

/** Fields of `/proc/meminfo` in bytes; lines that are not `Name: number kB` are passed over. */
export function parseMeminfo(text: string): ReadonlyMap<string, number> {
  const fields = new Map<string, number>();
  for (const [, field, amount, unit] of text.matchAll(/^([A-Za-z0-9_()]+):\s+(\d{1,13})(?:\s+(kB))?\s*$/gm)) {
    if (field !== undefined) fields.set(field, Number(amount) * (unit === "kB" ? 1024 : 1));
  }
  return fields;
}

function inGib(bytes: number): number {
  return Number((bytes / bytesPerGib).toFixed(2));
}
