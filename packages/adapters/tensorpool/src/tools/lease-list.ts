import { z } from "zod";
import { Lease, sayLease } from "../leases.ts";
import { operation } from "../operation.ts";

/** Lists what was made here and when it goes. */
export const leaseList = operation({
  name: "lease_list",
  description:
    "Lists the TensorPool clusters made through this server, what they cost and when it destroys them. Asks nobody else.",
  toolset: "clusters",
  effect: "read",
  input: z.strictObject({
    ended: z.boolean().default(false).describe("Includes clusters that are gone, for example: false"),
  }),
  output: z.object({ leases: z.array(Lease), usd_per_hour: z.number() }),
  async run({ ended }, call) {
    const leases = await call.leases.list(ended);
    const living = leases.filter(({ state }) => state !== "ended");
    const total = living.reduce((sum, { usd_per_hour = 0 }) => sum + usd_per_hour, 0);
    return { leases, usd_per_hour: Math.round(total * 100) / 100 };
  },
  say: ({ leases }) =>
    leases.length === 0 ? "No cluster is on record." : leases.map((lease) => sayOne(lease)).join("\n"),
});

function sayOne(lease: Lease): string {
  if (lease.state !== "ended") return sayLease(lease);
  return `${lease.cluster_id ?? lease.name}: gone since ${lease.ended_at ?? "an unknown time"}.`;
}
