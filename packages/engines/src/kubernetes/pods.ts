import { fieldsOf, listOf, numberOf, textOf } from "../flux/json.ts";
import { withoutUndefined } from "../_without-undefined.ts";
import { explainImage, explainUnschedulable } from "./why-pending.ts";

/** A container of a pod. */
export interface ContainerState {
  readonly name: string;
  /** `waiting`, `running`, `terminated` or, before the kubelet reported, `unknown`. */
  readonly state: string;
  readonly reason?: string | undefined;
  readonly message?: string | undefined;
  readonly exitCode?: number | undefined;
  readonly restarts: number;
  readonly image?: string | undefined;
}

/** What matters of a pod. */
export interface PodState {
  readonly name: string;
  readonly namespace: string;
  readonly phase: string;
  readonly node?: string | undefined;
  readonly containers: readonly ContainerState[];
  /** Why it does not run, in words; absent where nothing holds it up. */
  readonly why?: string | undefined;
  readonly startedAt?: string | undefined;
}

/** Reads a pod leniently: an object without a name is none. */
export function readPod(object: unknown): PodState | undefined {
  const pod = fieldsOf(object);
  const metadata = fieldsOf(pod.get("metadata"));
  const status = fieldsOf(pod.get("status"));
  const spec = fieldsOf(pod.get("spec"));
  const name = textOf(metadata.get("name"));
  if (name === undefined) return undefined;
  const containers = readContainers(status, spec);
  const state = {
    name,
    namespace: textOf(metadata.get("namespace")) ?? "default",
    phase: textOf(status.get("phase")) ?? "Unknown",
    node: textOf(spec.get("nodeName")),
    containers,
    startedAt: textOf(status.get("startTime")),
  };
  const deleting = textOf(metadata.get("deletionTimestamp")) !== undefined;
  return withoutUndefined({ ...state, why: whyNotRunning({ ...state, deleting, status }) });
}

function readContainers(
  status: ReadonlyMap<string, unknown>,
  spec: ReadonlyMap<string, unknown>,
): readonly ContainerState[] {
  const statuses = [
    ...listOf(status.get("initContainerStatuses")),
    ...listOf(status.get("containerStatuses")),
  ].map(fieldsOf);
  if (statuses.length > 0) return statuses.map(readContainer);
  return listOf(spec.get("containers")).map((entry) => {
    const fields = fieldsOf(entry);
    const name = textOf(fields.get("name")) ?? "";
    return withoutUndefined({ name, state: "unknown", restarts: 0, image: textOf(fields.get("image")) });
  });
}

function readContainer(fields: ReadonlyMap<string, unknown>): ContainerState {
  const [state = "unknown", detail] = [...fieldsOf(fields.get("state"))][0] ?? [];
  const details = fieldsOf(detail);
  return withoutUndefined({
    name: textOf(fields.get("name")) ?? "",
    state,
    reason: textOf(details.get("reason")),
    message: textOf(details.get("message")),
    exitCode: numberOf(details.get("exitCode")),
    restarts: numberOf(fields.get("restartCount")) ?? 0,
    image: textOf(fields.get("image")),
  });
}

interface Held extends Omit<PodState, "why"> {
  readonly deleting: boolean;
  readonly status: ReadonlyMap<string, unknown>;
}

function whyNotRunning(pod: Held): string | undefined {
  if (pod.deleting) return "It is being deleted.";
  const waiting = pod.containers.find(({ state, reason }) => state === "waiting" && reason !== undefined);
  if (waiting !== undefined && waiting.reason !== "PodInitializing") return whyWaiting(waiting);
  const failed = pod.containers.find(({ state, exitCode }) => state === "terminated" && exitCode !== 0);
  if (failed !== undefined) return whyEnded(failed);
  if (pod.phase === "Failed") {
    const reason = textOf(pod.status.get("reason")) ?? "Failed";
    return `${reason}: ${textOf(pod.status.get("message")) ?? "the pod failed before its containers reported."}`;
  }
  if (pod.phase !== "Pending") return undefined;
  return whyPending(pod);
}

function whyPending(pod: Held): string {
  const scheduled = listOf(pod.status.get("conditions"))
    .map(fieldsOf)
    .find((condition) => condition.get("type") === "PodScheduled");
  if (scheduled?.get("status") === "False") {
    const message = textOf(scheduled.get("message")) ?? textOf(scheduled.get("reason")) ?? "";
    return scheduled.get("reason") === "SchedulingGated"
      ? "A scheduling gate holds it: something such as a queue must let it go first."
      : explainUnschedulable(message);
  }
  if (pod.node !== undefined) {
    const running = pod.containers.some(({ state }) => state === "waiting");
    return running
      ? `It is on node ${pod.node}, where its containers are being made.`
      : `It was given to node ${pod.node}, whose kubelet has not reported yet.`;
  }
  return "The scheduler has not looked at it yet.";
}

function whyWaiting({ name, reason = "", message = "", image, restarts }: ContainerState): string {
  const about = `Container ${name}`;
  if (/ImagePull|ErrImage|InvalidImageName|RegistryUnavailable/.test(reason))
    return `${about}: ${explainImage(reason, message, image)}`;
  if (reason === "CrashLoopBackOff")
    return `${about} ended and was started again ${String(restarts)} times; look at its logs with previous: true.`;
  if (reason === "CreateContainerConfigError")
    return `${about} lacks a ConfigMap, Secret or key it names: ${message || "no detail given"}.`;
  if (reason === "ContainerCreating") return `${about} is being made: image and volumes are being fetched.`;
  return `${about} waits: ${reason}${message === "" ? "" : `, ${message}`}.`;
}

function whyEnded({ name, reason, exitCode, message }: ContainerState): string {
  const status = exitCode === undefined ? "" : ` with exit code ${String(exitCode)}`;
  if (reason === "OOMKilled")
    return `Container ${name} was killed${status} because it used more memory than its limit; raise the limit.`;
  return `Container ${name} ended${status}${reason === undefined || reason === "Error" ? "" : ` (${reason})`}${message === undefined ? "" : `: ${message.slice(0, 300)}`}.`;
}
