/** API versions that clusters no longer serve, the release that dropped them, and what replaces them. */
const removed: Readonly<Record<string, readonly [string, string]>> = {
  "extensions/v1beta1 Deployment": ["1.16", "apps/v1"],
  "extensions/v1beta1 DaemonSet": ["1.16", "apps/v1"],
  "extensions/v1beta1 ReplicaSet": ["1.16", "apps/v1"],
  "extensions/v1beta1 Ingress": ["1.22", "networking.k8s.io/v1"],
  "extensions/v1beta1 NetworkPolicy": ["1.16", "networking.k8s.io/v1"],
  "apps/v1beta1 Deployment": ["1.16", "apps/v1"],
  "apps/v1beta2 Deployment": ["1.16", "apps/v1"],
  "apps/v1beta1 StatefulSet": ["1.16", "apps/v1"],
  "apps/v1beta2 StatefulSet": ["1.16", "apps/v1"],
  "apps/v1beta2 DaemonSet": ["1.16", "apps/v1"],
  "networking.k8s.io/v1beta1 Ingress": ["1.22", "networking.k8s.io/v1"],
  "batch/v1beta1 CronJob": ["1.25", "batch/v1"],
  "batch/v2alpha1 CronJob": ["1.21", "batch/v1"],
  "policy/v1beta1 PodDisruptionBudget": ["1.25", "policy/v1"],
  "policy/v1beta1 PodSecurityPolicy": ["1.25", "Pod Security Admission"],
  "autoscaling/v2beta1 HorizontalPodAutoscaler": ["1.25", "autoscaling/v2"],
  "autoscaling/v2beta2 HorizontalPodAutoscaler": ["1.26", "autoscaling/v2"],
  "scheduling.k8s.io/v1beta1 PriorityClass": ["1.22", "scheduling.k8s.io/v1"],
  "rbac.authorization.k8s.io/v1beta1 Role": ["1.22", "rbac.authorization.k8s.io/v1"],
  "rbac.authorization.k8s.io/v1beta1 RoleBinding": ["1.22", "rbac.authorization.k8s.io/v1"],
  "rbac.authorization.k8s.io/v1beta1 ClusterRole": ["1.22", "rbac.authorization.k8s.io/v1"],
  "rbac.authorization.k8s.io/v1beta1 ClusterRoleBinding": ["1.22", "rbac.authorization.k8s.io/v1"],
};

/** What there is to say of an API version that was removed; `undefined` for one that was not. */
export function removedVersion(apiVersion: string, kind: string): string | undefined {
  const found = Object.hasOwn(removed, `${apiVersion} ${kind}`)
    ? removed[`${apiVersion} ${kind}`]
    : undefined;
  if (found === undefined) return undefined;
  return `${kind} of ${apiVersion} is gone since Kubernetes ${found[0]}: use ${found[1]}.`;
}
