/** kubectl as a client, and what its answers mean. */

export { createKubectl } from "./client.ts";
export type { Kubectl, KubectlCall, KubectlOptions, Start } from "./client.ts";
export { toKubectlError } from "./failure.ts";
export { jsonDocuments } from "./json-documents.ts";
export { readJob } from "./jobs.ts";
export type { KubernetesJobState } from "./jobs.ts";
export { readPod } from "./pods.ts";
export type { ContainerState, PodState } from "./pods.ts";
export { explainImage, explainUnschedulable } from "./why-pending.ts";
