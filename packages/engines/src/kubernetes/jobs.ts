import { fieldsOf, listOf, numberOf, textOf } from "../flux/json.ts";
import { withoutUndefined } from "../_without-undefined.ts";
import type { PodState } from "./pods.ts";

/** What matters of a batch Job. */
export interface KubernetesJobState {
  readonly name: string;
  readonly namespace: string;
  readonly state: "PENDING" | "RUNNING" | "COMPLETED" | "FAILED" | "SUSPENDED";
  readonly active: number;
  readonly succeeded: number;
  readonly failed: number;
  readonly completions: number;
  readonly startedAt?: string | undefined;
  readonly completedAt?: string | undefined;
  /** Why it failed or does not run, in words. */
  readonly why?: string | undefined;
  /** Exit code of the last container that failed. */
  readonly exitCode?: number | undefined;
}

/** Reads a Job with the pods it made; without pods a job that runs is only `PENDING` or `RUNNING` by its counts. */
export function readJob(object: unknown, pods: readonly PodState[] = []): KubernetesJobState | undefined {
  const job = fieldsOf(object);
  const metadata = fieldsOf(job.get("metadata"));
  const spec = fieldsOf(job.get("spec"));
  const status = fieldsOf(job.get("status"));
  const name = textOf(metadata.get("name"));
  if (name === undefined) return undefined;
  const end = conditionOf(status, "Complete") ?? conditionOf(status, "Failed");
  const failing = pods.flatMap(({ containers }) => containers).findLast(({ exitCode = 0 }) => exitCode !== 0);
  const state = stateOf({ spec, status, pods });
  return withoutUndefined({
    name,
    namespace: textOf(metadata.get("namespace")) ?? "default",
    state,
    active: numberOf(status.get("active")) ?? 0,
    succeeded: numberOf(status.get("succeeded")) ?? 0,
    failed: numberOf(status.get("failed")) ?? 0,
    completions: numberOf(spec.get("completions")) ?? numberOf(spec.get("parallelism")) ?? 1,
    startedAt: textOf(status.get("startTime")),
    completedAt: textOf(status.get("completionTime")),
    why: whyOf(state, end, pods),
    exitCode: state === "FAILED" ? failing?.exitCode : undefined,
  });
}

type Fields = ReadonlyMap<string, unknown>;

function conditionOf(status: Fields, type: string): Fields | undefined {
  return listOf(status.get("conditions"))
    .map(fieldsOf)
    .find((condition) => condition.get("type") === type && condition.get("status") === "True");
}

function stateOf(job: {
  readonly spec: Fields;
  readonly status: Fields;
  readonly pods: readonly PodState[];
}): KubernetesJobState["state"] {
  if (conditionOf(job.status, "Complete") !== undefined) return "COMPLETED";
  if (conditionOf(job.status, "Failed") !== undefined) return "FAILED";
  if (job.spec.get("suspend") === true) return "SUSPENDED";
  if (job.pods.some(({ phase }) => phase === "Running")) return "RUNNING";
  const active = numberOf(job.status.get("active")) ?? 0;
  return active > 0 && job.pods.length === 0 ? "RUNNING" : "PENDING";
}

const reasons: Readonly<Record<string, string>> = {
  BackoffLimitExceeded: "its pods failed more often than backoffLimit allows",
  DeadlineExceeded: "it ran longer than activeDeadlineSeconds",
  PodFailurePolicy: "a pod failed in a way its pod failure policy does not retry",
  FailedIndexes: "an index of it failed",
};

function whyOf(
  state: KubernetesJobState["state"],
  end: Fields | undefined,
  pods: readonly PodState[],
): string | undefined {
  const held = pods.findLast(({ why }) => why !== undefined)?.why;
  if (state === "FAILED") {
    const reason = textOf(end?.get("reason")) ?? "";
    const said = reasons[reason] ?? textOf(end?.get("message")) ?? "no reason is given";
    return `The job failed: ${said}.${held === undefined ? "" : ` ${held}`}`;
  }
  if (state === "SUSPENDED") return "The job is suspended: a queue or its owner must resume it.";
  if (state !== "PENDING") return undefined;
  return (
    held ??
    (pods.length === 0
      ? "It has no pod yet: a quota, an admission rule or a busy controller may hold it; look at its events."
      : undefined)
  );
}
