import { z } from "zod";
import { labels, number, text, truth } from "./fields.ts";

const Device = z.object({
  Vendor: text,
  Type: text,
  Name: text,
  Instances: z
    .array(z.unknown())
    .nullish()
    .transform((found) => found ?? []),
});

export const Node = z.object({
  ID: z.string(),
  Name: text,
  Datacenter: text,
  NodeClass: text,
  NodePool: text,
  Status: text,
  StatusDescription: text,
  SchedulingEligibility: text,
  Drain: truth,
  Version: text,
  Attributes: labels,
  Drivers: z
    .record(z.string(), z.object({ Detected: truth, Healthy: truth, HealthDescription: text }))
    .nullish()
    .transform((found) => found ?? {}),
  NodeResources: z
    .object({
      Cpu: z.object({ CpuShares: number }).nullish(),
      Memory: z.object({ MemoryMB: number }).nullish(),
      Disk: z.object({ DiskMB: number }).nullish(),
      Devices: z
        .array(Device)
        .nullish()
        .transform((found) => found ?? []),
    })
    .nullish(),
});
export type Node = z.infer<typeof Node>;
