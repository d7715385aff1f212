/** A kind the fake API serves. */
export interface Kind {
  readonly plural: string;
  readonly kind: string;
  readonly groupVersion: string;
  readonly namespaced: boolean;
}

export const kinds: readonly Kind[] = [
  { plural: "pods", kind: "Pod", groupVersion: "v1", namespaced: true },
  { plural: "events", kind: "Event", groupVersion: "v1", namespaced: true },
  { plural: "configmaps", kind: "ConfigMap", groupVersion: "v1", namespaced: true },
  { plural: "secrets", kind: "Secret", groupVersion: "v1", namespaced: true },
  { plural: "resourcequotas", kind: "ResourceQuota", groupVersion: "v1", namespaced: true },
  { plural: "nodes", kind: "Node", groupVersion: "v1", namespaced: false },
  { plural: "jobs", kind: "Job", groupVersion: "batch/v1", namespaced: true },
  { plural: "deployments", kind: "Deployment", groupVersion: "apps/v1", namespaced: true },
  {
    plural: "priorityclasses",
    kind: "PriorityClass",
    groupVersion: "scheduling.k8s.io/v1",
    namespaced: false,
  },
];

/** Where an object is kept. */
export const keyOf = ({ plural, namespaced }: Kind, namespace: string | undefined, name: string): string =>
  `${plural}/${namespaced ? (namespace ?? "default") : ""}/${name}`;
