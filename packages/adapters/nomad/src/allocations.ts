import { ParleyError } from "@parley/core";
import { z } from "zod";
import { Allocation, Evaluation, type TaskState } from "./answers.ts";
import type { Call } from "./call.ts";
import { TaskExit, taskExits } from "./outcome.ts";
import { knownTime, nanosecondTime } from "./times.ts";

/** A task of an allocation. */
const TaskView = z.object({
  task: z.string(),
  state: z.string(),
  failed: z.boolean(),
  restarts: z.number(),
  started_at: z.string().optional(),
  finished_at: z.string().optional(),
  /** The last ten, the newest last. They outlive the logs. */
  events: z.array(z.object({ type: z.string(), at: z.string().optional(), message: z.string() })),
});

/** An allocation as the tools show it. */
export const AllocationView = z.object({
  allocation_id: z.string(),
  name: z.string(),
  namespace: z.string(),
  job_id: z.string(),
  job_version: z.number().optional(),
  group: z.string(),
  node: z.string(),
  node_id: z.string(),
  /** What Nomad wants: `run`, `stop` or `evict`. */
  desired: z.string(),
  /** What it is: `pending`, `running`, `complete`, `failed`, `lost` or `unknown`. */
  status: z.string(),
  description: z.string(),
  healthy: z.boolean().optional(),
  created_at: z.string().optional(),
  modified_at: z.string().optional(),
  next_allocation: z.string().optional(),
  exits: z.array(TaskExit),
  tasks: z.array(TaskView),
});
export type AllocationView = z.infer<typeof AllocationView>;

/** Shows an allocation. */
export function viewAllocation(allocation: Allocation): AllocationView {
  const healthy = allocation.DeploymentStatus?.Healthy ?? undefined;
  const version = allocation.JobVersion ?? allocation.Job?.Version;
  return {
    allocation_id: allocation.ID,
    name: allocation.Name,
    namespace: allocation.Namespace,
    job_id: allocation.JobID,
    ...(version === undefined ? {} : { job_version: version }),
    group: allocation.TaskGroup,
    node: allocation.NodeName,
    node_id: allocation.NodeID,
    desired: allocation.DesiredStatus,
    status: allocation.ClientStatus,
    description: allocation.ClientDescription || allocation.DesiredDescription,
    ...(healthy === undefined ? {} : { healthy }),
    ...known("created_at", nanosecondTime(allocation.CreateTime)),
    ...known("modified_at", nanosecondTime(allocation.ModifyTime)),
    ...known("next_allocation", allocation.NextAllocation || undefined),
    exits: taskExits(allocation),
    tasks: Object.entries(allocation.TaskStates).map(([task, state]) => viewTask(task, state)),
  };
}

function viewTask(task: string, state: TaskState): z.infer<typeof TaskView> {
  return {
    task,
    state: state.State,
    failed: state.Failed,
    restarts: state.Restarts,
    ...known("started_at", knownTime(state.StartedAt)),
    ...known("finished_at", knownTime(state.FinishedAt)),
    events: state.Events.slice(-10).map((event) => ({
      type: event.Type,
      ...known("at", nanosecondTime(event.Time)),
      message: (event.DisplayMessage || event.Message).slice(0, 500),
    })),
  };
}

function known<Key extends string>(key: Key, value: string | undefined): { [K in Key]?: string } {
  const found: { [K in Key]?: string } = {};
  if (value !== undefined) found[key] = value;
  return found;
}

/** One line on an allocation. */
export function sayAllocation(view: AllocationView): string {
  const exits = view.exits.map(({ task, exit_code }) => `${task} exit ${String(exit_code)}`).join(", ");
  const tail = [exits, view.description].filter((part) => part !== "").join("; ");
  return `${view.allocation_id.slice(0, 8)} ${view.name} on ${view.node}: ${view.status}${tail === "" ? "" : ` (${tail})`}`;
}

/** Allocations of a job, of all its versions. */
export async function readAllocations(
  call: Call,
  jobId: string,
  namespace: string | undefined,
): Promise<Allocation[]> {
  const found = await call.nomad.read(z.array(Allocation).nullable(), {
    path: ["job", jobId, "allocations"],
    namespace,
    signal: call.signal,
    doing: `list the allocations of job ${JSON.stringify(jobId)}`,
    needs: "read-job",
  });
  return found ?? [];
}

/** Evaluations of a job. */
export async function readEvaluations(
  call: Call,
  jobId: string,
  namespace: string | undefined,
): Promise<Evaluation[]> {
  const found = await call.nomad.read(z.array(Evaluation).nullable(), {
    path: ["job", jobId, "evaluations"],
    namespace,
    signal: call.signal,
    doing: `list the evaluations of job ${JSON.stringify(jobId)}`,
    needs: "read-job",
  });
  return found ?? [];
}

/** One allocation whole. */
export async function readAllocation(
  call: Call,
  allocationId: string,
  namespace?: string,
): Promise<Allocation> {
  const id = await resolveId(call, { kind: "allocation", id: allocationId, namespace });
  return call.nomad.read(Allocation, {
    path: ["allocation", id],
    namespace,
    signal: call.signal,
    doing: `read allocation ${id}`,
    needs: "read-job",
  });
}

/** What {@link resolveId} looks for. */
export interface ShortId {
  readonly kind: "allocation" | "node" | "deployment" | "evaluation";
  readonly id: string;
  readonly namespace?: string | undefined;
}

/** A whole ID from its beginning. @throws `E_OBJECT_UNKNOWN`, or `E_ARGUMENT_INVALID` when several begin so */
export async function resolveId(call: Call, { kind, id, namespace }: ShortId): Promise<string> {
  if (id.length === 36) return id;
  // Nomad looks up whole bytes: an odd digit is matched here.
  const digits = id.replaceAll("-", "").length;
  const prefix = digits % 2 === 0 ? id : id.slice(0, -1);
  const found = await call.nomad.read(z.array(z.object({ ID: z.string() })).nullable(), {
    path: [`${kind}s`],
    query: { prefix },
    namespace: namespace ?? "*",
    signal: call.signal,
    doing: `look up ${kind} ${id}`,
    needs: kind === "node" ? "node:read" : "read-job",
  });
  const matching = (found ?? []).filter(({ ID }) => ID.startsWith(id.toLowerCase()));
  const [first] = matching;
  if (first === undefined) {
    throw new ParleyError(
      "E_OBJECT_UNKNOWN",
      `No ${kind} begins with ${id}; check the namespace and region.`,
    );
  }
  if (matching.length === 1) return first.ID;
  const candidates = matching.slice(0, 5).map(({ ID }) => ID);
  throw new ParleyError(
    "E_ARGUMENT_INVALID",
    `Several ${kind}s begin with ${id}: ${candidates.join(", ")}.`,
    {
      details: { candidates },
    },
  );
}
