import type { OperationEntry } from "../operation.ts";
import { kubectlApiResources } from "./tools/kubectl-api-resources.ts";
import { kubectlApiVersions } from "./tools/kubectl-api-versions.ts";
import { kubectlApply } from "./tools/kubectl-apply.ts";
import { kubectlApplyFile } from "./tools/kubectl-apply-file.ts";
import { kubectlCrds } from "./tools/kubectl-crds.ts";
import { kubectlCreateJob } from "./tools/kubectl-create-job.ts";
import { kubectlDelete } from "./tools/kubectl-delete.ts";
import { kubectlDescribe } from "./tools/kubectl-describe.ts";
import { kubectlExec } from "./tools/kubectl-exec.ts";
import { kubectlExplain } from "./tools/kubectl-explain.ts";
import { kubectlGet } from "./tools/kubectl-get.ts";
import { kubectlGetAutoscalerInfo } from "./tools/kubectl-get-autoscaler-info.ts";
import { kubectlGetCurrentContext } from "./tools/kubectl-get-current-context.ts";
import { kubectlGetEvents } from "./tools/kubectl-get-events.ts";
import { kubectlGetPriorityClasses } from "./tools/kubectl-get-priority-classes.ts";
import { kubectlGetResourceQuota } from "./tools/kubectl-get-resource-quota.ts";
import { kubectlLabel } from "./tools/kubectl-label.ts";
import { kubectlLogs } from "./tools/kubectl-logs.ts";
import { kubectlPatch } from "./tools/kubectl-patch.ts";
import { kubectlRolloutStatus } from "./tools/kubectl-rollout-status.ts";
import { kubectlScale } from "./tools/kubectl-scale.ts";
import { kubectlTopNodes } from "./tools/kubectl-top-nodes.ts";
import { kubectlTopPods } from "./tools/kubectl-top-pods.ts";
import { kubectlUniqueLogs } from "./tools/kubectl-unique-logs.ts";
import { kubectlValidateManifest } from "./tools/kubectl-validate-manifest.ts";
import { kubectlWait } from "./tools/kubectl-wait.ts";
import { kubectlWhyPending } from "./tools/kubectl-why-pending.ts";

const reading = [
  kubectlGet,
  kubectlDescribe,
  kubectlLogs,
  kubectlUniqueLogs,
  kubectlGetEvents,
  kubectlWhyPending,
  kubectlWait,
  kubectlRolloutStatus,
  kubectlValidateManifest,
  kubectlGetCurrentContext,
];

const writing = [
  kubectlCreateJob,
  kubectlApply,
  kubectlApplyFile,
  kubectlDelete,
  kubectlScale,
  kubectlPatch,
  kubectlLabel,
  kubectlExec,
];

const cluster = [
  kubectlTopNodes,
  kubectlTopPods,
  kubectlGetResourceQuota,
  kubectlGetPriorityClasses,
  kubectlGetAutoscalerInfo,
  kubectlCrds,
  kubectlExplain,
  kubectlApiVersions,
  kubectlApiResources,
];

/** The operations on Kubernetes. */
export const kubernetesOperations: readonly OperationEntry[] = [...reading, ...writing, ...cluster].map(
  ({ entry }) => entry,
);
