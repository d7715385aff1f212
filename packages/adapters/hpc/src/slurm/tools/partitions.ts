import { z } from "zod";
import { operation } from "../../operation.ts";
import { slurmOf } from "../site.ts";

const PartitionView = z.object({
  name: z.string(),
  is_default: z.boolean(),
  /** Whether it starts jobs. */
  up: z.boolean(),
  max_walltime_seconds: z.number().optional(),
  default_walltime_seconds: z.number().optional(),
  max_nodes_per_job: z.number().optional(),
  nodes: z.number(),
  usable_nodes: z.number(),
  cores: z.number(),
  idle_cores: z.number(),
  gpus: z.record(z.string(), z.number()),
});
type PartitionView = z.infer<typeof PartitionView>;

/** Lists the partitions. */
export const slurmPartitions = operation({
  name: "slurm_partitions",
  description:
    "Lists Slurm's partitions with limits and what is idle in them now. A node in two partitions counts in both; drained " +
    "and dead nodes have nothing idle.",
  toolset: "slurm",
  effect: "read",
  input: z.strictObject({}),
  output: z.object({ partitions: z.array(PartitionView) }),
  async run(_args, call) {
    const slurm = slurmOf(call);
    const { signal } = call;
    const [partitions, nodes] = await Promise.all([slurm.partitions({ signal }), slurm.nodes({ signal })]);
    return {
      partitions: partitions.map((partition): PartitionView => {
        const members = nodes.filter((node) => node.partitions.includes(partition.name));
        const usable = partition.up ? members.filter(({ use }) => use === "now") : [];
        const gpus: Record<string, number> = {};
        for (const { type = "gpu", count } of members.flatMap((node) => node.gpus)) {
          gpus[type] = (gpus[type] ?? 0) + count;
        }
        return {
          name: partition.name,
          is_default: partition.isDefault,
          up: partition.up,
          max_walltime_seconds: partition.maxWalltimeSeconds,
          default_walltime_seconds: partition.defaultWalltimeSeconds,
          max_nodes_per_job: partition.maxNodesPerJob,
          nodes: members.length,
          usable_nodes: usable.length,
          cores: members.reduce((sum, { cores }) => sum + cores, 0),
          idle_cores: usable.reduce((sum, node) => sum + Math.max(0, node.cores - node.allocatedCores), 0),
          gpus,
        };
      }),
    };
  },
  say: ({ partitions }) => partitions.map(sayPartition).join("\n") || "(none)",
});

function sayPartition(partition: PartitionView): string {
  const gpus = Object.entries(partition.gpus).map(([type, count]) => `${String(count)} ${type}`);
  const limit = partition.max_walltime_seconds;
  const facts = [
    `${String(partition.usable_nodes)} of ${String(partition.nodes)} nodes usable`,
    `${String(partition.idle_cores)} of ${String(partition.cores)} cores idle`,
    ...gpus,
    limit === undefined ? "no time limit" : `at most ${String(limit)} s`,
  ];
  const marks = [partition.is_default ? "default" : "", partition.up ? "" : "not up"].filter(Boolean);
  return `${partition.name}${marks.length === 0 ? "" : ` (${marks.join(", ")})`}: ${facts.join("; ")}`;
}
