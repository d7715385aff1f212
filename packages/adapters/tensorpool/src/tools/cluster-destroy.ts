import { z } from "zod";
import { Requested, requestedOf, sayMessage } from "../answers.ts";
import { ClusterId, Confirm, Wait } from "../arguments.ts";
import { clusterCommands } from "../commands/clusters.ts";
import { operation } from "../operation.ts";

/** Destroys a cluster. */
export const clusterDestroy = operation({
  name: "cluster_destroy",
  description:
    "Destroys a TensorPool cluster with everything on its disks; needs confirm: true. Without wait it answers at once: look with cluster_info until it is gone.",
  toolset: "clusters",
  effect: "destroy",
  idempotent: true,
  long: true,
  input: z.strictObject({ cluster_id: ClusterId, confirm: Confirm, wait: Wait }),
  output: Requested,
  destroys: ({ cluster_id }) => `would destroy cluster ${cluster_id} and what is on its disks.`,
  async run(args, call) {
    const reply = await call.backend.send(clusterCommands.destroy(args), call);
    await call.leases.end(args.cluster_id);
    return requestedOf(reply);
  },
  say: sayMessage,
});
