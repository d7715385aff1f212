import { formatDuration } from "@parley/core";
import type { Facts, JobRequirements } from "@parley/core";
import type { Finding } from "../clause.ts";
import { tokenizeCommand } from "../command.ts";
import { clip, count, list } from "../words.ts";

/** What the job would take, as far as rules ask. */
export interface JobSize {
  readonly nodes: number;
  readonly cores?: number | undefined;
  readonly gpus?: number | undefined;
  readonly walltimeSeconds?: number | undefined;
}

/** The operator's rules. A rule restricts: it can be lifted, by another request or by the operator. */
export function policyFindings(
  requirements: JobRequirements,
  facts: Facts,
  job: JobSize & { readonly submitter?: string | undefined },
): readonly Finding[] {
  const policy = facts.policy ?? {};
  const findings: Finding[] = [
    ...limitFinding("compute.nodes", "node", [job.nodes, policy.maxNodes]),
    ...limitFinding("compute.cores", "core", [job.cores, policy.maxCores]),
    ...limitFinding("gpu.total", "GPU", [job.gpus, policy.maxGpus]),
    ...accountFindings(requirements, policy.accounts),
  ];
  if (job.walltimeSeconds !== undefined && job.walltimeSeconds > (policy.maxWalltimeSeconds ?? Infinity)) {
    const have = `the operator allows ${formatDuration(policy.maxWalltimeSeconds ?? 0)}`;
    const need = `${formatDuration(job.walltimeSeconds)} of walltime`;
    findings.push({ path: "time.walltimeSec", need, have, outcome: "restricted" });
  }
  if (job.submitter !== undefined && policy.submitters?.includes(job.submitter) === false) {
    const need = `${clip(job.submitter, 60)} to submit`;
    findings.push({ path: "intent", need, have: "the operator allows others only", outcome: "restricted" });
  }
  return findings;
}

function limitFinding(
  path: string,
  noun: string,
  [asked, most]: readonly [asked: number | undefined, most: number | undefined],
): readonly Finding[] {
  if (asked === undefined || most === undefined || asked <= most) return [];
  return [{ path, need: count(asked, noun), have: `the operator allows ${most}`, outcome: "restricted" }];
}

function accountFindings(
  requirements: JobRequirements,
  accounts: readonly string[] | undefined,
): readonly Finding[] {
  const asked = requirements.scheduler?.account;
  if (accounts === undefined || (asked !== undefined && accounts.includes(asked))) return [];
  if (asked === undefined && (accounts.length === 1 || requirements.intent === "check")) return [];
  const have = accounts.length === 0 ? "the operator allows none" : `the operator allows ${list(accounts)}`;
  const need = asked === undefined ? "an account to be named" : `account ${clip(asked, 60)}`;
  return [{ path: "scheduler.account", need, have, outcome: "restricted" }];
}

export function placementFindings(requirements: JobRequirements, workerId: string): readonly Finding[] {
  const { only, exclude, prefer } = requirements.placement ?? {};
  const names = (ids: readonly string[]): boolean =>
    ids.some((id) => id.toLowerCase() === workerId.toLowerCase());
  const have = `this is ${workerId}`;
  const findings: Finding[] = [];
  if (exclude !== undefined && names(exclude)) {
    findings.push({ path: "placement.exclude", need: `not ${list(exclude)}`, have, outcome: "restricted" });
  }
  if (only !== undefined && only.length > 0 && !names(only)) {
    findings.push({ path: "placement.only", need: `only ${list(only)}`, have, outcome: "restricted" });
  }
  if (prefer !== undefined && prefer.length > 0) {
    const outcome = names(prefer) ? "met" : "unmet";
    findings.push({ path: "placement.prefer", need: list(prefer), have, outcome, importance: "preferred" });
  }
  return findings;
}

/** What a dispatch cannot carry out, said before anyone chooses this site. */
export function requestFindings(requirements: JobRequirements, now: number): readonly Finding[] {
  const findings: Finding[] = requirements.unresolved.slice(0, 16).map((text, index) => ({
    path: `unresolved.${index}`,
    need: `"${clip(text, 120)}" to be understood`,
    have: "no rule reads it; say it differently or leave it out",
    outcome: "restricted",
  }));
  for (const key of ["deadlineAt", "notBeforeAt"] as const) {
    const at = requirements.time?.[key];
    if (at === undefined || !Number.isNaN(Date.parse(at))) continue;
    const have = "it is no ISO-8601 time";
    findings.push({
      path: `time.${key}`,
      need: `"${clip(at, 60)}" to be a time`,
      have,
      outcome: "restricted",
    });
  }
  if (requirements.intent === "check") return findings;
  const tokens = tokenizeCommand(requirements.execution?.command ?? "");
  if (!tokens.ok) {
    const need = "a program and its arguments";
    findings.push({ path: "execution.command", need, have: tokens.reason, outcome: "restricted" });
  }
  if (requirements.array !== undefined && requirements.array.count > 1) {
    const have = "job arrays are not dispatched; submit the elements one by one";
    findings.push({
      path: "array",
      need: `${requirements.array.count} array elements`,
      have,
      outcome: "restricted",
    });
  }
  const begin = Date.parse(requirements.time?.notBeforeAt ?? "");
  if (begin > now) {
    const have = "a job is submitted at once; ask again then";
    const need = `no start within ${formatDuration((begin - now) / 1000)}`;
    findings.push({ path: "time.notBeforeAt", need, have, outcome: "restricted" });
  }
  return findings;
}
