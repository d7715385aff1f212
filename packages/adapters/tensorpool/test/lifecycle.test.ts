import {
  accountMe,
  clusterCreate,
  clusterDestroy,
  clusterEdit,
  clusterInfo,
  clusterList,
  jobCancel,
  jobDelete,
  jobInfo,
  jobList,
  jobListen,
  jobLogs,
  jobPull,
  jobPush,
  jobWait,
  jobWriteConfig,
  sshKeyAdd,
  sshKeyList,
  sshKeyRemove,
  storageAttach,
  storageCreate,
  storageDestroy,
  storageDetach,
  storageEdit,
  storageInfo,
  storageList,
  version,
} from "@parley/tensorpool";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Way, type World, makeWorld, publicKey, realTp } from "./_world.ts";

/** Of each generation the newest; test/argv.test.ts has the others. */
const ways: readonly Way[] = ["http", "0.0.6", "0.0.9", ...(realTp === undefined ? [] : (["real"] as const))];
if (realTp === undefined) console.log("No real tp: name one in PARLEY_TP to run these tests with it.");

describe.each(ways)("[TPL-01 TPL-02] through %s", { timeout: 60_000 }, (way) => {
  let world: World;
  const legacy = way === "0.0.6";
  // One for all, for a new one would ask tp again what it takes.
  beforeAll(async () => {
    world = await makeWorld(way);
  });
  afterAll(() => world.close());

  it("creates, lists, edits and destroys a cluster", async () => {
    const { options, engine } = world;
    const made = await clusterCreate(
      { ssh_public_key: publicKey, instance_type: "8xH100", num_nodes: 2, name: "train", wait: true },
      options,
    );
    const { cluster_id = "" } = made;
    expect(made).toMatchObject({ created: true, cost: { gpus: 16 } });
    expect(engine.state.clusters.get(cluster_id)).toMatchObject({
      name: "train",
      type: "8xH100",
      nodes: 2,
      keys: [publicKey],
    });
    expect(await clusterList({}, options)).toMatchObject({
      rows: [{ "Cluster ID": cluster_id, Name: "train", Type: "8xH100" }],
    });
    await clusterEdit({ cluster_id, name: "eval" }, options);
    expect((await clusterInfo({ cluster_id }, options)).message).toContain("eval");
    await clusterDestroy({ cluster_id, confirm: true, wait: true }, options);
    expect(engine.state.clusters.size).toBe(0);
  });

  it("pushes a job, follows it and pulls its files", async () => {
    const { options, engine, folder } = world;
    await jobWriteConfig(
      { workdir: ".", instance_type: "1xH100", commands: ["python train.py"], outputs: ["checkpoints/"] },
      options,
    );
    const pushed = await jobPush({ config_path: "tp.config.toml" }, options);
    const job_id = pushed.job_id ?? "";
    expect(job_id).toMatch(/^j-/);
    expect(pushed.cluster_created).toBe(!legacy);
    expect(engine.state.jobs.get(job_id)?.config).toContain("python train.py");
    expect(engine.state.jobs.get(job_id)?.config.includes("instance_type")).toBe(legacy);
    expect((await jobList({}, options)).rows).toContainEqual({ "Job ID": job_id, Status: "running" });
    expect(await jobInfo({ job_id }, options)).toMatchObject({ state: "running", terminal: false });
    const heard = await jobListen({ job_id, max_lines: 2, timeout_seconds: 20 }, options);
    expect(heard).toMatchObject({ lines: ["step 1", "step 2"], end: "stopped" });
    const job = engine.state.jobs.get(job_id);
    if (job !== undefined) job.status = "completed";
    expect(await jobLogs({ job_id, tail_lines: 2 }, options)).toMatchObject({
      truncated: true,
      end: "success",
    });
    expect(await jobWait({ job_id }, options)).toMatchObject({ outcome: "succeeded" });
    const pulled = await jobPull({ job_id }, options);
    expect(pulled).toMatchObject({ created: ["checkpoints/model.bin", "log.txt"], skipped: [] });
    expect(await readFile(join(folder, job_id, "checkpoints", "model.bin"), "utf8")).toBe("weights");
    expect(await jobPull({ job_id }, options)).toMatchObject({
      created: [],
      skipped: ["checkpoints/model.bin", "log.txt"],
    });
    expect(await jobPull({ job_id, force: true }, options)).toMatchObject({
      overwritten: ["checkpoints/model.bin", "log.txt"],
    });
  });

  it("cancels and deletes a job", async () => {
    const { options, engine } = world;
    engine.state.jobs.set("j-7", {
      id: "j-7",
      cluster: "c-1",
      config: "",
      status: "running",
      output: [],
      teardown: false,
    });
    expect(await jobCancel({ job_id: "j-7", confirm: true, wait: true }, options)).toMatchObject({
      state: "canceled",
      outcome: "canceled",
    });
    const deleted = jobDelete({ job_id: "j-7", confirm: true }, options);
    if (legacy) await expect(deleted).rejects.toThrow(/knows no deletion of jobs/);
    else expect(await deleted).toMatchObject({ message: "Job deleted" });
  });

  it("makes, grows, attaches and destroys a volume", async () => {
    const { options, engine } = world;
    const { storage_id = "", usd_per_month } = await storageCreate({ size_gb: 100, wait: true }, options);
    expect([engine.state.volumes.has(storage_id), usd_per_month]).toEqual([true, 10]);
    await storageEdit({ storage_id, size_gb: 200 }, options);
    expect((await storageInfo({ storage_id }, options)).message).toContain("200 GB");
    await storageAttach({ cluster_id: "c-9", storage_id, wait: true }, options);
    expect(engine.state.volumes.get(storage_id)?.clusters).toEqual(["c-9"]);
    await storageDetach({ cluster_id: "c-9", storage_id, confirm: true }, options);
    expect(engine.state.volumes.get(storage_id)?.clusters).toEqual([]);
    expect((await storageList({}, options)).rows).toHaveLength(1);
    await storageDestroy({ storage_id, confirm: true }, options);
    expect(engine.state.volumes.size).toBe(0);
  });

  it("shows the account and keeps its SSH keys", async () => {
    const { options, engine } = world;
    const { message } = await accountMe({}, options);
    expect(message).toBe("ada@example.org, balance $12.50");
    const { fingerprint } = await sshKeyAdd({ ssh_public_key: publicKey, name: "laptop" }, options);
    expect(fingerprint).toMatch(/^SHA256:/);
    expect((await sshKeyList({}, options)).rows).toHaveLength(1);
    const [key_id = ""] = engine.state.keys.keys();
    await sshKeyRemove({ key_id, confirm: true }, options);
    expect(engine.state.keys.size).toBe(0);
  });

  it("says what it speaks to", async () => {
    const said = await version({}, world.options);
    expect(said.engine).toBe(world.engine.address);
    if (way === "http") expect(said).toMatchObject({ backend: "http", allow_commands: false });
    else expect(said).toMatchObject({ backend: "cli", generation: legacy ? "legacy" : "current" });
  });
});
