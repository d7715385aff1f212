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
