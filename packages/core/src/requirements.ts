import { z } from "zod";

const Importance = z.enum(["required", "preferred", "ignore"]);
const Comparison = z.enum(["==", "~", ">=", "<=", ">", "<"]);
const Count = z.number().int().positive();
const Positive = z.number().positive();
const Text = z.string();

/** A count with a lower and an upper bound; exactly n is `{ min: n, max: n }`. */
const Range = z
  .strictObject({ min: Count.optional(), max: Count.optional() })
  .refine((range) => range.min !== undefined || range.max !== undefined, "needs min or max")
  .refine(
    (range) => range.min === undefined || range.max === undefined || range.min <= range.max,
    "min exceeds max",
  );
export type Range = z.infer<typeof Range>;

/** One piece of software a request names. `~` compares by version prefix: `2.1` matches `2.1.x`. */
export const SoftwareRequirement = z.strictObject({
  name: Text,
  op: Comparison.optional(),
  version: Text.optional(),
  with: z.array(Text).optional(),
  via: z.enum(["spack", "modules", "conda", "pip"]).optional(),
  importance: Importance.optional(),
});
export type SoftwareRequirement = z.infer<typeof SoftwareRequirement>;

/**
 * What a job needs, format `job-requirements/1` (frozen). Absent importance means required;
 * memory sizes are GiB, times are seconds, `cores` counts the whole job.
 */
export const JobRequirements = z.strictObject({
  schema: z.literal("job-requirements/1"),
  intent: z.enum(["run", "check"]).default("run"),
  compute: z
    .strictObject({
      nodes: Range,
      cores: Range,
      coresPerNode: Range,
      tasks: Range,
      tasksPerNode: Range,
      coresPerTask: Count,
      exclusive: z.boolean(),
      allAvailable: z.boolean(),
      span: z.enum(["single-node", "multi-node"]),
    })
    .partial()
    .optional(),
  gpu: z
    .strictObject({
      need: z.enum(["none", "optional", "required"]),
      total: Range.optional(),
      perNode: Range.optional(),
      perTask: Range.optional(),
      vendor: z.enum(["nvidia", "amd", "intel"]).optional(),
      models: z.array(Text).optional(),
      vramGb: Positive.optional(),
      runtime: z.enum(["cuda", "rocm", "oneapi"]).optional(),
      importance: Importance.optional(),
    })
    .optional(),
  memory: z
    .strictObject({ totalGb: Positive, perNodeGb: Positive, perTaskGb: Positive, perCoreGb: Positive })
    .partial()
    .optional(),
  time: z
    .strictObject({
      walltimeSec: Count,
      startWithinSec: z.number().int().nonnegative(),
      finishWithinSec: Count,
      deadlineAt: Text,
      notBeforeAt: Text,
      urgency: z.enum(["immediate", "soon", "relaxed"]),
    })
    .partial()
    .optional(),
  budget: z
    .strictObject({
      amount: Positive,
      unit: z.enum(["USD", "EUR", "GBP", "node-hours", "core-hours", "gpu-hours"]),
      per: z.enum(["job", "hour", "node-hour"]).default("job"),
    })
    .optional(),
  software: z.array(SoftwareRequirement).optional(),
  mpi: z
    .strictObject({
      required: z.boolean(),
      impl: Text.optional(),
      op: Comparison.optional(),
      version: Text.optional(),
      lowLatency: z.boolean().optional(),
    })
    .optional(),
  container: z.strictObject({ runtimes: z.array(Text).optional(), image: Text.optional() }).optional(),
  network: z
    .strictObject({ fabrics: z.array(Text), minGbps: Positive, rdma: z.boolean(), importance: Importance })
    .partial()
    .optional(),
  storage: z
    .array(
      z.strictObject({
        kind: Text.optional(),
        minFreeGb: Positive.optional(),
        path: Text.optional(),
        importance: Importance.optional(),
      }),
    )
    .optional(),
  platform: z
    .strictObject({
      arch: z.enum(["x86_64", "aarch64", "ppc64le", "riscv64"]),
      cpuFlags: z.array(Text),
      cpuVendor: Text,
      os: Text,
    })
    .partial()
    .optional(),
  scheduler: z
    .strictObject({
      managers: z.array(Text),
      queue: Text,
      forbidQueue: z.boolean(),
      account: Text,
      namespace: Text,
    })
    .partial()
    .optional(),
  execution: z
    .strictObject({
      command: Text,
      binaryDir: Text,
      workdir: Text,
      inputs: z.array(Text),
      params: z.record(Text, z.union([z.number(), Text])),
      appFlags: z.array(Text),
      cpuAffinity: z.enum(["per-task"]),
      environment: z.record(Text, Text),
    })
    .partial()
    .optional(),
  array: z.strictObject({ count: Count }).optional(),
  objectives: z
    .array(
      z.strictObject({
        metric: z.enum(["time_to_completion", "wait_time", "cost", "energy", "performance"]),
        goal: z.enum(["min", "max"]),
        weight: Positive.default(1),
      }),
    )
    .optional(),
  placement: z
    .strictObject({ prefer: z.array(Text), only: z.array(Text), exclude: z.array(Text) })
    .partial()
    .optional(),
  unresolved: z.array(Text).default([]),
});
export type JobRequirements = z.infer<typeof JobRequirements>;

/** Where in the request a requirement was read: `text` is the words, `rule` names the reader's rule. */
export const MatchSpan = z.strictObject({
  path: Text,
  start: z.number().int().nonnegative(),
  end: z.number().int().nonnegative(),
  text: Text,
  rule: Text,
});
export type MatchSpan = z.infer<typeof MatchSpan>;
