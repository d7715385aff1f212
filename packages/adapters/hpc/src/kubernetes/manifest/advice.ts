import { looksSecret } from "../../containers/secret-names.ts";
import { isRecord, listAt, recordAt, textAt, valueAt } from "../../records.ts";
import type { ManifestFinding } from "./finding.ts";
import type { ManifestObject } from "./read-manifest.ts";

type Say = (
  level: ManifestFinding["level"],
  rule: string,
  at: readonly [path: string, message: string],
) => void;

/** Where a kind keeps its pod. */
const podPaths: Readonly<Record<string, string>> = {
  Pod: "",
  Job: "/spec/template",
  CronJob: "/spec/jobTemplate/spec/template",
  Deployment: "/spec/template",
  DaemonSet: "/spec/template",
  ReplicaSet: "/spec/template",
  StatefulSet: "/spec/template",
};

/** What the API takes and a site regrets. */
export function adviceOn(object: ManifestObject): readonly ManifestFinding[] {
  const found: ManifestFinding[] = [];
  const say: Say = (level, rule, [path, message]) =>
    void found.push({ document: object.document, line: object.lineOf(path), level, rule, path, message });
  const kind = String(object.value["kind"]);
  const base = Object.hasOwn(podPaths, kind) ? podPaths[kind] : undefined;
  if (base === undefined) return found;
  const spec = recordAt(object.value, ...`${base}/spec`.split("/").slice(1));
  adviseJob(object, { kind, spec, base }, say);
  advisePod(spec, `${base}/spec`, say);
  for (const field of ["initContainers", "containers"])
    for (const [at, container] of listAt(spec, field).entries())
      if (isRecord(container)) adviseContainer(container, `${base}/spec/${field}/${String(at)}`, say);
  return found;
}

function adviseJob(
  object: ManifestObject,
  {
    kind,
    spec,
    base,
  }: { readonly kind: string; readonly spec: Readonly<Record<string, unknown>>; readonly base: string },
  say: Say,
): void {
  if (kind !== "Job" && kind !== "CronJob") return;
  const policy = spec["restartPolicy"];
  if (policy !== "Never" && policy !== "OnFailure")
    say("error", "job-restart-policy", [
      `${base}/spec/restartPolicy`,
      "A job's pod needs restartPolicy Never or OnFailure.",
    ]);
  const job = kind === "Job" ? "/spec" : "/spec/jobTemplate/spec";
  const has = (field: string): boolean =>
    valueAt(object.value, ...`${job}/${field}`.split("/").slice(1)) !== undefined;
  if (!has("activeDeadlineSeconds"))
    say("info", "job-walltime", [job, "Without activeDeadlineSeconds the job may run for ever."]);
  if (!has("ttlSecondsAfterFinished"))
    say("info", "job-ttl", [
      job,
      "Without ttlSecondsAfterFinished the job and its pods stay until somebody deletes them.",
    ]);
}

function advisePod(spec: Readonly<Record<string, unknown>>, path: string, say: Say): void {
  for (const field of ["hostNetwork", "hostPID", "hostIPC"])
    if (spec[field] === true)
      say("warning", "host-access", [`${path}/${field}`, `${field} opens the node to this pod.`]);
  for (const [at, volume] of listAt(spec, "volumes").entries()) {
    const host = textAt(volume, "hostPath", "path");
    if (host !== undefined)
      say("warning", "host-path", [
        `${path}/volumes/${String(at)}/hostPath`,
        `The pod reaches ${host} of its node: many clusters refuse that.`,
      ]);
  }
}

function adviseContainer(container: Readonly<Record<string, unknown>>, path: string, say: Say): void {
  const name = textAt(container, "name") ?? "a container";
  const image = textAt(container, "image");
  if (image !== undefined && !/@sha256:/.test(image) && !/:(?!latest$)[\w][\w.-]*$/.test(image))
    say("warning", "image-unpinned", [
      `${path}/image`,
      `${image} may be another image tomorrow: name a version.`,
    ]);
  if (valueAt(container, "securityContext", "privileged") === true)
    say("warning", "privileged", [
      `${path}/securityContext/privileged`,
      `${name} is privileged: it may do anything to its node.`,
    ]);
  const requests = {
    ...recordAt(container, "resources", "limits"),
    ...recordAt(container, "resources", "requests"),
  };
  const missing = ["cpu", "memory"].filter((resource) => !(resource in requests));
  if (missing.length > 0)
    say("warning", "no-requests", [
      `${path}/resources`,
      `${name} requests no ${missing.join(" and no ")}: it is placed blindly and evicted first.`,
    ]);
  for (const [resource, value] of Object.entries(recordAt(container, "resources", "requests")))
    if (/\/(?:gpu|hca|rdma)/.test(resource) && recordAt(container, "resources", "limits")[resource] !== value)
      say("error", "gpu-limits", [
        `${path}/resources/requests`,
        `${resource} must stand under limits, with the same number.`,
      ]);
  for (const [at, variable] of listAt(container, "env").entries()) {
    const variableName = textAt(variable, "name") ?? "";
    if (textAt(variable, "value") && looksSecret(variableName))
      say("error", "secret-in-env", [
        `${path}/env/${String(at)}/value`,
        `${variableName} holds a secret in the open: use valueFrom.secretKeyRef.`,
      ]);
  }
}
