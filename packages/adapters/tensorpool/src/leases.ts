import { ParleyError } from "@parley/core";
import type { Database, Json, Stored } from "@parley/databases";
import { z } from "zod";

/** A cluster somebody made through this adapter, and when it is to go. */
export const Lease = z.object({
  id: z.string(),
  /** Absent while its creation has not been answered. */
  cluster_id: z.string().optional(),
  name: z.string(),
  /** Whether the name was made up for this cluster, so that it finds it when the answer was lost. */
  own_name: z.boolean().optional(),
  /** `creating` until the engine answered; `ended` once the cluster is gone. */
  state: z.enum(["creating", "active", "ended"]),
  instance_type: z.string().optional(),
  gpus: z.number().optional(),
  usd_per_hour: z.number().optional(),
  created_at: z.string(),
  /** ISO 8601; absent means that nothing here ends it. */
  destroy_at: z.string().optional(),
  ended_at: z.string().optional(),
  /** Attempts to destroy it that failed, and why the last one did. */
  attempts: z.number().optional(),
  last_error: z.string().optional(),
});
export type Lease = z.infer<typeof Lease>;

/** The record of clusters, kept through the database port. */
export interface LeaseBook {
  /** Those not ended; with `all`, every one. */
  list(all?: boolean): Promise<Lease[]>;
  /** The one of a cluster that has not ended. */
  find(clusterId: string): Promise<Lease | undefined>;
  /** Writes down that a cluster is about to be made. */
  open(lease: Omit<Lease, "id" | "state" | "created_at">): Promise<Lease>;
  /** Changes a lease; another writer's change in between is kept. */
  update(id: string, change: Partial<Omit<Lease, "id">>): Promise<Lease>;
  /** Marks the lease of a cluster as ended, if there is one. */
  end(clusterId: string): Promise<void>;
}

/** What {@link createLeaseBook} works with. */
export interface LeaseBookOptions {
  readonly database: Database;
  readonly now: () => number;
  readonly newId: () => string;
  /** Called after each change. */
  readonly changed: () => void;
}

const collection = "tensorpool-leases";
const mostTries = 5;

/** Leases in a database. What cannot be read is left out, never overwritten. */
export function createLeaseBook(options: LeaseBookOptions): LeaseBook {
  const { database, now, newId, changed } = options;
  const time = (): string => new Date(now()).toISOString();
  const list: LeaseBook["list"] = async (all = false) =>
    (await readAll(database)).filter(({ state }) => all || state !== "ended");
  const find: LeaseBook["find"] = async (clusterId) =>
    (await list()).find(({ cluster_id }) => cluster_id === clusterId);
  const update: LeaseBook["update"] = (id, change) => changeLease(options, id, change);
  return {
    list,
    find,
    async open(given) {
      const state = given.cluster_id === undefined ? "creating" : "active";
      const lease: Lease = { ...given, id: newId(), state, created_at: time() };
      await database.put(collection, lease.id, lease, { ifVersion: 0 });
      changed();
      return lease;
    },
    update,
    async end(clusterId) {
      const lease = await find(clusterId);
      if (lease !== undefined) await update(lease.id, { state: "ended", ended_at: time() });
    },
  };
}

async function readAll(database: Database): Promise<Lease[]> {
  const found: Lease[] = [];
  let after: string | undefined;
  for (;;) {
    const page: readonly Stored<Json>[] = await database.list(
      collection,
      after === undefined ? {} : { after },
    );
    found.push(...page.flatMap(({ value }) => Lease.safeParse(value).data ?? []));
    after = page.at(-1)?.id;
    if (after === undefined) return found;
  }
}

async function changeLease(
  { database, changed }: LeaseBookOptions,
  id: string,
  change: Partial<Omit<Lease, "id">>,
): Promise<Lease> {
  for (let tries = 1; ; tries++) {
    const stored = await database.get(collection, id);
    if (stored === undefined) throw new ParleyError("E_OBJECT_UNKNOWN", `There is no lease ${id}.`);
    const lease: Lease = { ...Lease.parse(stored.value), ...change };
    try {
      await database.put(collection, id, lease, { ifVersion: stored.version });
      changed();
      return lease;
    } catch (error) {
      const raced = ParleyError.isInstance(error) && error.code === "E_DATABASE_CONFLICT";
      if (!raced || tries >= mostTries) throw error;
    }
  }
}

/** A lease in words, without its ID. */
export function sayLease({ cluster_id, name, destroy_at, usd_per_hour, last_error }: Lease): string {
  const price = usd_per_hour === undefined ? "" : `, $${usd_per_hour.toFixed(2)} an hour`;
  const end =
    destroy_at === undefined ? "costs until somebody destroys it" : `will be destroyed at ${destroy_at}`;
  const failed = last_error === undefined ? "" : ` (the last attempt failed: ${last_error})`;
  return `${cluster_id ?? "not yet known"} (${name})${price}: ${end}${failed}.`;
}
