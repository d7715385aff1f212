import type { NodeGroup, Partition } from "@parley/core";
import { readGpuName } from "../_gpu-models.ts";
import { expandHostlist } from "../_hostlist.ts";
import { withoutUndefined } from "../_without-undefined.ts";
import { fieldsOf, listOf, parseJson, textOf } from "./json.ts";

/** Format of `flux resource list -no`: one row per state and set of queues and properties. */
export const resourceFormat = "{state}|{queue}|{properties}|{nnodes}|{ncores}|{ngpus}|{nodelist}";
/** Format of `flux queue list -no`. */
export const queueFormat = "{queue}|{enabled}|{started}|{defaults.timelimit}|{limits.timelimit}";

/** Cores and GPUs that each host has, from `flux resource R`. */
export type HostHardware = ReadonlyMap<string, { readonly cores: number; readonly gpus: number }>;

/** Nodes of one state, set of queues and set of properties. */
export interface ResourceRow {
  /** `free`, `allocated` or `down`. */
  readonly state: string;
  readonly key: string;
  readonly queues: readonly string[];
  readonly properties: readonly string[];
  readonly cores: number;
  readonly gpus: number;
  readonly hosts: readonly string[];
}

const words = (text: string): string[] =>
  text
    .split(",")
    .filter((item) => item !== "")
    .toSorted();

/** Reads a line of `flux resource list -no` {@link resourceFormat}; none where it names no host. */
export function parseRow(line: string): ResourceRow[] {
  const [state = "", queue = "", properties = "", , cores = "", gpus = "", nodelist = ""] = line
    .trim()
    .split("|");
  const hosts = expandHostlist(nodelist);
  if (state === "" || hosts.length === 0) return [];
  const row = { queues: words(queue), properties: words(properties) };
  const key = JSON.stringify([row.queues, row.properties]);
  return [{ ...row, state, key, cores: Number(cores) || 0, gpus: Number(gpus) || 0, hosts }];
}

/** How many ids an idset such as `0-31,40` holds; as in a hostlist between brackets. */
export const idsOf = (idset: string): string[] => expandHostlist(`[${idset.replace(/^\[|\]$/g, "")}]`);

/** Reads `flux resource R`. @see Flux RFC 20 */
export function parseHardware(stdout: string): HostHardware {
  const execution = fieldsOf(fieldsOf(parseJson(stdout)).get("execution"));
  const hosts = listOf(execution.get("nodelist")).flatMap((list) => expandHostlist(textOf(list) ?? ""));
  const hardware = new Map<string, { cores: number; gpus: number }>();
  for (const entry of listOf(execution.get("R_lite"))) {
    const fields = fieldsOf(entry);
    const children = fieldsOf(fields.get("children"));
    const [cores, gpus] = [children.get("core"), children.get("gpu")].map((ids) =>
      typeof ids === "string" ? idsOf(ids).length : 0,
    );
    for (const rank of idsOf(textOf(fields.get("rank")) ?? "")) {
      const host = hosts[Number(rank)];
      if (host !== undefined) hardware.set(host, { cores: cores ?? 0, gpus: gpus ?? 0 });
    }
  }
  return hardware;
}

const unlimited = (text: string | undefined): number | undefined => {
  const seconds = Number(text);
  return text !== undefined && text !== "" && Number.isFinite(seconds) && seconds > 0
    ? Math.round(seconds)
    : undefined;
};
const isOn = (mark: string | undefined): boolean =>
  !["✗", "n", "no", "false", ""].includes(mark?.trim() ?? "");

/** The queues of an instance; one without named queues has a single anonymous one. */
export interface FluxQueues {
  readonly partitions: Partition[];
  readonly anonymousUp: boolean;
}

/** Reads `flux queue list -no` {@link queueFormat}. */
export function parseQueueRows(stdout: string): {
  name: string | undefined;
  enabled: boolean;
  started: boolean;
  maxWalltimeSeconds: number | undefined;
  defaultWalltimeSeconds: number | undefined;
}[] {
  return stdout
    .split("\n")
    .filter((line) => line.includes("|"))
    .map((line) => line.split("|"))
    .map(([name = "", enabled, started, defaultLimit, limit]) => ({
      name: name.trim() || undefined,
      enabled: isOn(enabled),
      started: isOn(started),
      maxWalltimeSeconds: unlimited(limit),
      defaultWalltimeSeconds: unlimited(defaultLimit),
    }));
}

/** Reads `flux queue list -no` {@link queueFormat}. A queue that is stopped takes jobs and starts none: not up. */
export function parseQueues(stdout: string): FluxQueues {
  const rows = parseQueueRows(stdout);
  const named = rows.flatMap(({ name, ...rest }) => (name === undefined ? [] : [{ name, ...rest }]));
  const anonymous = rows.find(({ name }) => name === undefined);
  return {
    anonymousUp: anonymous === undefined ? named.length === 0 : anonymous.enabled && anonymous.started,
    partitions: named.map(({ name, enabled, started, maxWalltimeSeconds, defaultWalltimeSeconds }) =>
      withoutUndefined({
        name,
        isDefault: named.length === 1,
        up: enabled && started,
        maxWalltimeSeconds,
        defaultWalltimeSeconds,
      }),
    ),
  };
}

function perNode(
  rows: readonly ResourceRow[],
  hosts: ReadonlySet<string>,
  hardware: HostHardware | undefined,
): { cores: number; gpus: number } {
  const known = [...hosts].flatMap((host) => hardware?.get(host) ?? []);
  if (known.length === hosts.size) {
    return {
      cores: Math.min(...known.map(({ cores }) => cores)),
      gpus: Math.min(...known.map(({ gpus }) => gpus)),
    };
  }
  const sum = (pick: (row: ResourceRow) => number): number =>
    rows.reduce((total, row) => total + pick(row), 0);
  return {
    cores: Math.floor(sum((row) => row.cores) / hosts.size),
    gpus: Math.floor(sum((row) => row.gpus) / hosts.size),
  };
}

function toGroup(rows: readonly ResourceRow[], up: boolean, hardware: HostHardware | undefined): NodeGroup {
  const hostsIn = (state: string): string[] =>
    rows.filter((row) => row.state === state).flatMap((row) => row.hosts);
  const hosts = new Set(rows.flatMap((row) => row.hosts));
  const down = new Set(hostsIn("down"));
  const allocated = new Set(hostsIn("allocated"));
  const free = new Set(hostsIn("free"));
  const available = up ? [...hosts].filter((host) => !down.has(host)) : [];
  const freeRows = up ? rows.filter(({ state }) => state === "free") : [];
  const { cores, gpus } = perNode(rows, hosts, hardware);
  const properties = rows.map((row) => row.properties).find((names) => names.length > 0) ?? [];
  const gpuName =
    gpus > 0 ? properties.map(readGpuName).find(({ vendor }) => vendor !== undefined) : undefined;
  return withoutUndefined({
    partitions: [...(rows[0]?.queues ?? [])],
    nodes: hosts.size,
    availableNodes: available.length,
    idleNodes: available.filter((host) => free.has(host) && !allocated.has(host)).length,
    coresPerNode: cores,
    idleCores: freeRows.reduce((sum, row) => sum + row.cores, 0),
    gpusPerNode: gpus,
    idleGpus: gpus > 0 ? freeRows.reduce((sum, row) => sum + row.gpus, 0) : undefined,
    gpuModel: gpuName?.model,
    gpuVendor: gpuName?.vendor,
    gpuMemoryBytes: gpuName?.memoryBytes,
    features: [...properties],
  });
}

/**
 * Groups the rows of `flux resource list -no` {@link resourceFormat}. A node in use in part is in a free and in
 * an allocated row and counts once; drained nodes are down.
 * @param hardware - without it a group's nodes are taken to be alike.
 */
export function groupResources(
  stdout: string,
  queues: FluxQueues,
  hardware: HostHardware | undefined,
): NodeGroup[] {
  const up = new Set(queues.partitions.filter((partition) => partition.up).map(({ name }) => name));
  const groups = new Map<string, ResourceRow[]>();
  for (const row of stdout.split("\n").flatMap(parseRow)) {
    groups.set(row.key, [...(groups.get(row.key) ?? []), row]);
  }
  return [...groups.values()].map((rows) => {
    const names = rows[0]?.queues ?? [];
    return toGroup(
      rows,
      names.length === 0 ? queues.anonymousUp : names.some((name) => up.has(name)),
      hardware,
    );
  });
}
