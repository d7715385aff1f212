import { ParleyError, toParleyError } from "@parley/core";
import { z } from "zod";
import { readAllocation } from "./allocations.ts";
import { type Allocation, Ignored, type Job, type RawJob, Registered } from "./answers.ts";
import type { Call } from "./call.ts";
import { type JobKey, readFacts } from "./jobs.ts";
import { currentAllocations, isTemplate } from "./outcome.ts";
import { registerJob } from "./register.ts";

export const RestartMode = z
  .enum(["in_place", "migrate", "stop_start"])
  .default("in_place")
  .describe(
    "in_place keeps the nodes, migrate makes new allocations, stop_start registers anew; for example: in_place",
  );

/** What a restart did to each allocation. */
export const Restarted = z.object({
  job_id: z.string(),
  mode: z.enum(["in_place", "migrate", "stop_start"]),
  allocations: z.array(
    z.object({
      allocation_id: z.string(),
      state: z.enum(["restarted", "replaced", "waiting", "failed", "skipped"]),
      /** The allocation that took its place. */
      next_allocation: z.string().optional(),
      message: z.string().optional(),
    }),
  ),
  /** The evaluation of the job registered anew. */
  evaluation_id: z.string().optional(),
});
export type Restarted = z.infer<typeof Restarted>;
type Row = Restarted["allocations"][number];

/** A restart in words. */
export function sayRestarted({ job_id, mode, allocations }: Restarted): string {
  const rows = allocations.map(({ allocation_id, state, message }) => {
    return `${allocation_id.slice(0, 8)} ${state}${message === undefined ? "" : `: ${message}`}`;
  });
  return [`${job_id} (${mode}):`, ...(rows.length === 0 ? ["registered anew"] : rows)].join("\n");
}

/** What {@link restartNomadJob} restarts. */
export interface RestartRequest extends JobKey {
  readonly mode: "in_place" | "migrate" | "stop_start";
  readonly groups?: readonly string[] | undefined;
  readonly task?: string | undefined;
  readonly batch_size: number;
  readonly batch_wait_seconds: number;
  /** For each batch. */
  readonly timeout_seconds: number;
}

/** Restarts a job. Nomad has no such call: allocations are restarted one by one, as its own program does. */
export async function restartNomadJob(call: Call, request: RestartRequest): Promise<Restarted> {
  const facts = await readFacts(call, request);
  const { job } = facts;
  if (isTemplate(job)) {
    throw new ParleyError(
      "E_ENGINE_REFUSED",
      `Job ${JSON.stringify(request.job_id)} only starts children: dispatch it, or force its period.`,
    );
  }
  const running = currentAllocations(job, facts.allocations)
    .filter(({ ClientStatus, DesiredStatus }) => ClientStatus === "running" && DesiredStatus === "run")
    .filter(({ TaskGroup }) => request.groups?.includes(TaskGroup) ?? true);
  if (running.length === 0 && request.groups !== undefined) {
    throw new ParleyError(
      "E_OBJECT_UNKNOWN",
      `No allocation of the groups ${request.groups.join(", ")} runs.`,
    );
  }
  if (request.mode === "stop_start" || running.length === 0) return registerAnew(call, request, facts);
  const rows: Row[] = [];
  for (let at = 0; at < running.length; at += request.batch_size) {
    if (at > 0) await call.sleep(request.batch_wait_seconds * 1000);
    const batch = running.slice(at, at + request.batch_size);
    rows.push(...(await Promise.all(batch.map((each) => restartOne(call, request, each)))));
    call.progress(rows.length, running.length);
    if (rows.some(({ state }) => state === "failed")) {
      const left = running.slice(at + request.batch_size);
      rows.push(
        ...left.map(({ ID }): Row => ({
          allocation_id: ID,
          state: "skipped",
          message: "one before it failed",
        })),
      );
      break;
    }
  }
  return { job_id: request.job_id, mode: request.mode, allocations: rows };
}

/** A version that differs makes Nomad run even what had completed. */
async function registerAnew(
  call: Call,
  request: RestartRequest,
  { raw, job }: { readonly raw: RawJob; readonly job: Job },
): Promise<Restarted> {
  const { namespace } = request;
  const stopped = await registerJob(call, {
    job: { ...raw, Stop: true },
    namespace,
    enforceIndex: job.JobModifyIndex,
  });
  const started = { job: { ...raw, Stop: false }, namespace, enforceIndex: stopped.job_modify_index };
  const { evaluation_id } = await registerJob(call, started).catch((cause: unknown) => {
    const { code, message, details } = toParleyError(cause);
    throw new ParleyError(code, `${message} The job is stopped now: start_job starts it.`, {
      cause,
      details,
    });
  });
  return {
    job_id: request.job_id,
    mode: "stop_start",
    allocations: [],
    ...(evaluation_id === undefined ? {} : { evaluation_id }),
  };
}

async function restartOne(call: Call, request: RestartRequest, before: Allocation): Promise<Row> {
  try {
    return await (request.mode === "in_place" ? restartInPlace : replace)(call, request, before);
  } catch (error) {
    const known = toParleyError(error);
    if (known.code === "E_INTERRUPTED") throw known;
    return { allocation_id: before.ID, state: "failed", message: known.message };
  }
}

async function restartInPlace(call: Call, request: RestartRequest, before: Allocation): Promise<Row> {
  await call.nomad.read(Ignored, {
    method: "PUT",
    path: ["client", "allocation", before.ID, "restart"],
    namespace: request.namespace,
    body: request.task === undefined ? {} : { TaskName: request.task },
    signal: call.signal,
    doing: `restart allocation ${before.ID}`,
    needs: "alloc-lifecycle",
  });
  const back = await poll(call, request, async () => {
    const now = await readAllocation(call, before.ID, request.namespace);
    return Object.entries(now.TaskStates).some(([task, state]) => {
      const old = before.TaskStates[task];
      const wanted = request.task === undefined || request.task === task;
      return (
        wanted &&
        state.State === "running" &&
        (state.StartedAt !== old?.StartedAt || state.Restarts > old.Restarts)
      );
    });
  });
  return { allocation_id: before.ID, state: back ? "restarted" : "waiting" };
}

async function replace(call: Call, request: RestartRequest, before: Allocation): Promise<Row> {
  await call.nomad.read(Registered, {
    method: "POST",
    path: ["allocation", before.ID, "stop"],
    namespace: request.namespace,
    signal: call.signal,
    doing: `stop allocation ${before.ID}`,
    needs: "alloc-lifecycle",
  });
  let next = "";
  const back = await poll(call, request, async () => {
    next ||= (await readAllocation(call, before.ID, request.namespace)).NextAllocation;
    if (next === "") return false;
    return (await readAllocation(call, next, request.namespace)).ClientStatus === "running";
  });
  return {
    allocation_id: before.ID,
    state: back ? "replaced" : "waiting",
    ...(next === "" ? {} : { next_allocation: next }),
  };
}

async function poll(call: Call, request: RestartRequest, look: () => Promise<boolean>): Promise<boolean> {
  const deadline = call.now() + request.timeout_seconds * 1000;
  for (;;) {
    if (await look()) return true;
    if (call.now() >= deadline) return false;
    await call.sleep(Math.min(500, Math.max(1, deadline - call.now())));
  }
}
