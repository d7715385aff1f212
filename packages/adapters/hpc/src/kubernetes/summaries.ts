import { readJob, readPod } from "@parley/engines/kubernetes";
import { isRecord, listAt, numberAt, recordAt, textAt, valueAt } from "../records.ts";

/** An object in a line. */
export interface Summary {
  readonly kind: string;
  readonly name: string;
  readonly namespace?: string | undefined;
  readonly status: string;
  /** Why it does not do what it should, in words. */
  readonly why?: string | undefined;
  readonly created?: string | undefined;
  readonly details: Readonly<Record<string, string | number>>;
}

type Reader = (object: unknown) => Pick<Summary, "status" | "details"> & { why?: string | undefined };

const readers: Readonly<Record<string, Reader>> = {
  Pod: podSummary,
  Job: jobSummary,
  Node: nodeSummary,
  Deployment: workloadSummary,
  ReplicaSet: workloadSummary,
  StatefulSet: workloadSummary,
  DaemonSet: daemonSummary,
  Service: serviceSummary,
  Event: eventSummary,
  CronJob: cronSummary,
  ConfigMap: keysSummary,
  Secret: keysSummary,
};

/** What matters of an object; `undefined` for one without a name. */
export function summarise(object: unknown): Summary | undefined {
  const name = textAt(object, "metadata", "name");
  const kind = textAt(object, "kind") ?? "Object";
  if (name === undefined) return undefined;
  const read = (Object.hasOwn(readers, kind) ? readers[kind] : undefined) ?? otherSummary;
  const { status, why, details } = read(object);
  const namespace = textAt(object, "metadata", "namespace");
  const created = textAt(object, "metadata", "creationTimestamp");
  return {
    kind,
    name,
    ...(namespace === undefined ? {} : { namespace }),
    status,
    ...(why === undefined ? {} : { why }),
    ...(created === undefined ? {} : { created }),
    details,
  };
}

function podSummary(object: unknown): ReturnType<Reader> {
  const pod = readPod(object);
  const restarts = pod?.containers.reduce((sum, container) => sum + container.restarts, 0) ?? 0;
  const failed = pod?.containers.find(({ exitCode = 0 }) => exitCode !== 0)?.exitCode;
  return {
    status: pod?.phase ?? "Unknown",
    why: pod?.why,
    details: {
      ...(pod?.node === undefined ? {} : { node: pod.node }),
      ...(restarts === 0 ? {} : { restarts }),
      ...(failed === undefined ? {} : { exit_code: failed }),
    },
  };
}

function jobSummary(object: unknown): ReturnType<Reader> {
  const job = readJob(object);
  return {
    status: job?.state ?? "UNKNOWN",
    why: job?.state === "FAILED" ? job.why : undefined,
    details: { active: job?.active ?? 0, succeeded: job?.succeeded ?? 0, failed: job?.failed ?? 0 },
  };
}

function nodeSummary(object: unknown): ReturnType<Reader> {
  const ready = listAt(object, "status", "conditions").find(
    (condition) => textAt(condition, "type") === "Ready",
  );
  const cordoned = valueAt(object, "spec", "unschedulable") === true;
  const status = `${textAt(ready, "status") === "True" ? "Ready" : "NotReady"}${cordoned ? ", cordoned" : ""}`;
  const allocatable = Object.entries(recordAt(object, "status", "allocatable")).flatMap(
    ([resource, amount]) =>
      typeof amount === "string" && /^(?:cpu|memory)$|\//.test(resource) ? [[resource, amount] as const] : [],
  );
  const taints = listAt(object, "spec", "taints").map(
    (taint) => `${textAt(taint, "key") ?? ""}:${textAt(taint, "effect") ?? ""}`,
  );
  const reason = textAt(ready, "status") === "True" ? undefined : textAt(ready, "message");
  return {
    status,
    why: reason,
    details: {
      ...Object.fromEntries(allocatable),
      ...(taints.length === 0 ? {} : { taints: taints.join(" ") }),
    },
  };
}

function workloadSummary(object: unknown): ReturnType<Reader> {
  const wanted = numberAt(object, "spec", "replicas") ?? 1;
  const ready = numberAt(object, "status", "readyReplicas") ?? 0;
  const failing = listAt(object, "status", "conditions").find(
    (condition) => textAt(condition, "type") === "ReplicaFailure" && textAt(condition, "status") === "True",
  );
  return { status: `${String(ready)}/${String(wanted)} ready`, why: textAt(failing, "message"), details: {} };
}

function daemonSummary(object: unknown): ReturnType<Reader> {
  const ready = String(numberAt(object, "status", "numberReady") ?? 0);
  return {
    status: `${ready}/${String(numberAt(object, "status", "desiredNumberScheduled") ?? 0)} ready`,
    details: {},
  };
}

function serviceSummary(object: unknown): ReturnType<Reader> {
  const ports = listAt(object, "spec", "ports").map((port) => String(numberAt(port, "port") ?? "?"));
  const address = textAt(object, "spec", "clusterIP");
  return {
    status: textAt(object, "spec", "type") ?? "ClusterIP",
    details: { ...(address === undefined ? {} : { address }), ports: ports.join(",") },
  };
}

function cronSummary(object: unknown): ReturnType<Reader> {
  const suspended = valueAt(object, "spec", "suspend") === true;
  const last = textAt(object, "status", "lastScheduleTime");
  return {
    status: suspended ? "suspended" : (textAt(object, "spec", "schedule") ?? ""),
    details: last === undefined ? {} : { last },
  };
}

function eventSummary(object: unknown): ReturnType<Reader> {
  const about = `${textAt(object, "involvedObject", "kind") ?? ""} ${textAt(object, "involvedObject", "name") ?? ""}`;
  return {
    status: `${textAt(object, "type") ?? ""} ${textAt(object, "reason") ?? ""}`.trim(),
    why: textAt(object, "message")?.slice(0, 500),
    details: { about, count: numberAt(object, "count") ?? 1 },
  };
}

function keysSummary(object: unknown): ReturnType<Reader> {
  return { status: "", details: { keys: Object.keys(recordAt(object, "data")).slice(0, 50).join(" ") } };
}

function otherSummary(object: unknown): ReturnType<Reader> {
  const phase = textAt(object, "status", "phase");
  const condition = listAt(object, "status", "conditions").findLast(
    (entry) => textAt(entry, "status") === "True",
  );
  return { status: phase ?? textAt(condition, "type") ?? "", details: {} };
}

/** The objects of an answer: a list's items, or the one object. */
export function objectsOf(answer: unknown): readonly unknown[] {
  if (!isRecord(answer)) return [];
  return Array.isArray(answer["items"]) ? answer["items"] : [answer];
}
