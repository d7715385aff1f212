import { z } from "zod";
import { Listing, listingOf, sayMessage } from "../answers.ts";
import { Org } from "../arguments.ts";
import { clusterCommands } from "../commands/clusters.ts";
import { operation } from "../operation.ts";

/** Lists clusters. */
export const clusterList = operation({
  name: "cluster_list",
  description: "Lists the TensorPool clusters of the account, or of its organization.",
  toolset: "clusters",
  effect: "read",
  input: z.strictObject({
    org: Org,
    instances: z.boolean().default(false).describe("Lists each machine of the clusters, for example: false"),
  }),
  output: Listing,
  run: async (args, call) => listingOf(await call.backend.send(clusterCommands.list(args), call)),
  say: sayMessage,
});
