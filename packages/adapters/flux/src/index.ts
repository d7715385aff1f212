/** Flux as MCP tools, and as plain functions: submit, watch, read and cancel jobs, check and translate jobspecs. */

export { createFlux, defaultToolsets } from "./flux.ts";
export type { FluxToolkit, FluxToolkitOptions } from "./flux.ts";
export type { FluxOptions } from "./options.ts";
export { toolsets } from "./operation.ts";
export type { Operation, OperationEntry, Toolset } from "./operation.ts";
export { fluxOperations } from "./operations.ts";
export type { Call, CallOptions } from "./call.ts";

export { submitJob } from "./tools/submit-job.ts";
export { submitJobspec } from "./tools/submit-jobspec.ts";
export { submitBatch } from "./tools/submit-batch.ts";
export { submitScript } from "./tools/submit-script.ts";
export { runJob } from "./tools/run-job.ts";
export { waitJob } from "./tools/wait-job.ts";
export { listJobs } from "./tools/list-jobs.ts";
export { getJobInfo } from "./tools/get-job-info.ts";
export { getJobLogs } from "./tools/get-job-logs.ts";
export { attachJob } from "./tools/attach-job.ts";
export { getJobEvents } from "./tools/get-job-events.ts";
export { cancelJob } from "./tools/cancel-job.ts";
export { killJob } from "./tools/kill-job.ts";
export { setUrgency } from "./tools/set-urgency.ts";
export { resourceList } from "./tools/resource-list.ts";
export { listQueues } from "./tools/list-queues.ts";
export { drainStatus } from "./tools/drain-status.ts";
export { instanceInfo } from "./tools/instance-info.ts";
export { estimateStart } from "./tools/estimate-start.ts";
export { feasibilityCheck } from "./tools/feasibility-check.ts";
export { validateJobspec } from "./tools/validate-jobspec.ts";
export { validateBatchJobspec } from "./tools/validate-batch.ts";
export { countResources } from "./tools/count-resources.ts";
export { normaliseJobspec } from "./tools/normalise-jobspec.ts";
export { explainJobspec } from "./tools/explain-jobspec.ts";
export { transformJobspec } from "./tools/transform-jobspec.ts";
export { handleDelegation } from "./tools/handle-delegation.ts";
export { execCommand } from "./tools/exec-command.ts";
export { createArchive, listArchive, removeArchive } from "./tools/archives.ts";

export {
  flux_submit_job,
  flux_submit_jobspec,
  flux_submit_batch,
  flux_submit_script,
  flux_run_job,
  flux_wait_job,
  flux_list_jobs,
  flux_get_job_info,
  flux_get_job_logs,
  flux_attach_job,
  flux_get_job_events,
  flux_cancel_job,
  flux_kill_job,
  flux_set_job_urgency,
  flux_resource_list,
  flux_list_queues,
  flux_drain_status,
  flux_instance_info,
  flux_estimate_start,
  flux_sched_resource_feasibility_check,
  flux_validate_jobspec,
  flux_validate_batch_jobspec,
  flux_count_jobspec_resources,
  flux_normalise_jobspec,
  flux_explain_jobspec,
  transform_jobspec,
  flux_handle_delegation,
  flux_exec_command,
  flux_archive_create,
  flux_archive_remove,
  flux_archive_list,
} from "./named-tools.ts";
export { flux_debug_job, flux_validate_jobspec_persona, transform_jobspec_persona } from "./prompts.ts";
