import { ParleyError } from "@parley/core";
import { open } from "node:fs/promises";
import { resolve } from "node:path";
import { z } from "zod";
import { idOf } from "./answers.ts";
import type { Call } from "./call.ts";
import { clusterCommands } from "./commands/clusters.ts";
import { createCluster } from "./create-cluster.ts";
import { type JobFile, formatJobFile, maxJobFileBytes, parseJobFile } from "./job-config.ts";
import { confine } from "./paths.ts";
import { readTable } from "./text.ts";

/** A job to be pushed. */
export interface JobOrder {
  readonly config_path: string;
  readonly workdir?: string | undefined;
  readonly cluster_id?: string | undefined;
  readonly teardown: boolean;
  readonly confirm: boolean;
}

export const PushedJob = z.object({
  message: z.string(),
  job_id: z.string().optional(),
  cluster_id: z.string().optional(),
  /** Whether the cluster was made for this job. */
  cluster_created: z.boolean(),
  /** Whether the cluster goes when the job has ended. */
  teardown: z.boolean(),
});
export type PushedJob = z.infer<typeof PushedJob>;

/** Pushes a job file, onto a cluster of its own where it names none and the engine wants one. */
export async function pushJobFile(call: Call, order: JobOrder): Promise<PushedJob> {
  const { root } = call.settings;
  const workdir = await confine(root, order.workdir ?? ".", "workdir");
  const path = await confine(root, resolve(workdir, order.config_path), "config_path");
  const text = await readJobText(path, order.config_path);
  const file = parseJobFile(order.config_path, text);
  if (!(await wantsCluster(call))) return pushLegacy(call, { order, text, workdir });
  // The current engine's job files have no instance_type; a cluster has.
  const { instance_type, ...rest } = file;
  const config = instance_type === undefined ? text : formatJobFile(rest);
  const cluster = order.cluster_id ?? (await makeCluster(call, order, file));
  const made = order.cluster_id === undefined;
  const teardown = order.teardown || made;
  try {
    const reply = await call.backend.push({ config, clusterId: cluster, teardown, workdir }, call);
    const job_id = idOf(reply, "job_id", "j");
    return {
      message: reply.message,
      ...(job_id === undefined ? {} : { job_id }),
      cluster_id: cluster,
      cluster_created: made,
      teardown,
    };
  } catch (error) {
    if (!made) throw error;
    throw await withoutCluster(call, cluster, error);
  }
}

async function wantsCluster(call: Call): Promise<boolean> {
  const { tp } = await call.backend.version(call);
  return tp?.pushNeedsCluster ?? true;
}

interface LegacyJob {
  readonly order: JobOrder;
  readonly text: string;
  readonly workdir: string;
}

async function pushLegacy(call: Call, { order, text, workdir }: LegacyJob): Promise<PushedJob> {
  if (order.cluster_id !== undefined || order.teardown) {
    throw new ParleyError(
      "E_ENGINE_REFUSED",
      "This tp runs each job on a cluster of its own: leave out cluster_id and teardown, or update it with pip install --upgrade tensorpool.",
    );
  }
  const reply = await call.backend.push({ config: text, teardown: false, workdir }, call);
  const job_id = idOf(reply, "job_id", "j");
  return {
    message: reply.message,
    ...(job_id === undefined ? {} : { job_id }),
    cluster_created: false,
    teardown: true,
  };
}

async function readJobText(path: string, shown: string): Promise<string> {
  const handle = await open(path, "r").catch((cause: unknown) => {
    throw new ParleyError(
      "E_ARGUMENT_INVALID",
      `Config file not found: ${shown}. Write it with job_write_config; a relative path starts at workdir.`,
      { cause },
    );
  });
  try {
    const { size } = await handle.stat();
    if (size > maxJobFileBytes)
      throw new ParleyError("E_ARGUMENT_INVALID", `${shown} is longer than 256 KiB.`);
    return await handle.readFile("utf8");
  } finally {
    await handle.close();
  }
}

/** A cluster for one job, as job files with an instance type meant it. */
async function makeCluster(call: Call, order: JobOrder, { instance_type }: JobFile): Promise<string> {
  if (instance_type === undefined) throw await clusterMissing(call);
  const made = await createCluster(call, {
    instance_type,
    num_nodes: 1,
    deletion_protection: false,
    wait: true,
    confirm: order.confirm,
    dry_run: false,
  });
  if (made.cluster_id !== undefined) return made.cluster_id;
  throw new ParleyError(
    "E_ENGINE_OUTPUT",
    "A cluster was made for the job, but the engine did not say its ID: find it with cluster_list, then call job_push with cluster_id or cluster_destroy.",
  );
}

async function clusterMissing(call: Call): Promise<ParleyError> {
  const { message } = await call.backend.send(clusterCommands.list({ org: false, instances: false }), call);
  const ids = [...new Set(message.match(/(?<![\w-])c-[A-Za-z0-9][\w-]*/g))];
  const rows = ids.length > 0 ? ids : readTable(message).map((row) => Object.values(row).join(" "));
  const have =
    rows.length === 0
      ? "you have no cluster; make one with cluster_create"
      : `you have ${rows.slice(0, 20).join(", ")}`;
  return new ParleyError(
    "E_ARGUMENT_INVALID",
    `job_push needs cluster_id, for the job file has no instance_type to make a cluster of: ${have}.`,
  );
}

/** The error of a push that failed, the cluster made for it destroyed. */
async function withoutCluster(call: Call, clusterId: string, error: unknown): Promise<unknown> {
  const details = ParleyError.isInstance(error) ? error.details : {};
  const lost =
    ParleyError.isInstance(error) && ["E_ENGINE_UNREACHABLE", "E_EXEC_TIMEOUT"].includes(error.code);
  // The job may run there all the same; its teardown then ends the cluster.
  if (lost) return error;
  const still = await call.backend
    .send(clusterCommands.destroy({ cluster_id: clusterId, wait: false }), call)
    .then(() => call.leases.end(clusterId))
    .then(
      () => `Cluster ${clusterId}, made for it, is being destroyed.`,
      () =>
        `Cluster ${clusterId}, made for it, could not be destroyed and costs money: call cluster_destroy.`,
    );
  if (!ParleyError.isInstance(error)) return error;
  return new ParleyError(error.code, `${error.message} ${still}`, {
    details: { ...details, cluster_id: clusterId },
    cause: error,
  });
}
