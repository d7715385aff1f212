import type { Hardware, Scope } from "@parley/core";
import type { EvidenceRecorder } from "../evidence.ts";
import type { PartialFacts } from "../provider.ts";

/** One accelerator that a job could be given: a whole device or a slice of one. */
export interface GpuDevice {
  readonly index: number;
  readonly model?: string | undefined;
  readonly memoryBytes?: number | undefined;
}

export type GpuVendor = Hardware["gpus"][number]["vendor"];

/** Devices that are alike become one entry with a count. */
export function groupGpus(vendor: GpuVendor, devices: readonly GpuDevice[]): Hardware["gpus"] {
  const groups = new Map<string, Hardware["gpus"][number]>();
  for (const { model, memoryBytes } of devices) {
    const key = `${model ?? ""}\u0000${memoryBytes ?? ""}`;
    const count = (groups.get(key)?.count ?? 0) + 1;
    groups.set(key, { vendor, model, memoryBytes, count });
  }
  return [...groups.values()];
}

/** The facts of a GPU provider: one hardware entry that holds only accelerators. */
export function gpuFacts(
  gpus: Hardware["gpus"],
  place: {
    readonly scope: Scope;
    readonly evidence: EvidenceRecorder;
    readonly tool: string;
    readonly observedAtMs: number;
  },
): PartialFacts {
  const { scope, evidence, tool, observedAtMs } = place;
  const summary = gpus.map((gpu) => `${gpu.count} x ${gpu.model ?? gpu.vendor}`).join(", ");
  const id = evidence.record(tool, { observedAtMs, summary });
  return { hardware: [{ scope, cpuFlags: [], gpus, evidence: id }], evidence: [...evidence.items] };
}
