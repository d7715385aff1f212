import { withoutUndefined } from "../_without-undefined.ts";
import { readIfAnswered } from "../_workload-failure.ts";
import type { EngineCallOptions } from "../engine.ts";
import type { FluxClient } from "./client.ts";
import { estimateStart, propertiesOf, queueOf } from "./estimate.ts";
import type { FluxEstimate } from "./estimate.ts";
import { validateJobspec } from "./instance-submit.ts";
import type { FluxJobspec } from "./jobspec.ts";
import { fieldsOf, numberOf, parseJson } from "./json.ts";
import { parseQueueRows, queueFormat, resourceFormat } from "./resources.ts";
import { parseAbout, parseNodeStatus, parseResources, statusFormat } from "./site.ts";
import type { FluxAbout, FluxNodeStatus, FluxResources } from "./site.ts";

/** A queue. The one of an instance without named queues has no name. */
export interface FluxQueue {
  readonly name?: string | undefined;
  /** Whether it takes jobs. */
  readonly enabled: boolean;
  /** Whether it starts jobs; those of a new instance with named queues do not. */
  readonly started: boolean;
  readonly defaultWalltimeSeconds?: number | undefined;
  readonly maxWalltimeSeconds?: number | undefined;
}

export async function readQueues(client: FluxClient, call?: EngineCallOptions): Promise<FluxQueue[]> {
  const stdout = await client.read(["queue", "list", "-no", queueFormat], client.deadline(call));
  return parseQueueRows(stdout).map((row) => withoutUndefined<FluxQueue>(row));
}

export async function readResources(
  client: FluxClient,
  call: EngineCallOptions & {
    readonly queue?: string | undefined;
    readonly properties?: readonly string[] | undefined;
  } = {},
): Promise<FluxResources> {
  const deadline = client.deadline(call);
  const [list, R] = await Promise.all([
    client.read(["resource", "list", "-no", resourceFormat], deadline),
    readIfAnswered(client.read(["resource", "R"], deadline), (stdout) => stdout),
  ]);
  return parseResources(list, R ?? "", call);
}

export async function readNodeStatus(
  client: FluxClient,
  call?: EngineCallOptions,
): Promise<FluxNodeStatus[]> {
  return parseNodeStatus(
    await client.read(["resource", "status", "-no", statusFormat], client.deadline(call)),
  );
}

/** Counts of jobs by state and by result, from `flux job stats`. */
function parseCounts(stdout: string): Readonly<Record<string, number>> {
  const stats = fieldsOf(parseJson(stdout));
  const counts = [...fieldsOf(stats.get("job_states")), ...stats];
  return Object.fromEntries(
    counts.flatMap(([name, value]): [string, number][] => {
      const count = numberOf(value);
      return count === undefined ? [] : [[name, count]];
    }),
  );
}

export async function readAbout(
  client: FluxClient,
  call?: EngineCallOptions,
): Promise<FluxAbout & { jobs: Readonly<Record<string, number>> }> {
  const deadline = client.deadline(call);
  const [uptime, version, counts] = await Promise.all([
    client.read(["uptime"], deadline),
    client.read(["version"], deadline),
    readIfAnswered(client.read(["job", "stats"], deadline), parseCounts),
  ]);
  return { ...parseAbout(uptime, version), jobs: counts ?? {} };
}

/** Asks what is feasible, then compares with what is free. */
export async function readEstimate(
  client: FluxClient,
  jobspec: FluxJobspec,
  call?: EngineCallOptions,
): Promise<FluxEstimate> {
  const queue = queueOf(jobspec);
  const [verdict, resources, queues] = await Promise.all([
    validateJobspec(client, jobspec, { ...call, feasibility: true }).catch((error: unknown) => {
      // Where the check is not installed, the rest is still worth saying; an instance that is not there is told below.
      if (call?.signal?.aborted === true) throw error;
      return undefined;
    }),
    readResources(client, { ...call, queue, properties: propertiesOf(jobspec) }),
    readQueues(client, call),
  ]);
  const known = queues.find(({ name }) => name === queue);
  return estimateStart(jobspec, { verdict, resources, queueUp: known && known.enabled && known.started });
}
