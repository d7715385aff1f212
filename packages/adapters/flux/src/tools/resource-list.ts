import type { FluxResourceSet } from "@parley/engines/flux";
import { z } from "zod";
import { QueueName, Uri } from "../arguments.ts";
import { operation } from "../operation.ts";

const ResourceSet = z.object({
  nodes: z.number().int(),
  cores: z.number().int(),
  gpus: z.number().int(),
  hosts: z.array(z.string()),
  ranks: z.array(z.number().int()),
  /** Hosts by property. */
  properties: z.record(z.string(), z.array(z.string())),
});

/** Most hosts of one set that are named. */
const most = 500;

const view = ({ hosts, ranks, properties, ...counts }: FluxResourceSet): z.input<typeof ResourceSet> => ({
  ...counts,
  hosts: hosts.slice(0, most),
  ranks: ranks.slice(0, most),
  properties: Object.fromEntries(
    Object.entries(properties)
      .slice(0, most)
      .map(([name, having]) => [name, having.slice(0, most)]),
  ),
});

/** Nodes, cores and GPUs that are free, allocated, up and down. A node in use in part is in free and in allocated. */
export const resourceList = operation({
  name: "flux_resource_list",
  description:
    "Counts the nodes, cores and GPUs of a Flux instance that are free, allocated, up and down, with hosts and properties. Sum cores, not nodes: one in use in part is in two lists.",
  toolset: "site",
  effect: "read",
  input: z.strictObject({ uri: Uri, queue: QueueName }),
  output: z.object({ free: ResourceSet, up: ResourceSet, allocated: ResourceSet, down: ResourceSet }),
  async run({ uri, queue }, call) {
    const { free, up, allocated, down } = await call.flux(uri).resources({ queue, signal: call.signal });
    return { free: view(free), up: view(up), allocated: view(allocated), down: view(down) };
  },
  say: (sets) =>
    (["free", "allocated", "up", "down"] as const)
      .map((state) => {
        const { nodes, cores, gpus, hosts } = sets[state];
        return `${state}: ${String(nodes)} nodes, ${String(cores)} cores, ${String(gpus)} GPUs${nodes === 0 ? "" : ` (${hosts.slice(0, 8).join(", ")}${hosts.length > 8 ? ", ..." : ""})`}`;
      })
      .join("\n"),
});
