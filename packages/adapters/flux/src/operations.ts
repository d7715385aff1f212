import type { OperationEntry } from "./operation.ts";
import { createArchive, listArchive, removeArchive } from "./tools/archives.ts";
import { attachJob } from "./tools/attach-job.ts";
import { cancelJob } from "./tools/cancel-job.ts";
import { countResources } from "./tools/count-resources.ts";
import { drainStatus } from "./tools/drain-status.ts";
import { estimateStart } from "./tools/estimate-start.ts";
import { execCommand } from "./tools/exec-command.ts";
import { explainJobspec } from "./tools/explain-jobspec.ts";
import { feasibilityCheck } from "./tools/feasibility-check.ts";
import { getJobEvents } from "./tools/get-job-events.ts";
import { getJobInfo } from "./tools/get-job-info.ts";
import { getJobLogs } from "./tools/get-job-logs.ts";
import { handleDelegation } from "./tools/handle-delegation.ts";
import { instanceInfo } from "./tools/instance-info.ts";
import { killJob } from "./tools/kill-job.ts";
import { listJobs } from "./tools/list-jobs.ts";
import { listQueues } from "./tools/list-queues.ts";
import { normaliseJobspec } from "./tools/normalise-jobspec.ts";
import { resourceList } from "./tools/resource-list.ts";
import { runJob } from "./tools/run-job.ts";
import { setUrgency } from "./tools/set-urgency.ts";
import { submitBatch } from "./tools/submit-batch.ts";
import { submitJob } from "./tools/submit-job.ts";
import { submitJobspec } from "./tools/submit-jobspec.ts";
import { submitScript } from "./tools/submit-script.ts";
import { transformJobspec } from "./tools/transform-jobspec.ts";
import { validateBatchJobspec } from "./tools/validate-batch.ts";
import { validateJobspec } from "./tools/validate-jobspec.ts";
import { waitJob } from "./tools/wait-job.ts";

/** Every operation, in the order they are listed. */
export const fluxOperations: readonly OperationEntry[] = [
  submitJob,
  submitJobspec,
  submitBatch,
  runJob,
  listJobs,
  getJobInfo,
  getJobLogs,
  cancelJob,
  resourceList,
  listQueues,
  validateJobspec,
  transformJobspec,
  submitScript,
  waitJob,
  attachJob,
  getJobEvents,
  killJob,
  setUrgency,
  estimateStart,
  feasibilityCheck,
  drainStatus,
  instanceInfo,
  normaliseJobspec,
  explainJobspec,
  countResources,
  validateBatchJobspec,
  handleDelegation,
  execCommand,
  createArchive,
  removeArchive,
  listArchive,
].map(({ entry }) => entry);
