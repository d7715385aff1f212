import type { OperationEntry } from "./operation.ts";
import { createConfig } from "./tools/create-config.ts";
import { createJob } from "./tools/create-job.ts";
import { createNamespace } from "./tools/create-namespace.ts";
import { deleteConfig } from "./tools/delete-config.ts";
import { deleteNamespace } from "./tools/delete-namespace.ts";
import { deleteVariable } from "./tools/delete-variable.ts";
import { dispatchJob } from "./tools/dispatch-job.ts";
import { drainNode } from "./tools/drain-node.ts";
import { failDeployment } from "./tools/fail-deployment.ts";
import { forceEvaluateJob } from "./tools/force-evaluate-job.ts";
import { forcePeriodicJob } from "./tools/force-periodic-job.ts";
import { getAllocationLogs } from "./tools/get-allocation-logs.ts";
import { getAllocationStatus } from "./tools/get-allocation-status.ts";
import { getClusterStatus } from "./tools/get-cluster-status.ts";
import { getConfig } from "./tools/get-config.ts";
import { getDeployment } from "./tools/get-deployment.ts";
import { getJob } from "./tools/get-job.ts";
import { getJobByRepository } from "./tools/get-job-by-repository.ts";
import { getJobEvaluations } from "./tools/get-job-evaluations.ts";
import { getJobLogs } from "./tools/get-job-logs.ts";
import { getJobScale } from "./tools/get-job-scale.ts";
import { getJobStatus } from "./tools/get-job-status.ts";
import { getJobSubmission } from "./tools/get-job-submission.ts";
import { getJobVersions } from "./tools/get-job-versions.ts";
import { getLogsByRepository } from "./tools/get-logs-by-repository.ts";
import { getNode } from "./tools/get-node.ts";
import { getStatusByRepository } from "./tools/get-status-by-repository.ts";
import { listAllocations } from "./tools/list-allocations.ts";
import { listConfigs } from "./tools/list-configs.ts";
import { listDeployments } from "./tools/list-deployments.ts";
import { listJobs } from "./tools/list-jobs.ts";
import { listNamespaces } from "./tools/list-namespaces.ts";
import { listNodes } from "./tools/list-nodes.ts";
import { listRepositories } from "./tools/list-repositories.ts";
import { listVariables } from "./tools/list-variables.ts";
import { parseJobFile } from "./tools/parse-job-file.ts";
import { pauseDeployment } from "./tools/pause-deployment.ts";
import { planJobFile } from "./tools/plan-job.ts";
import { promoteDeployment } from "./tools/promote-deployment.ts";
import { readEvents } from "./tools/read-events.ts";
import { readVariable } from "./tools/read-variable.ts";
import { restartAllocation } from "./tools/restart-allocation.ts";
import { restartByRepository } from "./tools/restart-by-repository.ts";
import { restartJob } from "./tools/restart-job.ts";
import { revertJob } from "./tools/revert-job.ts";
import { scaleJob } from "./tools/scale-job.ts";
import { searchCluster } from "./tools/search-cluster.ts";
import { setNodeEligibility } from "./tools/set-node-eligibility.ts";
import { signalAllocation } from "./tools/signal-allocation.ts";
import { startByRepository } from "./tools/start-by-repository.ts";
import { startJob } from "./tools/start-job.ts";
import { stopAllocation } from "./tools/stop-allocation.ts";
import { stopByRepository } from "./tools/stop-by-repository.ts";
import { stopJob } from "./tools/stop-job.ts";
import { submitByRepository } from "./tools/submit-by-repository.ts";
import { submitJobFile } from "./tools/submit-job-file.ts";
import { updateConfig } from "./tools/update-config.ts";
import { validateJobFile } from "./tools/validate-job-file.ts";
import { waitJob } from "./tools/wait-for-job.ts";
import { writeVariable } from "./tools/write-variable.ts";

/** Every operation, in the order tools are listed in. A REST face or a document is generated from this. */
export const nomadOperations: readonly OperationEntry[] = [
  listJobs,
  getJobStatus,
  getJob,
  getJobSubmission,
  startJob,
  stopJob,
  restartJob,
  createJob,
  submitJobFile,
  planJobFile,
  parseJobFile,
  validateJobFile,
  waitJob,
  getAllocationStatus,
  getJobEvaluations,
  forceEvaluateJob,
  getJobVersions,
  revertJob,
  getJobScale,
  scaleJob,
  dispatchJob,
  forcePeriodicJob,
  getJobLogs,
  getAllocationLogs,
  listConfigs,
  getConfig,
  createConfig,
  updateConfig,
  deleteConfig,
  listRepositories,
  getJobByRepository,
  getStatusByRepository,
  getLogsByRepository,
  startByRepository,
  stopByRepository,
  restartByRepository,
  submitByRepository,
  listAllocations,
  stopAllocation,
  restartAllocation,
  signalAllocation,
  listDeployments,
  getDeployment,
  promoteDeployment,
  failDeployment,
  pauseDeployment,
  listNodes,
  getNode,
  drainNode,
  setNodeEligibility,
  listNamespaces,
  createNamespace,
  deleteNamespace,
  listVariables,
  readVariable,
  writeVariable,
  deleteVariable,
  getClusterStatus,
  searchCluster,
  readEvents,
].map(({ entry }) => entry);
