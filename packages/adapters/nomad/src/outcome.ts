import { z } from "zod";
import type { Allocation, Evaluation, Job } from "./answers.ts";
import { pendingReasons } from "./placement.ts";

/** How a task ended. */
export const TaskExit = z.object({
  allocation_id: z.string(),
  task: z.string(),
  exit_code: z.number().int(),
  signal: z.number().int().optional(),
  oom_killed: z.boolean().optional(),
});
export type TaskExit = z.infer<typeof TaskExit>;

/**
 * What became of a job. `template` is a parameterised or periodic job, which never runs itself; `degraded` a
 * service some of whose allocations have failed for good.
 */
export const Outcome = z.enum([
  "succeeded",
  "failed",
  "running",
  "degraded",
  "pending",
  "unplaceable",
  "stopped",
  "template",
]);
export type Outcome = z.infer<typeof Outcome>;

/** Derived from allocations and evaluations: a job's own `Status` says `dead` for success and failure alike. */
export const JobOutcome = z.object({
  outcome: Outcome,
  reason: z.string(),
  exits: z.array(TaskExit),
});
export type JobOutcome = z.infer<typeof JobOutcome>;

/** What {@link deriveOutcome} looks at. */
export interface OutcomeFacts {
  readonly job: Job;
  readonly allocations: readonly Allocation[];
  readonly evaluations: readonly Evaluation[];
}

/** Derives what became of a job. */
export function deriveOutcome({ job, allocations, evaluations }: OutcomeFacts): JobOutcome {
  const current = currentAllocations(job, allocations);
  const exits = current.flatMap(taskExits);
  const blocked = evaluations.some(({ Status }) => Status === "blocked");
  return { ...judge({ job, current, blocked, reasons: pendingReasons(evaluations) }), exits };
}

interface Judged {
  readonly job: Job;
  readonly current: readonly Allocation[];
  readonly blocked: boolean;
  readonly reasons: readonly { explanation: string }[];
}

function judge({ job, current, blocked, reasons }: Judged): Omit<JobOutcome, "exits"> {
  const finite = job.Type === "batch" || job.Type === "sysbatch";
  if (finite && current.length > 0 && current.every(succeeded)) {
    return { outcome: "succeeded", reason: `${counted(current.length)} ended with status 0.` };
  }
  if (job.Stop) return { outcome: "stopped", reason: "Somebody stopped it." };
  if (current.length === 0 && isTemplate(job)) {
    return { outcome: "template", reason: "It runs as children: dispatched, or started by its schedule." };
  }
  return judgeAllocations(current, {
    finite,
    blocked,
    waiting: reasons.map(({ explanation }) => explanation).join(" "),
  });
}

function judgeAllocations(
  current: readonly Allocation[],
  {
    finite,
    blocked,
    waiting,
  }: { readonly finite: boolean; readonly blocked: boolean; readonly waiting: string },
): Omit<JobOutcome, "exits"> {
  const lost = current.filter((allocation) => failedForGood(allocation, blocked));
  const alive = current.filter(({ ClientStatus }) => ClientStatus === "running");
  if (lost.length > 0) {
    return { outcome: finite || alive.length === 0 ? "failed" : "degraded", reason: failureReason(lost) };
  }
  if (alive.length > 0) {
    if (waiting !== "" && blocked) return { outcome: "degraded", reason: waiting };
    return { outcome: "running", reason: `${counted(alive.length)} ${alive.length === 1 ? "runs" : "run"}.` };
  }
  if (waiting !== "") return { outcome: "unplaceable", reason: waiting };
  return { outcome: "pending", reason: pendingReason(current) };
}

function counted(allocations: number): string {
  return allocations === 1 ? "1 allocation" : `${String(allocations)} allocations`;
}

/** Whether a job only starts children; a dispatched child keeps its parent's description. */
export function isTemplate({ Periodic, ParameterizedJob, ParentID }: Job): boolean {
  const periodic = Periodic !== null && Periodic !== undefined;
  return ParentID === "" && (periodic || ParameterizedJob !== undefined);
}

function pendingReason(current: readonly Allocation[]): string {
  const described = current.map(({ ClientDescription }) => ClientDescription).find((text) => text !== "");
  return described ?? "Nomad has not placed it yet.";
}

function failureReason(lost: readonly Allocation[]): string {
  const said = lost.slice(0, 5).map((allocation) => {
    const exits = taskExits(allocation).filter(
      ({ exit_code, signal }) => exit_code !== 0 || signal !== undefined,
    );
    const detail = exits.map(describeExit).join(", ") || allocation.ClientDescription || "no task event";
    return `${allocation.Name} is ${allocation.ClientStatus} (${detail})`;
  });
  return `${said.join("; ")}.`;
}

function describeExit({ task, exit_code, signal, oom_killed }: TaskExit): string {
  const cause = signal === undefined ? "" : `, signal ${String(signal)}`;
  return `${task} exit ${String(exit_code)}${cause}${oom_killed === true ? ", out of memory" : ""}`;
}

const versionOf = (allocation: Allocation): number => allocation.JobVersion ?? allocation.Job?.Version ?? 0;

/** The newest allocation of each name, of the job's present version where it has any. */
export function currentAllocations(job: Job, allocations: readonly Allocation[]): Allocation[] {
  const present = allocations.filter((allocation) => versionOf(allocation) === job.Version);
  const newest = new Map<string, Allocation>();
  for (const allocation of present.length > 0 ? present : allocations) {
    // A system job has one name for all its nodes.
    const key = job.Type.startsWith("sys") ? `${allocation.Name} ${allocation.NodeID}` : allocation.Name;
    const other = newest.get(key);
    if (other === undefined || isNewer(allocation, other)) newest.set(key, allocation);
  }
  return [...newest.values()];
}

function isNewer(one: Allocation, other: Allocation): boolean {
  return one.CreateIndex === other.CreateIndex
    ? one.ModifyTime > other.ModifyTime
    : one.CreateIndex > other.CreateIndex;
}

function succeeded(allocation: Allocation): boolean {
  return (
    allocation.ClientStatus === "complete" &&
    allocation.DesiredStatus !== "stop" &&
    allocation.DesiredStatus !== "evict" &&
    Object.values(allocation.TaskStates).every(({ Failed }) => !Failed)
  );
}

function failedForGood(allocation: Allocation, blocked: boolean): boolean {
  const over = allocation.ClientStatus === "failed" || allocation.ClientStatus === "lost";
  return over && allocation.NextAllocation === "" && allocation.FollowupEvalID === "" && !blocked;
}

/** How each task of an allocation last ended; tasks that never did are left out. */
export function taskExits(allocation: Allocation): TaskExit[] {
  return Object.entries(allocation.TaskStates).flatMap(([task, state]) => {
    const event = state.Events.findLast(({ Type }) => Type === "Terminated");
    if (event === undefined) return [];
    const exitCode = Number(event.Details["exit_code"] ?? event.ExitCode);
    const signal = Number(event.Details["signal"] ?? event.Signal);
    const exit: TaskExit = {
      allocation_id: allocation.ID,
      task,
      exit_code: Number.isInteger(exitCode) ? exitCode : event.ExitCode,
    };
    if (Number.isInteger(signal) && signal !== 0) exit.signal = signal;
    if (event.Details["oom_killed"] === "true") exit.oom_killed = true;
    return [exit];
  });
}
