import { type KubernetesJobState, type PodState, readJob, readPod } from "@parley/engines/kubernetes";
import { ParleyError } from "@parley/core";
import type { Call } from "../call.ts";
import { inNamespace, kubectlCall, kubectlOf } from "./client.ts";
import { objectsOf } from "./summaries.ts";

/** Which object, and where. */
export interface Named {
  readonly name: string;
  readonly namespace?: string | undefined;
}

/** The pods of a Job, oldest first. */
export async function podsOfJob(call: Call, { name, namespace }: Named): Promise<readonly PodState[]> {
  const args = ["get", "pods", `--selector=job-name=${name}`, ...inNamespace(namespace)];
  const answer = await kubectlOf(call).json(args, kubectlCall(call));
  return objectsOf(answer)
    .flatMap((object) => readPod(object) ?? [])
    .toSorted((a, b) => (a.startedAt ?? "~").localeCompare(b.startedAt ?? "~"));
}

/** A pod. @throws `E_OBJECT_UNKNOWN` */
export async function findPod(call: Call, { name, namespace }: Named): Promise<PodState> {
  const answer = await kubectlOf(call).json(
    ["get", "pod", name, ...inNamespace(namespace)],
    kubectlCall(call),
  );
  const pod = readPod(answer);
  if (pod !== undefined) return pod;
  throw new ParleyError("E_ENGINE_OUTPUT", `Kubernetes answered something that is no pod for ${name}.`);
}

/** A Job with its pods. @throws `E_OBJECT_UNKNOWN` */
export async function findJob(
  call: Call,
  named: Named,
): Promise<{
  readonly job: KubernetesJobState;
  readonly pods: readonly PodState[];
  readonly object: unknown;
}> {
  const { name, namespace } = named;
  const args = ["get", "jobs.batch", name, ...inNamespace(namespace)];
  const object = await kubectlOf(call).json(args, kubectlCall(call));
  const pods = await podsOfJob(call, named);
  const job = readJob(object, pods);
  if (job !== undefined) return { job, pods, object };
  throw new ParleyError("E_ENGINE_OUTPUT", `Kubernetes answered something that is no job for ${name}.`);
}
