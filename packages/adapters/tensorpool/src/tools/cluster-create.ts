import { z } from "zod";
import {
  Confirm,
  DeletionProtection,
  InstanceType,
  LeaseHours,
  Name,
  Nodes,
  PublicKeyLine,
  Wait,
} from "../arguments.ts";
import { CreatedCluster, createCluster, sayCreated } from "../create-cluster.ts";
import { operation } from "../operation.ts";

/** Makes a cluster. */
export const clusterCreate = operation({
  name: "cluster_create",
  description:
    "Makes a TensorPool cluster, which costs money until it is destroyed; give lease_hours to have that done. Tells its cost first, and asks for confirm: true over the limits. dry_run only tells the cost. With wait it answers when the cluster is ready.",
  toolset: "clusters",
  effect: "write",
  long: true,
  input: z.strictObject({
    ssh_public_key: PublicKeyLine.optional(),
    instance_type: InstanceType,
    num_nodes: Nodes,
    name: Name.nullish().describe("Name to find it by, for example: train-llama"),
    container: z
      .string()
      .regex(/^[a-z0-9][\w./:@-]{0,511}$/i, "is an image such as nvcr.io/nvidia/pytorch:25.01-py3")
      .optional()
      .describe("Container image of its nodes, for example: nvcr.io/nvidia/pytorch:25.01-py3"),
    deletion_protection: DeletionProtection.default(false),
    lease_hours: LeaseHours.optional(),
    wait: Wait,
    dry_run: z.boolean().default(false).describe("Tells the cost and makes nothing, for example: false"),
    confirm: Confirm,
  }),
  output: CreatedCluster,
  run: ({ name, ...order }, call) => createCluster(call, { ...order, name: name ?? undefined }),
  say: sayCreated,
});
