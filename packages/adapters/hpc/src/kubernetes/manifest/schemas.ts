/** An object of `kubernetes-models`, whose validator is compiled from the published OpenAPI schema. */
export interface Model {
  validate(): void;
}

type ModelClass = new (data?: never) => Model;

/** Modules are loaded when a manifest needs them: together they are many. */
const modules: Readonly<Record<string, () => Promise<unknown>>> = {
  "apps/v1 DaemonSet": () => import("kubernetes-models/apps/v1/DaemonSet"),
  "apps/v1 Deployment": () => import("kubernetes-models/apps/v1/Deployment"),
  "apps/v1 ReplicaSet": () => import("kubernetes-models/apps/v1/ReplicaSet"),
  "apps/v1 StatefulSet": () => import("kubernetes-models/apps/v1/StatefulSet"),
  "autoscaling/v2 HorizontalPodAutoscaler": () =>
    import("kubernetes-models/autoscaling/v2/HorizontalPodAutoscaler"),
  "batch/v1 CronJob": () => import("kubernetes-models/batch/v1/CronJob"),
  "batch/v1 Job": () => import("kubernetes-models/batch/v1/Job"),
  "networking.k8s.io/v1 Ingress": () => import("kubernetes-models/networking.k8s.io/v1/Ingress"),
  "networking.k8s.io/v1 NetworkPolicy": () => import("kubernetes-models/networking.k8s.io/v1/NetworkPolicy"),
  "policy/v1 PodDisruptionBudget": () => import("kubernetes-models/policy/v1/PodDisruptionBudget"),
  "rbac.authorization.k8s.io/v1 ClusterRole": () =>
    import("kubernetes-models/rbac.authorization.k8s.io/v1/ClusterRole"),
  "rbac.authorization.k8s.io/v1 ClusterRoleBinding": () =>
    import("kubernetes-models/rbac.authorization.k8s.io/v1/ClusterRoleBinding"),
  "rbac.authorization.k8s.io/v1 Role": () => import("kubernetes-models/rbac.authorization.k8s.io/v1/Role"),
  "rbac.authorization.k8s.io/v1 RoleBinding": () =>
    import("kubernetes-models/rbac.authorization.k8s.io/v1/RoleBinding"),
  "scheduling.k8s.io/v1 PriorityClass": () => import("kubernetes-models/scheduling.k8s.io/v1/PriorityClass"),
  "storage.k8s.io/v1 StorageClass": () => import("kubernetes-models/storage.k8s.io/v1/StorageClass"),
  "v1 ConfigMap": () => import("kubernetes-models/v1/ConfigMap"),
  "v1 LimitRange": () => import("kubernetes-models/v1/LimitRange"),
  "v1 Namespace": () => import("kubernetes-models/v1/Namespace"),
  "v1 PersistentVolume": () => import("kubernetes-models/v1/PersistentVolume"),
  "v1 PersistentVolumeClaim": () => import("kubernetes-models/v1/PersistentVolumeClaim"),
  "v1 Pod": () => import("kubernetes-models/v1/Pod"),
  "v1 ResourceQuota": () => import("kubernetes-models/v1/ResourceQuota"),
  "v1 Secret": () => import("kubernetes-models/v1/Secret"),
  "v1 Service": () => import("kubernetes-models/v1/Service"),
  "v1 ServiceAccount": () => import("kubernetes-models/v1/ServiceAccount"),
};

/** An object to be checked against its published schema; `undefined` for a kind whose schema is not here. */
export async function modelOf(value: Readonly<Record<string, unknown>>): Promise<Model | undefined> {
  const { apiVersion, kind } = value;
  if (typeof apiVersion !== "string" || typeof kind !== "string") return undefined;
  const name = `${apiVersion} ${kind}`;
  if (!Object.hasOwn(modules, name)) return undefined;
  const loaded: unknown = await modules[name]?.();
  const found: unknown =
    typeof loaded === "object" && loaded !== null ? Reflect.get(loaded, kind) : undefined;
  if (!isModelClass(found)) return undefined;
  const made: unknown = Reflect.construct(found, [value]);
  return isModel(made) ? made : undefined;
}

const isModelClass = (value: unknown): value is ModelClass => typeof value === "function";
const isModel = (value: unknown): value is Model =>
  typeof value === "object" && value !== null && "validate" in value && typeof value.validate === "function";
