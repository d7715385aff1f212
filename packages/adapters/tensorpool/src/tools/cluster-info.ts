import { z } from "zod";
import { Said } from "../answers.ts";
import { ClusterId } from "../arguments.ts";
import { clusterCommands } from "../commands/clusters.ts";
import { Lease, sayLease } from "../leases.ts";
import { operation } from "../operation.ts";

/** Shows one cluster. */
export const clusterInfo = operation({
  name: "cluster_info",
  description: "Shows one TensorPool cluster, and the lease it was made with.",
  toolset: "clusters",
  effect: "read",
  input: z.strictObject({ cluster_id: ClusterId }),
  output: Said.extend({ lease: Lease.optional() }),
  async run({ cluster_id }, call) {
    const { message } = await call.backend.send(clusterCommands.info(cluster_id), call);
    const lease = await call.leases.find(cluster_id);
    return { message, ...(lease === undefined ? {} : { lease }) };
  },
  say: ({ message, lease }) => (lease === undefined ? message : `${message}\nLease: ${sayLease(lease)}`),
});
