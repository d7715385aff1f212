import { createHpc, toolsets } from "@parley/hpc";
import type { AdapterExample, AdapterPage } from "@parley/testing";
import { type ToolResult, createRegistry, toolContext } from "@parley/tool-registry";
import { type Site, openSite, toolsOf } from "./_site.ts";

/** Calls in the order of a session; what Slurm's nodes are is from recordings of 24.11. */
const calls: readonly (readonly [tool: string, args: Readonly<Record<string, unknown>>])[] = [
  ["slurm_partitions", {}],
  ["slurm_nodes", { usable: "never" }],
  ["slurm_estimate_start", { command: ["hostname"], nodes: 1, walltime_seconds: 600 }],
  [
    "slurm_submit_job",
    { command: ["srun", "hostname"], job_name: "who", walltime_seconds: 600, idempotency_key: "who-1" },
  ],
  ["slurm_run_job", { script: "#!/bin/sh\n#SBATCH --ntasks=4\nsrun hostname\n", idempotency_key: "who-2" }],
  ["slurm_queue", { states: "all" }],
  ["slurm_wait_for_job", { job_id: "9", until: "started" }],
  ["slurm_job_info", { job_id: "9" }],
  ["slurm_job_logs", { job_id: "101" }],
  ["slurm_cancel_job", { job_id: "9" }],
  ["slurm_accounting", { all_users: true }],
  ["slurm_hold_job", { job_id: "9" }],
  ["slurm_release_job", { job_id: "9" }],
  ["system_facts", { parts: ["disks", "gpus"] }],
  ["module_avail", { query: "gcc" }],
  ["module_spider", { query: "mpi" }],
  ["module_show", { module_name: "gcc/12.3" }],
  ["module_load_instruction", { modules: ["gcc/12.3", "openmpi/4.1"] }],
  ["spack_find", { spec: "cmake" }],
  ["spack_list", { query: "open" }],
  ["spack_install", { spec: "zlib" }],
  ["filesystem_list_directory", { path: "run1" }],
  ["filesystem_read_file", { path: "run1/in.lj" }],
  ["filesystem_tail_file", { path: "run1/log.lammps", lines: 1 }],
  ["filesystem_find_file", { name: "in.*" }],
  ["filesystem_search_text", { text: "ERROR" }],
  ["filesystem_write_file", { path: "run1/in.lj", content: "units metal\n", mode: "overwrite" }],
  [
    "validate_lmp_problem_size",
    { command: "lmp -v x 32 -v y 32 -in in.lj", expected_x: 32, expected_y: 32, expected_z: 16 },
  ],
  ["sleep_timer", { seconds: 0 }],
];

/** The adapter's page in docs/reference/adapters. */
export const page: AdapterPage = {
  title: "HPC site",
  program: "parley-hpc",
  create: () => createHpc({ toolsets, env: {} }),
  errors: [
    "E_ARGUMENT_INVALID",
    "E_CONFIG_INVALID",
    "E_CONFIRM_REQUIRED",
    "E_ENGINE_FORBIDDEN",
    "E_ENGINE_JOB_UNKNOWN",
    "E_ENGINE_MISSING",
    "E_ENGINE_OUTPUT",
    "E_ENGINE_REFUSED",
    "E_ENGINE_UNREACHABLE",
    "E_EXEC_FAILED",
    "E_EXEC_NOT_FOUND",
    "E_EXEC_OUTPUT_LIMIT",
    "E_EXEC_TIMEOUT",
    "E_FILE_IO",
    "E_INTERRUPTED",
    "E_OBJECT_CONFLICT",
    "E_OBJECT_UNKNOWN",
    "E_PATH_FORBIDDEN",
  ],
  async examples() {
    const site = await openSite();
    const toolkit = toolsOf(site, { toolsets });
    const registry = createRegistry();
    registry.replace(toolkit.origin, toolkit);
    const examples: AdapterExample[] = [];
    for (const [tool, args] of calls) {
      const result = await registry.call(tool, args, toolContext());
      examples.push({ tool, args, result: settled(site, result) });
    }
    await site.close();
    return examples;
  },
};

/** Folders and times that differ from run to run are those of a day at a site. */
function settled({ folder, root }: Site, result: ToolResult): ToolResult {
  const text = JSON.stringify(result)
    .replaceAll(root, "/scratch/ada")
    .replaceAll(folder, "/home/ada/.local")
    .replaceAll(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/g, (time) =>
      time.startsWith("2026-11-20") && time.endsWith(".000Z") ? time : "2026-11-20T10:00:00.000Z",
    );
  const parsed: unknown = JSON.parse(text);
  return isResult(parsed) ? parsed : result;
}

function isResult(value: unknown): value is ToolResult {
  return typeof value === "object" && value !== null && "content" in value && Array.isArray(value.content);
}
