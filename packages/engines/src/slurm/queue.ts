import { isTerminal } from "@parley/core";
import type { JobState } from "@parley/core";
import type { Deadline } from "../_deadline.ts";
import { expandHostlist } from "../_hostlist.ts";
import { withoutUndefined } from "../_without-undefined.ts";
import type { SlurmClient } from "./client.ts";
import { toSlurmError } from "./client.ts";
import { readJobState } from "./job-state.ts";
import { present, wholeNumber } from "./key-values.ts";
import { checkAnyJobId, markedRows } from "./mark.ts";
import { checked, option } from "./submission.ts";
import { parseSlurmSeconds, parseSlurmTime } from "./walltime.ts";
import { requireController } from "./workload.ts";

/** A job in the queue, whoever owns it. */
export interface SlurmJob {
  /** `12`, `14_3` for a task of an array, `14_[4-9%2]` for those that wait. */
  readonly id: string;
  /** The number Slurm itself goes by. */
  readonly rawId: string;
  /** As its owner wrote it: not to be trusted. */
  readonly name: string;
  readonly user: string;
  readonly account?: string | undefined;
  readonly qos?: string | undefined;
  readonly partition: string;
  readonly state: JobState;
  readonly nativeState: string;
  /** Why it waits or failed. */
  readonly reason?: string | undefined;
  readonly nodeCount?: number | undefined;
  readonly nodes: readonly string[];
  readonly cores?: number | undefined;
  /** GPUs and the like of each node, as Slurm writes them. */
  readonly gresPerNode?: string | undefined;
  readonly elapsedSeconds?: number | undefined;
  readonly limitSeconds?: number | undefined;
  readonly priority?: number | undefined;
  readonly submittedAt?: string | undefined;
  readonly startedAt?: string | undefined;
  readonly estimatedStartAt?: string | undefined;
  readonly finishedAt?: string | undefined;
}

/** Which jobs of the queue. */
export interface QueueFilter {
  readonly user?: string | undefined;
  /** Only those of the user this program runs as. */
  readonly mine?: boolean | undefined;
  readonly partition?: string | undefined;
  readonly account?: string | undefined;
  /** Default those that wait or run; `all` adds what ended lately. */
  readonly states?: "active" | "pending" | "running" | "all" | undefined;
  readonly jobId?: string | undefined;
}

const columns = "%A|%i|%P|%u|%a|%q|%T|%M|%l|%D|%C|%b|%V|%S|%e|%Q|%N|%r|%j";

const stateFilters = {
  active: [],
  pending: ["--states=PENDING"],
  running: ["--states=RUNNING"],
  all: ["--states=all"],
} as const;

/** The arguments of `squeue`. @throws ParleyError `E_ENGINE_REFUSED`, `E_ENGINE_JOB_UNKNOWN` */
function queueArguments(filter: QueueFilter, mark: string): string[] {
  const { user, partition, account, jobId, states = "active" } = filter;
  if (jobId !== undefined) checkAnyJobId(jobId);
  return [
    "-h",
    ...stateFilters[states],
    ...(filter.mine === true ? ["--me"] : []),
    ...option("user", user && checked("user", user)),
    ...option("partition", partition && checked("partition", partition)),
    ...option("account", account && checked("account", account)),
    ...option("jobs", jobId),
    "-o",
    `${mark}|${columns}`,
  ];
}

function readRow(fields: readonly string[], utc: boolean): SlurmJob {
  const [rawId = "", id = "", partition = "", user = "", account, qos, nativeState = "", ...rest] = fields;
  const [used, limit, nodeCount, cores, gres, submitted, start, end, priority, nodes, reason, name = ""] =
    rest;
  const [state, meaning] = readJobState(nativeState);
  const started = parseSlurmTime(start, utc);
  const waits = state === "QUEUED";
  const assigned = expandHostlist(present(nodes) ?? "");
  return withoutUndefined<SlurmJob>({
    id,
    rawId,
    name,
    user,
    account: present(account),
    qos: present(qos),
    partition,
    state,
    nativeState,
    reason: meaning ?? present(reason),
    nodeCount: wholeNumber(nodeCount),
    nodes: assigned,
    cores: wholeNumber(cores),
    gresPerNode: present(gres),
    elapsedSeconds: parseSlurmSeconds(used ?? ""),
    limitSeconds: parseSlurmSeconds(limit ?? ""),
    priority: wholeNumber(priority),
    submittedAt: parseSlurmTime(submitted, utc),
    // A job cancelled in the queue has a start time, its end, and no nodes.
    startedAt: waits || assigned.length === 0 ? undefined : started,
    estimatedStartAt: waits ? started : undefined,
    finishedAt: isTerminal(state) ? parseSlurmTime(end, utc) : undefined,
  });
}

/** Reads marked rows of `squeue`. */
function parseQueue(stdout: string, mark: string, utc: boolean): SlurmJob[] {
  return markedRows(stdout, mark, columns.split("|").length).map((fields) => readRow(fields, utc));
}

/** What is in the queue. @throws ParleyError `E_ENGINE_*`; an unknown `jobId` is an empty queue */
export async function readQueue(
  client: SlurmClient,
  filter: QueueFilter,
  { mark, deadline }: { readonly mark: string; readonly deadline: Deadline },
): Promise<SlurmJob[]> {
  const args = queueArguments(filter, mark);
  await requireController(client, deadline);
  const result = await client.run("squeue", args, deadline);
  if (result.ok) return parseQueue(result.stdout, mark, client.utc);
  if (filter.jobId !== undefined && /Invalid job id/i.test(result.stderr)) return [];
  throw toSlurmError(result, "E_ENGINE_OUTPUT");
}
