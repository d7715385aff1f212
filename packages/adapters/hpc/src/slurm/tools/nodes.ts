import { z } from "zod";
import { Cursor, Limit } from "../../arguments.ts";
import { operation } from "../../operation.ts";
import { pageOf, sayPage } from "../../paging.ts";
import { Partition } from "../arguments.ts";
import { slurmOf } from "../site.ts";

const NodeView = z.object({
  name: z.string(),
  partitions: z.array(z.string()),
  state: z.string(),
  /** Whether it can run jobs now, later without anybody's help, or never. */
  usable: z.enum(["now", "later", "never"]),
  reason: z.string().optional(),
  cores: z.number(),
  idle_cores: z.number(),
  load: z.number().optional(),
  memory_bytes: z.number().optional(),
  unallocated_memory_bytes: z.number().optional(),
  gpus: z.array(z.object({ type: z.string().optional(), count: z.number() })),
  gpus_in_use: z.number().optional(),
  features: z.array(z.string()),
});
type NodeView = z.infer<typeof NodeView>;

/** Lists the nodes. */
export const slurmNodes = operation({
  name: "slurm_nodes",
  description:
    "Lists Slurm's nodes with state, cores, memory, GPUs, features, and why they are drained. Idle cores of a node " +
    "that cannot run jobs are none.",
  toolset: "slurm",
  effect: "read",
  input: z.strictObject({
    partition: Partition,
    usable: z
      .enum(["now", "later", "never"])
      .optional()
      .describe("Only nodes that can run jobs now, later, or never without help, for example: now"),
    limit: Limit,
    cursor: Cursor,
  }),
  output: z.object({
    nodes: z.array(NodeView),
    total: z.number(),
    next_cursor: z.string().optional(),
  }),
  async run({ partition, usable, limit, cursor }, call) {
    const all = await slurmOf(call).nodes({ signal: call.signal });
    const wanted = all.filter(
      (node) =>
        (partition === undefined || node.partitions.includes(partition)) &&
        (usable === undefined || node.use === usable),
    );
    const { items, ...page } = pageOf(wanted, { limit, cursor });
    const nodes = items.map((node): NodeView => {
      const { memoryBytes: memory, allocatedMemoryBytes: allocated } = node;
      const known = memory !== undefined && allocated !== undefined;
      return {
        name: node.name,
        partitions: [...node.partitions],
        state: node.state,
        usable: node.use,
        reason: node.reason,
        cores: node.cores,
        idle_cores: node.use === "now" ? Math.max(0, node.cores - node.allocatedCores) : 0,
        load: node.load,
        memory_bytes: memory,
        unallocated_memory_bytes: known ? Math.max(0, memory - allocated) : undefined,
        gpus: [...node.gpus],
        gpus_in_use: node.gpusInUse,
        features: [...node.features],
      };
    });
    return { nodes, ...page };
  },
  say: ({ nodes, next_cursor }) => sayPage(nodes.map(sayNode), next_cursor),
});

function sayNode(node: NodeView): string {
  const gpus = node.gpus.map(({ type = "gpu", count }) => `${String(count)} ${type}`).join(", ");
  const facts = [
    `${String(node.idle_cores)} of ${String(node.cores)} cores idle`,
    gpus,
    node.reason === undefined ? "" : node.reason,
  ].filter((fact) => fact !== "");
  return `${node.name} (${node.partitions.join(",")}): ${node.state}; ${facts.join("; ")}`;
}
