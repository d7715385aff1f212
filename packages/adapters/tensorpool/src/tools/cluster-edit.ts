import { ParleyError } from "@parley/core";
import { z } from "zod";
import { Requested, requestedOf, sayMessage } from "../answers.ts";
import { ClusterId, DeletionProtection, Name } from "../arguments.ts";
import { clusterCommands } from "../commands/clusters.ts";
import { operation } from "../operation.ts";

/** Renames a cluster or switches its protection. */
export const clusterEdit = operation({
  name: "cluster_edit",
  description: "Changes the name or the deletion protection of a TensorPool cluster.",
  toolset: "clusters",
  effect: "write",
  idempotent: true,
  input: z.strictObject({
    cluster_id: ClusterId,
    name: Name.optional(),
    deletion_protection: DeletionProtection.optional(),
  }),
  output: Requested,
  async run(args, call) {
    if (args.name === undefined && args.deletion_protection === undefined) {
      throw new ParleyError("E_ARGUMENT_INVALID", "cluster_edit needs name or deletion_protection.");
    }
    const lease = await call.leases.find(args.cluster_id);
    if (args.deletion_protection === true && lease?.destroy_at !== undefined) {
      throw new ParleyError(
        "E_ARGUMENT_INVALID",
        `Cluster ${args.cluster_id} has a lease until ${lease.destroy_at}, which protection would break: end the lease first with lease_set and end: true.`,
      );
    }
    const reply = await call.backend.send(clusterCommands.edit(args), call);
    if (args.name !== undefined && lease !== undefined)
      await call.leases.update(lease.id, { name: args.name });
    return requestedOf(reply);
  },
  say: sayMessage,
});
