import type { JobState } from "@parley/core";
import type { Deadline } from "../_deadline.ts";
import { expandHostlist } from "../_hostlist.ts";
import { withoutUndefined } from "../_without-undefined.ts";
import type { SlurmClient } from "./client.ts";
import { toSlurmError } from "./client.ts";
import { readExitCode, readJobState } from "./job-state.ts";
import { present, wholeNumber } from "./key-values.ts";
import { checkAnyJobId } from "./mark.ts";
import { checked, option } from "./submission.ts";
import { parseSlurmTime } from "./walltime.ts";

/** A job in the accounts. */
export interface AccountedJob {
  readonly id: string;
  readonly rawId: string;
  /** As its owner wrote it: not to be trusted. */
  readonly name: string;
  readonly user: string;
  readonly account?: string | undefined;
  readonly partition?: string | undefined;
  readonly qos?: string | undefined;
  readonly state: JobState;
  readonly nativeState: string;
  readonly exitCode?: number | undefined;
  readonly submittedAt?: string | undefined;
  readonly startedAt?: string | undefined;
  readonly finishedAt?: string | undefined;
  readonly elapsedSeconds?: number | undefined;
  readonly cores?: number | undefined;
  readonly nodeCount?: number | undefined;
  readonly nodes: readonly string[];
  /** What it was given, as Slurm writes it: `billing=1,cpu=1,mem=4000M,node=1`. */
  readonly resources?: string | undefined;
}

/** Which jobs of the accounts. */
export interface AccountingFilter {
  /** ISO 8601; default the beginning of today. */
  readonly since?: string | undefined;
  /** ISO 8601; default now. */
  readonly until?: string | undefined;
  readonly user?: string | undefined;
  readonly allUsers?: boolean | undefined;
  readonly account?: string | undefined;
  readonly partition?: string | undefined;
  readonly jobId?: string | undefined;
  /** Slurm's words, such as `FAILED` or `TIMEOUT`. */
  readonly state?: string | undefined;
}

const columns =
  "JobIDRaw,JobID,User,Account,Partition,QOS,State,ExitCode,Submit,Start,End,ElapsedRaw,AllocCPUS,AllocNodes,AllocTRES,NodeList,JobName";

/** Slurm reads times without a zone: in UTC where its commands run with `TZ=UTC`, else in this machine's. */
function slurmTime(iso: string, utc: boolean): string {
  const time = new Date(iso);
  const shifted = utc ? time : new Date(time.getTime() - time.getTimezoneOffset() * 60_000);
  return shifted.toISOString().slice(0, 19);
}

function startOf(since: string | undefined, state: string | undefined, utc: boolean): string | undefined {
  if (since !== undefined) return slurmTime(since, utc);
  return state === undefined ? undefined : "00:00:00";
}

function accountingArguments(filter: AccountingFilter, mark: string, utc: boolean): string[] {
  const { since, until, user, account, partition, jobId, state } = filter;
  if (jobId !== undefined) checkAnyJobId(jobId);
  return [
    "-X",
    "-n",
    "-P",
    `--delimiter=${mark}`,
    ...(filter.allUsers === true ? ["--allusers"] : []),
    ...option("user", user && checked("user", user)),
    ...option("accounts", account && checked("account", account)),
    ...option("partition", partition && checked("partition", partition)),
    ...option("jobs", jobId),
    ...option("state", state && checked("state", state)),
    // Without them a state is looked for in this very second.
    ...option("starttime", startOf(since, state, utc)),
    ...option(
      "endtime",
      until === undefined ? (state === undefined ? undefined : "now") : slurmTime(until, utc),
    ),
    "-o",
    columns,
  ];
}

function readRow(fields: readonly string[], utc: boolean): AccountedJob {
  const [rawId = "", id = "", user = "", account, partition, qos, nativeState = "", exit, ...rest] = fields;
  const [submitted, started, ended, elapsed, cores, nodeCount, resources, nodes, ...name] = rest;
  const [state] = readJobState(nativeState);
  const { exitCode } = readExitCode(exit);
  const assigned = nodes === "None assigned" ? "" : (present(nodes) ?? "");
  return withoutUndefined<AccountedJob>({
    id,
    rawId,
    name: name.join("|"),
    user,
    account: present(account),
    partition: present(partition),
    qos: present(qos),
    state,
    nativeState,
    exitCode: state === "COMPLETED" || (state === "FAILED" && exitCode !== 0) ? exitCode : undefined,
    submittedAt: parseSlurmTime(submitted, utc),
    startedAt: parseSlurmTime(started, utc),
    finishedAt: parseSlurmTime(ended, utc),
    elapsedSeconds: wholeNumber(elapsed),
    cores: wholeNumber(cores),
    nodeCount: wholeNumber(nodeCount),
    nodes: expandHostlist(assigned),
    resources: present(resources),
  });
}

/** Reads `sacct -X -n -P` whose fields are separated by a mark nobody could have guessed. */
function parseAccounting(stdout: string, mark: string, utc: boolean): AccountedJob[] {
  const width = columns.split(",").length;
  return stdout.split("\n").flatMap((line) => {
    const fields = line.split(mark);
    // The rest of a name that holds a new line is no row.
    return fields.length === width ? [readRow(fields, utc)] : [];
  });
}

/** The accounts; `undefined` at a site that keeps none. @throws ParleyError `E_ENGINE_*` */
export async function readAccounting(
  client: SlurmClient,
  filter: AccountingFilter,
  { mark, deadline }: { readonly mark: string; readonly deadline: Deadline },
): Promise<AccountedJob[] | undefined> {
  const result = await client.run("sacct", accountingArguments(filter, mark, client.utc), deadline);
  if (result.ok) return parseAccounting(result.stdout, mark, client.utc);
  if (/accounting storage is disabled/i.test(result.stderr)) return undefined;
  throw toSlurmError(result, "E_ENGINE_OUTPUT");
}
