import { ParleyError } from "@parley/core";
import { z } from "zod";
import { Requested, idOf, requestedOf } from "./answers.ts";
import { assessBudget } from "./budget.ts";
import type { Call } from "./call.ts";
import { type NewCluster, clusterCommands } from "./commands/clusters.ts";
import { Lease, sayLease } from "./leases.ts";
import { unconfirmed } from "@parley/tool-registry";
import { Cost, sayCost } from "./prices.ts";
import { readPublicKey } from "./ssh-key.ts";

/** A cluster to be made, its cost and end included. */
export interface ClusterOrder extends Omit<NewCluster, "publicKey"> {
  readonly ssh_public_key?: string | undefined;
  readonly lease_hours?: number | undefined;
  /** Goes over the limits. */
  readonly confirm: boolean;
  readonly dry_run: boolean;
}

export const CreatedCluster = Requested.extend({
  /** False in a dry run. */
  created: z.boolean(),
  cluster_id: z.string().optional(),
  instance_ids: z.array(z.string()).optional(),
  cost: Cost,
  lease: Lease.optional(),
  /** SHA256 of the key that may log in; absent with the keys of the account. */
  fingerprint: z.string().optional(),
});
export type CreatedCluster = z.infer<typeof CreatedCluster>;

/**
 * Makes a cluster. It is written down before the engine is asked, under a name that finds it again if the answer is
 * lost; its cost is told before it begins.
 * @throws `E_CONFIRM_REQUIRED` over a limit
 */
export async function createCluster(call: Call, order: ClusterOrder): Promise<CreatedCluster> {
  const key = order.ssh_public_key === undefined ? undefined : readPublicKey(order.ssh_public_key);
  const hours = order.lease_hours ?? call.settings.leaseHours;
  if (hours !== undefined && order.deletion_protection) {
    throw new ParleyError(
      "E_ARGUMENT_INVALID",
      "A cluster with deletion protection cannot be destroyed at the end of a lease: leave out one of the two.",
    );
  }
  const { cost, problems } = await assessBudget(call, { ...order, hours });
  if (problems.length > 0 && !order.confirm) {
    throw unconfirmed("cluster_create", `would make a cluster of ${sayCost(cost)} ${problems.join(" ")}`);
  }
  const fingerprint = key === undefined ? {} : { fingerprint: key.fingerprint };
  if (order.dry_run) {
    return {
      created: false,
      message: `It would have ${sayCost(cost)} Nothing was made.`,
      cost,
      ...fingerprint,
    };
  }
  call.onMessage(`Making a cluster of ${sayCost(cost)}`);
  const name = order.name ?? `parley-${call.newId().slice(0, 8)}`;
  const terms = { cost, hours, ownName: order.name === undefined };
  const made = await makeRecorded(call, { ...order, name, publicKey: key?.line }, terms);
  return { ...made, created: true, cost, ...fingerprint };
}

interface Terms {
  readonly cost: Cost;
  readonly hours: number | undefined;
  readonly ownName: boolean;
}

async function makeRecorded(
  call: Call,
  cluster: NewCluster,
  { cost, hours, ownName }: Terms,
): Promise<Omit<CreatedCluster, "created" | "cost" | "fingerprint">> {
  const lease = await call.leases.open({
    name: cluster.name ?? "",
    own_name: ownName,
    instance_type: cluster.instance_type,
    gpus: cost.gpus,
    ...(cost.usd_per_hour === undefined ? {} : { usd_per_hour: cost.usd_per_hour }),
    ...(hours === undefined ? {} : { destroy_at: new Date(call.now() + hours * 3_600_000).toISOString() }),
  });
  try {
    const reply = await call.backend.send(clusterCommands.create(cluster), call);
    const cluster_id = idOf(reply, "cluster_id", "c");
    const kept = await call.leases.update(lease.id, { state: "active", cluster_id });
    const { instance_ids } = reply.data;
    const ids = z.array(z.string()).safeParse(instance_ids).data;
    return {
      ...requestedOf(reply),
      ...(cluster_id === undefined ? {} : { cluster_id }),
      ...(ids === undefined ? {} : { instance_ids: ids }),
      lease: kept,
    };
  } catch (error) {
    // With wait, the engine may have begun before it failed.
    if (!cluster.wait && neverBegan(error)) {
      await call.leases.update(lease.id, { state: "ended", ended_at: new Date(call.now()).toISOString() });
    }
    throw error;
  }
}

/** Whether a failure leaves no cluster behind; after any other one it may exist. */
function neverBegan(error: unknown): boolean {
  const codes = [
    "E_ENGINE_REFUSED",
    "E_ENGINE_FORBIDDEN",
    "E_RATE_LIMITED",
    "E_EXEC_NOT_FOUND",
    "E_EXEC_USAGE",
    "E_CONFIG_INVALID",
  ];
  return ParleyError.isInstance(error) && codes.includes(error.code);
}

/** A made cluster in words. */
export function sayCreated({
  created,
  message,
  cluster_id,
  cost,
  lease,
  fingerprint,
}: CreatedCluster): string {
  if (!created) return message;
  const lines = [
    message,
    `${cluster_id ?? "The cluster"}: ${sayCost(cost)}`,
    ...(lease === undefined ? [] : [`Lease: ${sayLease(lease)}`]),
    ...(fingerprint === undefined ? [] : [`Key: ${fingerprint}`]),
  ];
  return lines.join("\n");
}
