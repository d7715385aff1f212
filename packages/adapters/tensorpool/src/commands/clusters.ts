import { ParleyError } from "@parley/core";
import type { EngineCommand } from "../backend.ts";

/** A cluster to be made. */
export interface NewCluster {
  readonly instance_type: string;
  readonly num_nodes: number;
  readonly name?: string | undefined;
  /** One line. */
  readonly publicKey?: string | undefined;
  readonly container?: string | undefined;
  readonly deletion_protection: boolean;
  readonly wait: boolean;
}

/** Long enough for an old `tp`, which keeps a stream open meanwhile. */
const changeMs = 10 * 60_000;

const keyFile = "key.pub";

function create(cluster: NewCluster): EngineCommand {
  const { instance_type, num_nodes, name, publicKey, container, deletion_protection, wait } = cluster;
  return {
    doing: "create the cluster",
    files: publicKey === undefined ? {} : { [keyFile]: `${publicKey}\n` },
    argv({ tp, file }) {
      if (container !== undefined && tp.containerFlag === undefined) throw tooOld("containers", tp.version);
      return [
        "cluster",
        "create",
        ...(publicKey === undefined ? [] : ["-i", file(keyFile)]),
        ...(tp.instanceType === "flag" ? ["-t", instance_type, "--no-input"] : [instance_type]),
        ...(num_nodes > 1 ? ["-n", String(num_nodes)] : []),
        ...(name === undefined ? [] : ["--name", name]),
        ...(container === undefined ? [] : [tp.containerFlag ?? "", container]),
        ...(deletion_protection ? ["--deletion-protection"] : []),
        ...(wait ? ["--wait"] : []),
      ];
    },
    request: {
      method: "POST",
      path: ["cluster", "create"],
      body: {
        instance_type,
        num_nodes,
        deletion_protection,
        ...(publicKey === undefined ? {} : { public_keys: [publicKey] }),
        ...(name === undefined ? {} : { tp_cluster_name: name }),
        ...(container === undefined ? {} : { container }),
      },
    },
    wait,
    ...(wait ? {} : { timeoutMs: changeMs }),
  };
}

function list({ org, instances }: { readonly org: boolean; readonly instances: boolean }): EngineCommand {
  return {
    doing: "list the clusters",
    argv: ({ tp }) => [
      "cluster",
      "list",
      ...(org ? ["--org"] : []),
      ...(instances && tp.listInstances ? ["--instances"] : []),
    ],
    request: {
      method: "GET",
      path: ["cluster", "list"],
      query: { ...(org ? { include_org: "true" } : {}), ...(instances ? { instances: "true" } : {}) },
    },
  };
}

function info(cluster_id: string): EngineCommand {
  return {
    doing: `look at cluster ${cluster_id}`,
    argv: () => ["cluster", "info", cluster_id],
    request: { method: "GET", path: ["cluster", "info", cluster_id] },
  };
}

/** What of a cluster is to change. */
interface ClusterChange {
  readonly cluster_id: string;
  readonly name?: string | undefined;
  readonly deletion_protection?: boolean | undefined;
}

function edit({ cluster_id, name, deletion_protection }: ClusterChange): EngineCommand {
  return {
    doing: `change cluster ${cluster_id}`,
    argv: () => [
      "cluster",
      "edit",
      cluster_id,
      ...(name === undefined ? [] : ["--name", name]),
      ...(deletion_protection === undefined ? [] : ["--deletion-protection", String(deletion_protection)]),
    ],
    request: {
      method: "PATCH",
      path: ["cluster", "edit", cluster_id],
      body: {
        ...(name === undefined ? {} : { cluster_name: name }),
        ...(deletion_protection === undefined ? {} : { deletion_protection }),
      },
    },
  };
}

function destroy({
  cluster_id,
  wait,
}: {
  readonly cluster_id: string;
  readonly wait: boolean;
}): EngineCommand {
  return {
    doing: `destroy cluster ${cluster_id}`,
    argv: () => ["cluster", "destroy", cluster_id, "--no-input", ...(wait ? ["--wait"] : [])],
    request: { method: "DELETE", path: ["cluster", cluster_id] },
    wait,
    ...(wait ? {} : { timeoutMs: changeMs }),
  };
}

/** The error of something that this `tp` is too old for. */
export function tooOld(what: string, version: string): ParleyError {
  return new ParleyError(
    "E_ENGINE_REFUSED",
    `tp ${version} knows no ${what}: update it with pip install --upgrade tensorpool.`,
  );
}

/** Commands about clusters. */
export const clusterCommands = { create, list, info, edit, destroy };
