import { z } from "zod";
import { Planned, type RawJob, Registered } from "./answers.ts";
import type { Call } from "./call.ts";
import { lookAt } from "./jobs.ts";
import { PlacementFailure, placementFailures } from "./placement.ts";

/** What registering a job answers. Nomad answers before it places anything. */
export const Registration = z.object({
  job_id: z.string(),
  namespace: z.string(),
  /** Absent for parameterised and periodic jobs, which nothing is evaluated for yet. */
  evaluation_id: z.string().optional(),
  job_modify_index: z.number(),
  warnings: z.array(z.string()),
});
export type Registration = z.infer<typeof Registration>;

/** What a job would change, without changing it. */
export const Plan = z.object({
  job_id: z.string(),
  namespace: z.string(),
  placeable: z.boolean(),
  failures: z.array(PlacementFailure),
  /** Allocations per group and kind of change. */
  changes: z.record(z.string(), z.record(z.string(), z.number())),
  destructive: z.boolean(),
  /** Pass it as `enforce_index` to register only what was planned against. */
  job_modify_index: z.number(),
  next_periodic_launch: z.string().optional(),
  /** Fields that differ, as `path: old -> new`; values of `env` are left out. */
  diff: z.array(z.string()),
  warnings: z.array(z.string()),
});
export type Plan = z.infer<typeof Plan>;

/** The text a job came from, kept by Nomad 1.6 and later. */
export interface Submission {
  readonly Source: string;
  readonly Format: "hcl2" | "json";
  readonly Variables?: string;
}

/** What {@link registerJob} registers. */
export interface RegisterRequest {
  readonly job: RawJob;
  readonly namespace?: string | undefined;
  /** The job must have this modify index; 0 means it must be new. */
  readonly enforceIndex?: number | undefined;
  readonly submission?: Submission | undefined;
  readonly warnings?: readonly string[] | undefined;
}

/** Registers a job, new or changed. Never tried twice. */
export async function registerJob(call: Call, request: RegisterRequest): Promise<Registration> {
  const { job, namespace } = placed(call, request);
  const answer = await call.nomad.read(Registered, {
    method: "POST",
    path: ["jobs"],
    namespace,
    body: {
      Job: job,
      ...(request.enforceIndex === undefined
        ? {}
        : { EnforceIndex: true, JobModifyIndex: request.enforceIndex }),
      ...(request.submission === undefined ? {} : { Submission: request.submission }),
    },
    signal: call.signal,
    doing: `register job ${JSON.stringify(job["ID"])} in namespace ${namespace}`,
    needs: "submit-job (register-job from Nomad 1.11.2)",
  });
  return {
    job_id: String(job["ID"]),
    namespace,
    ...(answer.EvalID === "" ? {} : { evaluation_id: answer.EvalID }),
    job_modify_index: answer.JobModifyIndex,
    warnings: [...(request.warnings ?? []), ...splitWarnings(answer.Warnings)],
  };
}

/** Asks Nomad what registering a job would do. */
export async function planJob(call: Call, request: RegisterRequest): Promise<Plan> {
  const { job, namespace } = placed(call, request);
  const id = String(job["ID"]);
  const answer = await call.nomad.read(Planned, {
    method: "POST",
    path: ["job", id, "plan"],
    namespace,
    body: { Job: job, Diff: true },
    signal: call.signal,
    doing: `plan job ${JSON.stringify(id)} in namespace ${namespace}`,
    needs: "submit-job (plan-job from Nomad 1.11.2)",
  });
  const changes = Object.entries(answer.Annotations?.DesiredTGUpdates ?? {}).map(([group, updates]) => {
    return [group, Object.fromEntries(Object.entries(updates).filter(([, count]) => count > 0))] as const;
  });
  const failures = placementFailures(answer.FailedTGAllocs);
  const launch = Date.parse(answer.NextPeriodicLaunch) > 0 ? answer.NextPeriodicLaunch : undefined;
  return {
    job_id: id,
    namespace,
    placeable: failures.length === 0,
    failures,
    changes: Object.fromEntries(changes),
    destructive: changes.some(([, each]) =>
      ["Stop", "DestructiveUpdate", "Preemptions"].some((kind) => kind in each),
    ),
    job_modify_index: answer.JobModifyIndex,
    ...(launch === undefined ? {} : { next_periodic_launch: launch }),
    diff: diffLines(answer.Diff).slice(0, 200),
    warnings: [...(request.warnings ?? []), ...splitWarnings(answer.Warnings)],
  };
}

/** The job with the namespace that will count: Nomad prefers the query's to the body's to the job's. */
function placed(call: Call, { job, namespace }: RegisterRequest): { job: RawJob; namespace: string } {
  const { ID, Name, Namespace } = lookAt(job);
  const chosen = call.nomad.namespace(namespace ?? (Namespace || undefined));
  return { job: { ...job, ID: ID || Name, Namespace: chosen }, namespace: chosen };
}

function splitWarnings(text: string): string[] {
  return text.trim() === "" ? [] : [text.trim().slice(0, 2000)];
}

interface DiffNode {
  readonly Type?: string | undefined;
  readonly Name?: string | undefined;
  readonly Old?: string | undefined;
  readonly New?: string | undefined;
  readonly Fields?: readonly DiffNode[] | null | undefined;
  readonly Objects?: readonly DiffNode[] | null | undefined;
  readonly TaskGroups?: readonly DiffNode[] | null | undefined;
  readonly Tasks?: readonly DiffNode[] | null | undefined;
}

const DiffNode: z.ZodType<DiffNode> = z.lazy(() => {
  const nodes = z.array(DiffNode).nullish();
  const text = z.string().optional();
  return z.object({
    Type: text,
    Name: text,
    Old: text,
    New: text,
    Fields: nodes,
    Objects: nodes,
    TaskGroups: nodes,
    Tasks: nodes,
  });
});

function diffLines(diff: unknown): string[] {
  const parsed = DiffNode.safeParse(diff);
  return parsed.success ? fieldLines(parsed.data, "") : [];
}

function fieldLines(node: DiffNode, path: string): string[] {
  const here =
    path + (node.Name === undefined || node.Name === "" ? "" : `${path === "" ? "" : "."}${node.Name}`);
  const fields = (node.Fields ?? [])
    .filter(({ Type }) => Type !== "None")
    .map(({ Name = "", Old = "", New = "" }) => {
      const field = here === "" ? Name : `${here}.${Name}`;
      return `${field}: ${shown(field, Old)} -> ${shown(field, New)}`;
    });
  const inner = [...(node.Objects ?? []), ...(node.TaskGroups ?? []), ...(node.Tasks ?? [])];
  return [
    ...fields,
    ...inner.filter(({ Type }) => Type !== "None").flatMap((each) => fieldLines(each, here)),
  ];
}

function shown(name: string, value: string): string {
  if (value === "") return '""';
  return /\bEnv\[|\.Templates?\.|EmbeddedTmpl/.test(name) ? "(hidden)" : JSON.stringify(value.slice(0, 200));
}
