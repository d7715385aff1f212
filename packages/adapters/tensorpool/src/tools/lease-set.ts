import { ParleyError } from "@parley/core";
import { z } from "zod";
import { ClusterId, Confirm, LeaseHours } from "../arguments.ts";
import type { Call } from "../call.ts";
import { clusterCommands } from "../commands/clusters.ts";
import { Lease, sayLease } from "../leases.ts";
import { operation } from "../operation.ts";

/** Sets when a cluster goes. */
export const leaseSet = operation({
  name: "lease_set",
  description:
    "Sets how many hours from now this server destroys a TensorPool cluster, for one made elsewhere too; needs confirm: true. With end: true the cluster is kept until somebody destroys it.",
  toolset: "clusters",
  effect: "destroy",
  input: z.strictObject({
    cluster_id: ClusterId,
    hours: LeaseHours.optional(),
    end: z.boolean().default(false).describe("Takes the deadline away, for example: false"),
    confirm: Confirm,
  }),
  output: Lease,
  destroys: ({ cluster_id, hours, end }) =>
    end
      ? `would keep cluster ${cluster_id}, and its cost, without an end.`
      : `would destroy cluster ${cluster_id} and what is on its disks in ${String(hours ?? "the given")} hours.`,
  async run({ cluster_id, hours, end }, call) {
    if ((hours === undefined) === !end) {
      throw new ParleyError("E_ARGUMENT_INVALID", "lease_set needs hours, or end: true, and not both.");
    }
    const destroy_at =
      hours === undefined ? undefined : new Date(call.now() + hours * 3_600_000).toISOString();
    return setDeadline(call, cluster_id, destroy_at);
  },
  say: sayLease,
});

async function setDeadline(call: Call, cluster_id: string, destroy_at: string | undefined): Promise<Lease> {
  const known = await call.leases.find(cluster_id);
  if (known !== undefined) {
    return call.leases.update(known.id, { destroy_at, attempts: undefined, last_error: undefined });
  }
  // A mistyped ID would be a deadline that never does anything.
  await call.backend.send(clusterCommands.info(cluster_id), call);
  return call.leases.open({ cluster_id, name: "", ...(destroy_at === undefined ? {} : { destroy_at }) });
}
