/** The tools of an HPC site over MCP, and as plain functions. A function is exported under the name of its tool. */

export { createHpc } from "./hpc.ts";
export type { HpcToolkit, HpcToolkitOptions } from "./hpc.ts";
export type { HpcOptions } from "./options.ts";
export { defaultToolsets, toolsets } from "./toolsets.ts";
export type { Toolset } from "./toolsets.ts";
export type { Operation, OperationEntry } from "./operation.ts";
export type { Persona, PersonaEntry } from "./persona.ts";
export { hpcOperations } from "./operations.ts";
export { hpcPersonas } from "./personas.ts";
export { openCall } from "./call.ts";
export type { Call, CallOptions } from "./call.ts";

export { dockerBuildContainer as docker_build_container } from "./containers/tools/docker-build-container.ts";
export { dockerBuildLog as docker_build_log } from "./containers/tools/docker-build-log.ts";
export { dockerInspectImage as docker_inspect_image } from "./containers/tools/docker-inspect-image.ts";
export { dockerListEngines as docker_list_engines } from "./containers/tools/docker-list-engines.ts";
export { dockerListImages as docker_list_images } from "./containers/tools/docker-list-images.ts";
export { dockerLoadImage as docker_load_image } from "./containers/tools/docker-load-image.ts";
export { dockerPushContainer as docker_push_container } from "./containers/tools/docker-push-container.ts";
export { dockerRemoveImage as docker_remove_image } from "./containers/tools/docker-remove-image.ts";
export { dockerRunContainer as docker_run_container } from "./containers/tools/docker-run-container.ts";
export { dockerSaveImage as docker_save_image } from "./containers/tools/docker-save-image.ts";
export { dockerTagImage as docker_tag_image } from "./containers/tools/docker-tag-image.ts";
export { dockerValidateDockerfile as docker_validate_dockerfile } from "./containers/tools/docker-validate-dockerfile.ts";
export { kindLoad as kind_load } from "./containers/tools/kind-load.ts";
export { kubectlApiResources as kubectl_api_resources } from "./kubernetes/tools/kubectl-api-resources.ts";
export { kubectlApiVersions as kubectl_api_versions } from "./kubernetes/tools/kubectl-api-versions.ts";
export { kubectlApplyFile as kubectl_apply_file } from "./kubernetes/tools/kubectl-apply-file.ts";
export { kubectlApply as kubectl_apply } from "./kubernetes/tools/kubectl-apply.ts";
export { kubectlCrds as kubectl_crds } from "./kubernetes/tools/kubectl-crds.ts";
export { kubectlCreateJob as kubectl_create_job } from "./kubernetes/tools/kubectl-create-job.ts";
export { kubectlDelete as kubectl_delete } from "./kubernetes/tools/kubectl-delete.ts";
export { kubectlDescribe as kubectl_describe } from "./kubernetes/tools/kubectl-describe.ts";
export { kubectlExec as kubectl_exec } from "./kubernetes/tools/kubectl-exec.ts";
export { kubectlExplain as kubectl_explain } from "./kubernetes/tools/kubectl-explain.ts";
export { kubectlGetAutoscalerInfo as kubectl_get_autoscaler_info } from "./kubernetes/tools/kubectl-get-autoscaler-info.ts";
export { kubectlGetCurrentContext as kubectl_get_current_context } from "./kubernetes/tools/kubectl-get-current-context.ts";
export { kubectlGetEvents as kubectl_get_events } from "./kubernetes/tools/kubectl-get-events.ts";
export { kubectlGetPriorityClasses as kubectl_get_priority_classes } from "./kubernetes/tools/kubectl-get-priority-classes.ts";
export { kubectlGetResourceQuota as kubectl_get_resource_quota } from "./kubernetes/tools/kubectl-get-resource-quota.ts";
export { kubectlGet as kubectl_get } from "./kubernetes/tools/kubectl-get.ts";
export { kubectlLabel as kubectl_label } from "./kubernetes/tools/kubectl-label.ts";
export { kubectlLogs as kubectl_logs } from "./kubernetes/tools/kubectl-logs.ts";
export { kubectlPatch as kubectl_patch } from "./kubernetes/tools/kubectl-patch.ts";
export { kubectlRolloutStatus as kubectl_rollout_status } from "./kubernetes/tools/kubectl-rollout-status.ts";
export { kubectlScale as kubectl_scale } from "./kubernetes/tools/kubectl-scale.ts";
export { kubectlTopNodes as kubectl_top_nodes } from "./kubernetes/tools/kubectl-top-nodes.ts";
export { kubectlTopPods as kubectl_top_pods } from "./kubernetes/tools/kubectl-top-pods.ts";
export { kubectlUniqueLogs as kubectl_unique_logs } from "./kubernetes/tools/kubectl-unique-logs.ts";
export { kubectlValidateManifest as kubectl_validate_manifest } from "./kubernetes/tools/kubectl-validate-manifest.ts";
export { kubectlWait as kubectl_wait } from "./kubernetes/tools/kubectl-wait.ts";
export { kubectlWhyPending as kubectl_why_pending } from "./kubernetes/tools/kubectl-why-pending.ts";
export { kubernetesEvents } from "./kubernetes/events.ts";
export {
  dockerBuildPersona as docker_build_persona_prompt,
  dockerFixPersona as docker_fix_persona_prompt,
  dockerOptimizePersona as docker_optimize_persona_prompt,
} from "./containers/personas.ts";
export { validateDockerfile } from "./containers/dockerfile/validate-dockerfile.ts";
export { validateManifest } from "./kubernetes/manifest/validate-manifest.ts";

export { sleepTimer as sleep_timer } from "./apps/sleep-timer.ts";

export { slurmSubmitJob as slurm_submit_job } from "./slurm/tools/submit-job.ts";
export { slurmRunJob as slurm_run_job } from "./slurm/tools/run-job.ts";
export { slurmQueue as slurm_queue } from "./slurm/tools/queue.ts";
export { slurmJobInfo as slurm_job_info } from "./slurm/tools/job-info.ts";
export { slurmWaitForJob as slurm_wait_for_job } from "./slurm/tools/wait-for-job.ts";
export { slurmJobLogs as slurm_job_logs } from "./slurm/tools/job-logs.ts";
export { slurmCancelJob as slurm_cancel_job } from "./slurm/tools/cancel-job.ts";
export { slurmEstimateStart as slurm_estimate_start } from "./slurm/tools/estimate-start.ts";
export { slurmPartitions as slurm_partitions } from "./slurm/tools/partitions.ts";
export { slurmNodes as slurm_nodes } from "./slurm/tools/nodes.ts";
export { slurmAccounting as slurm_accounting } from "./slurm/tools/accounting.ts";
export { slurmHoldJob as slurm_hold_job } from "./slurm/tools/hold-job.ts";
export { slurmReleaseJob as slurm_release_job } from "./slurm/tools/release-job.ts";

export { filesystemListDirectory as filesystem_list_directory } from "./files/tools/list-directory.ts";
export { filesystemReadFile as filesystem_read_file } from "./files/tools/read-file.ts";
export { filesystemTailFile as filesystem_tail_file } from "./files/tools/tail-file.ts";
export { filesystemStat as filesystem_stat } from "./files/tools/stat-path.ts";
export { filesystemFindFile as filesystem_find_file } from "./files/tools/find-file.ts";
export { filesystemFindDirectory as filesystem_find_directory } from "./files/tools/find-directory.ts";
export { filesystemSearchText as filesystem_search_text } from "./files/tools/search-text.ts";
export { filesystemWriteFile as filesystem_write_file } from "./files/tools/write-file.ts";

export { systemFacts as system_facts } from "./system/system-facts.ts";

export { moduleAvail as module_avail } from "./software/tools/module-avail.ts";
export { moduleSpider as module_spider } from "./software/tools/module-spider.ts";
export { moduleShow as module_show } from "./software/tools/module-show.ts";
export { moduleLoadInstruction as module_load_instruction } from "./software/tools/module-load-instruction.ts";
export { moduleGetPath as module_get_path } from "./software/tools/module-get-path.ts";
export { whichSpack as which_spack } from "./software/tools/which-spack.ts";
export { spackFind as spack_find } from "./software/tools/spack-find.ts";
export { spackList as spack_list } from "./software/tools/spack-list.ts";
export { spackInfo as spack_info } from "./software/tools/spack-info.ts";
export { spackSpec as spack_spec } from "./software/tools/spack-spec.ts";
export { spackInstall as spack_install } from "./software/tools/spack-install.ts";
export { moduleSoftwareRequestPersona as module_software_request_persona } from "./software/module-persona.ts";
export { spackSoftwareRequestPersona as spack_software_request_persona } from "./software/request-persona.ts";

export { validateLmpProblemSize as validate_lmp_problem_size } from "./apps/validate-lmp-problem-size.ts";
export {
  transformJobspecExpert as transform_jobspec_expert,
  validateJobspecExpert as validate_jobspec_expert,
} from "./slurm/job-personas.ts";
