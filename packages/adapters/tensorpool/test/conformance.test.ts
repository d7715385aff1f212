import { createTensorPool, toolsets } from "@parley/tensorpool";
import type { Toolset } from "@parley/tensorpool";
import { describeAdapter } from "@parley/testing";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { goodKey } from "./_fake-engine.ts";
import { type World, makeWorld, publicKey } from "./_world.ts";

const isToolset = (name: string): name is Toolset => toolsets.some((known) => known === name);

/** A cluster, a finished and a running job, a volume, a key, and a job file. */
async function furnish({ engine, folder }: World): Promise<void> {
  const { clusters, jobs, volumes, keys, pending } = engine.state;
  clusters.set("c-1", { id: "c-1", name: "train", type: "1xH100", nodes: 1, keys: [], protected: false });
  const job = { cluster: "c-1", config: "", output: ["one", "two"], teardown: false };
  jobs.set("j-1", { ...job, id: "j-1", status: "completed" });
  jobs.set("j-2", { ...job, id: "j-2", status: "running" });
  volumes.set("s-1", { id: "s-1", name: "data", size: 10, clusters: ["c-1"] });
  keys.set("k-1", publicKey);
  pending.set("r-1", 1);
  await writeFile(join(folder, "train.tp.toml"), 'commands = ["python train.py"]\n');
  await writeFile(join(folder, "own.tp.toml"), 'instance_type = "1xH100"\ncommands = ["true"]\n');
}

let world: World;

describeAdapter({
  name: "@parley/tensorpool",
  async create(variant) {
    world = await makeWorld("http");
    await furnish(world);
    const { database, workdir, sleep, env, newId } = world.options;
    const toolkit = createTensorPool({
      ...variant,
      toolsets: variant.toolsets?.filter(isToolset),
      database,
      workdir,
      sleep,
      newId,
      env: { ...env, TENSORPOOL_MAX_GPUS: "4" },
      schedule: () => () => {},
    });
    return {
      ...toolkit,
      async close() {
        await toolkit.close();
        await world.close();
      },
    };
  },
  readOnly: true,
  toolsets: {
    clusters: [
      "cluster_create",
      "cluster_list",
      "cluster_info",
      "cluster_edit",
      "cluster_destroy",
      "lease_list",
      "lease_set",
    ],
    jobs: [
      "job_write_config",
      "job_push",
      "job_list",
      "job_info",
      "job_listen",
      "job_logs",
      "job_pull",
      "job_cancel",
    ],
    account: ["account_me", "version", "instance_types", "ssh_key_list"],
    storage: ["storage_create", "storage_list", "storage_attach", "storage_detach"],
    buckets: ["bucket_list", "bucket_create", "bucket_delete"],
  },
  world: () => structuredClone(world.engine.state),
  destructive: {
    cluster_destroy: { cluster_id: "c-1" },
    lease_set: { cluster_id: "c-1", hours: 2 },
    job_cancel: { job_id: "j-2" },
    job_delete: { job_id: "j-1" },
    ssh_key_remove: { key_id: "k-1" },
    storage_destroy: { storage_id: "s-1" },
    storage_detach: { cluster_id: "c-1", storage_id: "s-1" },
    bucket_delete: { bucket_name: "checkpoints" },
  },
  failing: [
    { tool: "cluster_info", args: { cluster_id: "c-404" }, code: "E_OBJECT_UNKNOWN" },
    { tool: "cluster_info", args: { cluster_id: "--help" }, code: "E_ARGUMENT_INVALID" },
    { tool: "cluster_edit", args: { cluster_id: "c-1" }, code: "E_ARGUMENT_INVALID" },
    { tool: "cluster_create", args: { instance_type: "8xH100" }, code: "E_CONFIRM_REQUIRED" },
    {
      tool: "cluster_create",
      args: { instance_type: "1xH100", ssh_public_key: "ssh-dss AAAA" },
      code: "E_ARGUMENT_INVALID",
    },
    { tool: "lease_set", args: { cluster_id: "c-404", hours: 1, confirm: true }, code: "E_OBJECT_UNKNOWN" },
    { tool: "job_push", args: { config_path: "absent.toml" }, code: "E_ARGUMENT_INVALID" },
    { tool: "job_push", args: { config_path: "../train.tp.toml" }, code: "E_ARGUMENT_INVALID" },
    {
      tool: "job_push",
      args: { config_path: "train.tp.toml", cluster_id: "c-404" },
      code: "E_ENGINE_REFUSED",
    },
    { tool: "job_write_config", args: { workdir: "..", commands: ["true"] }, code: "E_ARGUMENT_INVALID" },
    {
      tool: "job_write_config",
      args: { workdir: ".", commands: ["true"], filename: "train.tp.toml" },
      code: "E_OBJECT_CONFLICT",
    },
    { tool: "job_info", args: { job_id: "j-404" }, code: "E_OBJECT_UNKNOWN" },
    { tool: "job_pull", args: { job_id: "j-1", dest: "/etc" }, code: "E_ARGUMENT_INVALID" },
  ],
  working: [
    {
      tool: "cluster_create",
      args: { instance_type: "1xH100", lease_hours: 1, ssh_public_key: publicKey },
    },
    { tool: "cluster_list", args: {} },
    { tool: "cluster_info", args: { cluster_id: "c-1" } },
    { tool: "cluster_edit", args: { cluster_id: "c-1", name: "eval" } },
    { tool: "cluster_destroy", args: { cluster_id: "c-1", confirm: true } },
    { tool: "lease_list", args: {} },
    { tool: "lease_set", args: { cluster_id: "c-1", hours: 1, confirm: true } },
    { tool: "job_write_config", args: { workdir: ".", commands: ["true"] } },
    { tool: "job_push", args: { config_path: "train.tp.toml", cluster_id: "c-1" } },
    { tool: "job_push", args: { config_path: "own.tp.toml" } },
    { tool: "job_list", args: {} },
    { tool: "job_info", args: { job_id: "j-1" } },
    { tool: "job_wait", args: { job_id: "j-1" } },
    { tool: "job_listen", args: { job_id: "j-1" } },
    { tool: "job_logs", args: { job_id: "j-1" } },
    { tool: "job_pull", args: { job_id: "j-1" } },
    { tool: "job_cancel", args: { job_id: "j-2", confirm: true } },
    { tool: "job_delete", args: { job_id: "j-1", confirm: true } },
    { tool: "account_me", args: {} },
    { tool: "version", args: {} },
    { tool: "instance_types", args: { filter: "h100" } },
    { tool: "request_info", args: { request_id: "r-1" } },
    { tool: "ssh_key_list", args: {} },
    { tool: "ssh_key_add", args: { ssh_public_key: publicKey } },
    { tool: "ssh_key_remove", args: { key_id: "k-1", confirm: true } },
    { tool: "storage_create", args: { size_gb: 5 } },
    { tool: "storage_list", args: {} },
    { tool: "storage_info", args: { storage_id: "s-1" } },
    { tool: "storage_edit", args: { storage_id: "s-1", size_gb: 20 } },
    { tool: "storage_attach", args: { cluster_id: "c-1", storage_id: "s-1" } },
    { tool: "storage_detach", args: { cluster_id: "c-1", storage_id: "s-1", confirm: true } },
    { tool: "storage_destroy", args: { storage_id: "s-1", confirm: true } },
    { tool: "bucket_list", args: {} },
    { tool: "bucket_create", args: { bucket_name: "results" } },
    { tool: "bucket_delete", args: { bucket_name: "checkpoints", confirm: true } },
  ],
  cancellable: [{ tool: "job_listen", args: { job_id: "j-2", timeout_seconds: 600 } }],
  secrets: [goodKey],
});
