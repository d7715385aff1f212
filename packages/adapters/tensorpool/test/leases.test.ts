import {
  clusterCreate,
  clusterDestroy,
  clusterEdit,
  createTensorPool,
  leaseList,
  leaseSet,
} from "@parley/tensorpool";
import type { CallOptions, TensorPoolToolkit } from "@parley/tensorpool";
import { createJsonDatabase } from "@parley/databases";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type World, makeWorld } from "./_world.ts";

const start = Date.parse("2026-11-20T10:00:00Z");
const hour = 3_600_000;

let world: World;
let now = start;
const notices: string[] = [];

beforeEach(async () => {
  now = start;
  notices.length = 0;
  world = await makeWorld("http");
});
afterEach(() => world.close());

const clocked = (): CallOptions => ({ ...world.options, now: () => now });

/** A server on the same state, whose timers the test fires. */
function startServer(): TensorPoolToolkit & { fire(): Promise<void> } {
  const waiting: (() => void)[] = [];
  const toolkit = createTensorPool({
    ...clocked(),
    notice: (sentence) => notices.push(sentence),
    schedule(_ms, then) {
      waiting.push(then);
      return () => void waiting.splice(waiting.indexOf(then), 1);
    },
  });
  return {
    ...toolkit,
    async fire() {
      await expect.poll(() => waiting.length).toBeGreaterThan(0);
      waiting.shift()?.();
      await expect.poll(() => waiting.length).toBeGreaterThan(0);
    },
  };
}

describe("[TPL-08] a lease", () => {
  it("ends its cluster at the deadline and not before", async () => {
    const { cluster_id = "", lease } = await clusterCreate(
      { instance_type: "1xH100", lease_hours: 2 },
      clocked(),
    );
    expect(lease).toMatchObject({ state: "active", cluster_id, destroy_at: "2026-11-20T12:00:00.000Z" });
    const server = startServer();
    server.keepLeases();
    await server.fire();
    expect(world.engine.state.clusters.size).toBe(1);
    now = start + 2 * hour;
    await server.fire();
    expect(world.engine.state.clusters.size).toBe(0);
    expect(notices).toEqual([`The lease of cluster ${cluster_id} ended, and it is being destroyed.`]);
    expect((await leaseList({}, clocked())).leases).toEqual([]);
    expect((await leaseList({ ended: true }, clocked())).leases).toMatchObject([{ state: "ended" }]);
    await server.close();
  });

  it("outlives the server: another one on the same files keeps it", async () => {
    const directory = join(world.folder, "state");
    const options = { ...clocked(), database: createJsonDatabase({ directory }) };
    await clusterCreate({ instance_type: "1xH100", lease_hours: 1 }, options);
    now = start + 5 * hour;
    const server = createTensorPool({ ...options, database: createJsonDatabase({ directory }) });
    server.keepLeases();
    await expect.poll(() => world.engine.state.clusters.size).toBe(0);
    await server.close();
  });

  it("is found by its name when the answer to its creation was lost", async () => {
    const lost: CallOptions = {
      ...clocked(),
      async fetch(url, init) {
        const response = await fetch(url, init);
        if (url.endsWith("/cluster/create")) throw new Error("the connection broke");
        return response;
      },
    };
    await expect(clusterCreate({ instance_type: "1xH100", lease_hours: 1 }, lost)).rejects.toThrow(
      /cannot be reached/,
    );
    expect((await leaseList({}, clocked())).leases).toMatchObject([
      { state: "creating", name: expect.stringMatching(/^parley-/) },
    ]);
    expect(world.engine.state.clusters.size).toBe(1);
    now = start + hour;
    const server = startServer();
    server.keepLeases();
    await expect.poll(() => world.engine.state.clusters.size).toBe(0);
    await server.close();
  });

  it("never ends another cluster that bears the name of one whose creation was not answered", async () => {
    const { clusters } = world.engine.state;
    clusters.set("c-9", { id: "c-9", name: "train", type: "1xH100", nodes: 1, keys: [], protected: false });
    const unsent: CallOptions = {
      ...clocked(),
      fetch: () => Promise.reject(new Error("the connection broke")),
    };
    const args = { instance_type: "1xH100", name: "train", lease_hours: 1 };
    await expect(clusterCreate(args, unsent)).rejects.toThrow(/cannot be reached/);
    now = start + hour;
    const server = startServer();
    server.keepLeases();
    await expect
      .poll(() => notices)
      .toEqual([
        "The cluster train, whose creation was not answered, may exist, and nothing here will end it: see cluster_list.",
      ]);
    expect([...clusters.keys()]).toEqual(["c-9"]);
    await server.close();
  });

  it("is not kept for a cluster that the engine refused", async () => {
    world.engine.mischief.status = 400;
    await expect(clusterCreate({ instance_type: "1xH100", lease_hours: 1 }, clocked())).rejects.toThrow(
      /400/,
    );
    expect((await leaseList({}, clocked())).leases).toEqual([]);
  });

  it("is tried again, later each time, when the engine fails", async () => {
    await clusterCreate({ instance_type: "1xH100", lease_hours: 1 }, clocked());
    world.engine.mischief.status = 500;
    now = start + hour;
    const server = startServer();
    server.keepLeases();
    await server.fire();
    expect(notices[0]).toMatch(/goes on costing money: Could not destroy cluster .* It is tried again\.$/);
    expect((await leaseList({}, clocked())).leases).toMatchObject([
      { attempts: 1, last_error: expect.stringContaining("500") },
    ]);
    world.engine.mischief.status = undefined;
    await server.fire();
    expect(world.engine.state.clusters.size).toBe(1);
    now = start + hour + 31_000;
    await server.fire();
    expect(world.engine.state.clusters.size).toBe(0);
    await server.close();
  });

  it("ends with its cluster, whoever destroys that", async () => {
    const { cluster_id = "" } = await clusterCreate({ instance_type: "1xH100", lease_hours: 1 }, clocked());
    await clusterDestroy({ cluster_id, confirm: true }, clocked());
    expect((await leaseList({}, clocked())).leases).toEqual([]);
    const other = await clusterCreate({ instance_type: "1xH100", lease_hours: 1 }, clocked());
    world.engine.state.clusters.delete(other.cluster_id ?? "");
    now = start + 2 * hour;
    const server = startServer();
    server.keepLeases();
    await expect
      .poll(() => notices)
      .toMatchObject([expect.stringContaining("was gone before its lease ended")]);
    await server.close();
  });

  it("is set, moved and taken away, for clusters made elsewhere too", async () => {
    const { clusters } = world.engine.state;
    clusters.set("c-9", { id: "c-9", name: "theirs", type: "1xH100", nodes: 1, keys: [], protected: false });
    expect(await leaseSet({ cluster_id: "c-9", hours: 3, confirm: true }, clocked())).toMatchObject({
      destroy_at: "2026-11-20T13:00:00.000Z",
    });
    expect(await leaseSet({ cluster_id: "c-9", hours: 1, confirm: true }, clocked())).toMatchObject({
      destroy_at: "2026-11-20T11:00:00.000Z",
    });
    await expect(clusterEdit({ cluster_id: "c-9", deletion_protection: true }, clocked())).rejects.toThrow(
      /has a lease until/,
    );
    const without = await leaseSet({ cluster_id: "c-9", end: true, confirm: true }, clocked());
    expect(without.destroy_at).toBeUndefined();
    await expect(leaseSet({ cluster_id: "c-9", confirm: true }, clocked())).rejects.toThrow(
      /needs hours, or end: true/,
    );
    await expect(
      clusterCreate({ instance_type: "1xH100", lease_hours: 1, deletion_protection: true }, clocked()),
    ).rejects.toThrow(/cannot be destroyed at the end of a lease/);
  });

  it("comes from TENSORPOOL_LEASE_HOURS where the call gives none, and a lease set by one server wakes it", async () => {
    const options = clocked();
    const leased = { ...options, env: { ...options.env, TENSORPOOL_LEASE_HOURS: "4" } };
    expect((await clusterCreate({ instance_type: "1xH100" }, leased)).lease).toMatchObject({
      destroy_at: "2026-11-20T14:00:00.000Z",
    });
  });
});

describe("[TPL-07] the cost of a cluster", () => {
  const priced = (limits: CallOptions["limits"] = {}): CallOptions => ({
    ...clocked(),
    prices: { h100: 2.5 },
    limits,
  });

  it("is told before it is made, and in a dry run without making it", async () => {
    const said: unknown[] = [];
    const progress = (_done: number, _total?: number, message?: string): void =>
      void said.push([message, world.engine.state.clusters.size]);
    const dry = await clusterCreate(
      { instance_type: "8xH100", num_nodes: 2, lease_hours: 3, dry_run: true },
      priced(),
    );
    expect(dry).toMatchObject({ created: false, cost: { gpus: 16, usd_per_hour: 40, usd: 120, hours: 3 } });
    expect(world.engine.state.clusters.size).toBe(0);
    await clusterCreate({ instance_type: "8xH100" }, { ...priced(), progress });
    expect(said[0]).toEqual(["Making a cluster of 8 GPUs, $20.00 an hour.", 0]);
  });

  it.each([
    [{ maxGpus: 4 }, /would make a cluster of 8 GPUs.* It has 8 GPUs and TENSORPOOL_MAX_GPUS is 4/],
    [
      { maxUsdPerHour: 10 },
      /It costs \$20\.00 an hour, with what runs already, and TENSORPOOL_MAX_USD_PER_HOUR is \$10\.00/,
    ],
    [{ maxUsd: 30 }, /It costs \$40\.00 over its lease and TENSORPOOL_MAX_USD is \$30\.00/],
  ])("over %j needs confirm: true", async (limits, reason) => {
    const args = { instance_type: "8xH100", lease_hours: 2 };
    await expect(clusterCreate(args, priced(limits))).rejects.toThrow(reason);
    expect(world.engine.state.clusters.size).toBe(0);
    expect(await clusterCreate({ ...args, confirm: true }, priced(limits))).toMatchObject({ created: true });
  });

  it("counts what runs already, and a price nobody knows is over every limit", async () => {
    await clusterCreate({ instance_type: "4xH100" }, priced({ maxUsdPerHour: 15 }));
    await expect(clusterCreate({ instance_type: "4xH100" }, priced({ maxUsdPerHour: 15 }))).rejects.toThrow(
      /\$20\.00 an hour/,
    );
    await expect(clusterCreate({ instance_type: "1xB200" }, priced({ maxUsdPerHour: 15 }))).rejects.toThrow(
      /is not known \(set TENSORPOOL_PRICES/,
    );
  });
});
