import type { Requirement } from "./requirement.ts";

const item4 = "issue 4, deliver 4";
const rules = "issue 4, common rules";
const shows = "issue 4, shows: injection";
const design = "design, engines";

/** Containers and Kubernetes in the hpc adapter. */
export const hpcContainers = {
  "HPK-01": {
    source: design,
    says: "kubectl is run with its kubeconfig, a small environment and a limit it keeps itself.",
  },
  "HPK-02": {
    source: item4,
    says: "The empty list kubectl prints beside a refusal is never taken for an answer.",
  },
  "HPK-03": {
    source: rules,
    says: "Absent, unreachable, forbidden, unknown, taken and refused are different codes.",
  },
  "HPK-04": { source: item4, says: "A pod says in words why it does not run." },
  "HPK-05": { source: item4, says: "A job says how it ended, why, and with which exit code." },
  "HPK-06": {
    source: item4,
    says: "What the scheduler and the kubelet say of nodes and images is explained.",
  },
  "HPK-07": { source: item4, says: "A watch's objects are split where they end, however the stream is cut." },
  "HPK-20": {
    source: item4,
    says: "A Kubernetes job is tried in a dry run, created, followed to its end; a name in use is refused.",
  },
  "HPK-21": { source: item4, says: "A job that failed has ended, with its exit code and reason." },
  "HPK-22": { source: item4, says: "Why a job or pod is pending is said in words: nodes, taints, images." },
  "HPK-23": {
    source: rules,
    says: "Applying what changes objects needs confirm and names the fields; a dry run changes nothing.",
  },
  "HPK-24": {
    source: item4,
    says: "A manifest is applied from the open folders only, never from an address.",
  },
  "HPK-25": { source: rules, says: "Deleting, scaling down, patching and relabelling need confirm." },
  "HPK-26": {
    source: item4,
    says: "Pod logs are read from the end, on from a cursor, and followed, without secrets.",
  },
  "HPK-27": { source: rules, says: "The Kubernetes tools give each failure its own code." },
  "HPK-28": { source: rules, says: "Values of Secrets are shown nowhere, and none is put into a job." },
  "HPK-29": {
    source: item4,
    says: "A manifest is validated on the server where a cluster answers, and without one.",
  },
  "HPK-30": { source: item4, says: "The context is named, and can be chosen." },
  "HPK-31": {
    source: shows,
    says: "Hostile names, namespaces, labels, selectors and images are refused before anything is asked.",
  },
  "HPK-40": { source: item4, says: "A sound Dockerfile has no finding." },
  "HPK-41": { source: item4, says: "Bases without a version are found, through ARG too." },
  "HPK-42": {
    source: item4,
    says: "Faults of a Dockerfile are found with their lines: syntax, fetches, users, secrets, packages, stages, CUDA and MPI.",
  },
  "HPK-43": { source: item4, says: "What is done right is not complained of." },
  "HPK-44": { source: item4, says: "A Dockerfile is taken as text, as lines and as a fenced block." },
  "HPK-45": { source: rules, says: "Any text is checked, in bounded time." },
  "HPK-50": {
    source: item4,
    says: "docker, podman and buildah build in a folder of their own, with progress, id and digest.",
  },
  "HPK-51": { source: rules, says: "A build that fails says the step, the reason and where its log is." },
  "HPK-52": { source: rules, says: "A build's log is bounded and read on by a cursor." },
  "HPK-53": { source: rules, says: "Cancelling a build ends its process group." },
  "HPK-54": {
    source: rules,
    says: "A build's secrets are files, allowed by the operator, in no argument and no answer.",
  },
  "HPK-55": {
    source: item4,
    says: "A Dockerfile given as text touches nothing but the files given with it.",
  },
  "HPK-56": { source: item4, says: "Engines are found, chosen and named where one cannot do a thing." },
  "HPK-57": {
    source: item4,
    says: "A container runs without network and terminal; its exit code is an answer; a time-out removes it.",
  },
  "HPK-58": {
    source: item4,
    says: "Images are listed, described, named, pushed, saved, loaded and removed.",
  },
  "HPK-59": {
    source: shows,
    says: "Hostile image names are refused before an engine is asked; build arguments mean themselves.",
  },
  "HPK-60": { source: item4, says: "A sound manifest has no finding, by the published schema of its kind." },
  "HPK-61": {
    source: item4,
    says: "Faults of a manifest are found with their lines: YAML, schema, names, removed versions, advice.",
  },
  "HPK-62": {
    source: item4,
    says: "Documents and lists have lines of their own, and unchecked kinds are named.",
  },
  "HPK-63": { source: rules, says: "A manifest beyond measure is refused, and any text is read." },
  "HPK-64": {
    source: item4,
    says: "Real podman and buildah build, fail and are cancelled without privileges or a registry.",
  },
  "HPK-70": {
    source: item4,
    says: "Kubernetes events come once each, over watches that end and begin again.",
  },
  "HPK-71": {
    source: item4,
    says: "Kubernetes events are chosen by kind, name pattern and whether something ended.",
  },
  "HPK-72": { source: rules, says: "A subscription to what cannot be watched fails when it is made." },
} as const satisfies Record<string, Requirement>;
