import { formatBytes } from "@parley/core";
import { z } from "zod";
import { operation } from "../operation.ts";
import { Facts, Part, readFacts } from "./facts.ts";

/** Says what this machine is. */
export const systemFacts = operation({
  name: "system_facts",
  description:
    "Says what the machine is that this server runs on, often a login node: processors, memory, disks, load, limits of the " +
    "user, NVIDIA GPUs. For compute nodes ask slurm_nodes.",
  toolset: "system",
  effect: "read",
  openWorld: false,
  input: z.strictObject({
    parts: z
      .array(Part)
      .min(1)
      .default([...Part.options])
      .describe('What to say; default all; for example: ["cpu", "memory"]'),
  }),
  output: Facts,
  run: ({ parts }, call) => readFacts(call, parts),
  say: (facts) => lines(facts).join("\n"),
});

const size = (bytes: number | undefined): string => (bytes === undefined ? "?" : formatBytes(bytes));

function lines({ host, cpu, memory, disks, load, limits, gpus, unknown }: Facts): string[] {
  return [
    ...(host ? [`${host.name}: ${host.system ?? "system unknown"}, kernel ${host.kernel}`] : []),
    ...(cpu
      ? [
          `cpu: ${cpu.model ?? cpu.architecture}, ${String(cpu.threads)} threads, ${String(cpu.usable_threads)} usable`,
        ]
      : []),
    ...(memory ? [`memory: ${size(memory.available_bytes)} of ${size(memory.total_bytes)} available`] : []),
    ...(disks ?? []).map(
      (disk) =>
        `disk ${disk.mounted_on} (${disk.type}): ${size(disk.available_bytes)} of ${size(disk.size_bytes)} free`,
    ),
    ...(load ? [`load: ${load.one_minute.toFixed(2)} over a minute`] : []),
    ...(limits ? Object.entries(limits.process).map(([name, value]) => `limit ${name}: ${value}`) : []),
    ...(gpus?.length === 0 ? ["gpus: none of NVIDIA's"] : []),
    ...(gpus ?? []).map(
      (gpu) => `gpu: ${gpu.model}, ${size(gpu.memory_used_bytes)} of ${size(gpu.memory_bytes)} used`,
    ),
    ...Object.entries(unknown).map(([part, reason]) => `${part}: unknown, ${reason}`),
  ];
}
