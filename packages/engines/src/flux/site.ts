import { expandHostlist } from "../_hostlist.ts";
import { withoutUndefined } from "../_without-undefined.ts";
import { fieldsOf, listOf, parseJson, textOf } from "./json.ts";
import { idsOf, parseRow } from "./resources.ts";

/** What there is in one state. A node in use in part counts as free and as allocated. */
export interface FluxResourceSet {
  readonly nodes: number;
  readonly cores: number;
  readonly gpus: number;
  readonly hosts: readonly string[];
  /** Ranks of the brokers on them. */
  readonly ranks: readonly number[];
  /** Hosts by property. */
  readonly properties: Readonly<Record<string, readonly string[]>>;
}

export interface FluxResources {
  readonly free: FluxResourceSet;
  readonly allocated: FluxResourceSet;
  /** Broken, drained or not there. */
  readonly down: FluxResourceSet;
  /** Free and allocated together. */
  readonly up: FluxResourceSet;
}

/** Ranks by host, from `flux resource R`. */
function ranksByHost(R: string): ReadonlyMap<string, number> {
  const execution = fieldsOf(fieldsOf(parseJson(R)).get("execution"));
  const hosts = listOf(execution.get("nodelist")).flatMap((list) => expandHostlist(textOf(list) ?? ""));
  const ranks = listOf(execution.get("R_lite")).flatMap((entry) =>
    idsOf(textOf(fieldsOf(entry).get("rank")) ?? ""),
  );
  const sorted = [...new Set(ranks.map(Number))].toSorted((left, right) => left - right);
  return new Map(
    hosts.flatMap((host, index) => (sorted[index] === undefined ? [] : [[host, sorted[index]]])),
  );
}

type Row = ReturnType<typeof parseRow>[number];

function gather(rows: readonly Row[], ranks: ReadonlyMap<string, number>): FluxResourceSet {
  const hosts = [...new Set(rows.flatMap((row) => row.hosts))];
  const properties = new Map<string, Set<string>>();
  for (const { properties: names, hosts: having } of rows) {
    for (const name of names) properties.set(name, new Set([...(properties.get(name) ?? []), ...having]));
  }
  return {
    nodes: hosts.length,
    cores: rows.reduce((sum, { cores }) => sum + cores, 0),
    gpus: rows.reduce((sum, { gpus }) => sum + gpus, 0),
    hosts,
    ranks: hosts.flatMap((host) => ranks.get(host) ?? []),
    properties: Object.fromEntries([...properties].map(([name, having]) => [name, [...having]])),
  };
}

/**
 * Reads `flux resource list -no` in the format of the facts, and `flux resource R` for the ranks.
 * @param only - keeps what jobs of a queue may use, and what has all of some properties.
 */
export function parseResources(
  list: string,
  R: string,
  only: { queue?: string | undefined; properties?: readonly string[] | undefined } = {},
): FluxResources {
  const { queue, properties: needed = [] } = only;
  const ranks = ranksByHost(R);
  const rows = list
    .split("\n")
    .flatMap(parseRow)
    .filter(({ queues }) => queue === undefined || queues.includes(queue))
    .filter(({ properties }) => needed.every((name) => properties.includes(name)));
  const of = (...states: string[]): FluxResourceSet =>
    gather(
      rows.filter(({ state }) => states.includes(state)),
      ranks,
    );
  return { free: of("free"), allocated: of("allocated"), down: of("down"), up: of("free", "allocated") };
}

/** Nodes of one state and reason, from `flux resource status`. */
export interface FluxNodeStatus {
  /** `avail`, `drained`, `draining`, `exclude`, `offline` ... */
  readonly state: string;
  readonly hosts: readonly string[];
  readonly reason?: string | undefined;
  /** ISO-8601; when they were drained. */
  readonly since?: string | undefined;
}

/** Format of `flux resource status -no`. */
export const statusFormat = "{state}|{nnodes}|{nodelist}|{reason}|{timestamp}";

/** Reads `flux resource status -no` {@link statusFormat}; a reason may hold bars. */
export function parseNodeStatus(stdout: string): FluxNodeStatus[] {
  return stdout.split("\n").flatMap((line) => {
    const [, state, nodelist, reason, seconds] =
      /^([^|]+)\|\d*\|([^|]*)\|(.*)\|([^|]*)$/.exec(line.trim()) ?? [];
    const hosts = expandHostlist(nodelist ?? "");
    if (state === undefined || hosts.length === 0) return [];
    const at = Number(seconds);
    return [
      withoutUndefined<FluxNodeStatus>({
        state,
        hosts,
        reason: reason || undefined,
        since: seconds && at > 0 && at < 8.64e12 ? new Date(at * 1000).toISOString() : undefined,
      }),
    ];
  });
}

/** What `flux uptime` and `flux version` say of an instance. */
export interface FluxAbout {
  readonly version?: string | undefined;
  readonly uri?: string | undefined;
  /** `run` when it takes jobs; before that `join`, `init` or `quorum`. */
  readonly state?: string | undefined;
  readonly uptime?: string | undefined;
  readonly owner?: string | undefined;
  /** 0 is the system's instance or one of its own; each child adds one. */
  readonly depth?: number | undefined;
  readonly brokers?: number | undefined;
  /** What else `flux uptime` says, such as that the scheduler is stopped. */
  readonly notes: readonly string[];
}

export function parseAbout(uptime: string, version: string): FluxAbout {
  const [first = "", ...rest] = uptime.split("\n");
  const [, state, age, owner, depth, size] =
    /^\s*\S+\s+(\w+)\s+([^,]+),\s+owner (\S+?),\s+depth (\d+),\s+size (\d+)/.exec(first) ?? [];
  const field = (name: string): string | undefined =>
    new RegExp(`^${name}:[ \\t]+(\\S+)`, "m").exec(version)?.[1];
  return withoutUndefined<FluxAbout>({
    version: field("broker") ?? field("libflux-core"),
    uri: field("FLUX_URI"),
    state,
    uptime: age?.trim(),
    owner,
    depth: depth === undefined ? undefined : Number(depth),
    brokers: size === undefined ? undefined : Number(size),
    notes: rest.map((line) => line.trim()).filter((line) => line !== ""),
  });
}
