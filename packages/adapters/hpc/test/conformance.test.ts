import { toolsets, type Toolset } from "@parley/hpc";
import { describeAdapter } from "@parley/testing";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type Site, openSite, toolsOf } from "./_site.ts";

let site: Site;
const isToolset = (name: string): name is Toolset => toolsets.some((known) => known === name);
const secret = "hunter2-of-the-mirror";

describeAdapter({
  name: "@parley/hpc",
  async create(variant) {
    site = await openSite();
    const env = { ...site.options.env, SPACK_MIRROR_TOKEN: secret, API_TOKEN: secret };
    const toolkit = toolsOf(site, { ...variant, env, toolsets: variant.toolsets?.filter(isToolset) });
    return { ...toolkit, close: () => site.close() };
  },
  readOnly: true,
  secrets: [secret],
  toolsets: {
    slurm: ["slurm_submit_job", "slurm_queue", "slurm_cancel_job", "slurm_job_logs"],
    "slurm-extra": ["slurm_accounting", "slurm_hold_job", "slurm_release_job"],
    system: ["system_facts"],
    software: ["spack_find", "module_avail", "module_spider"],
    "software-write": ["spack_install"],
    files: ["filesystem_read_file", "filesystem_search_text"],
    "files-write": ["filesystem_write_file"],
    apps: ["sleep_timer", "validate_lmp_problem_size"],
  },
  world: () => ({
    jobs: [...site.jobs].map(([id, job]) => [id, { ...job }]),
    file: readFileSync(join(site.root, "run1", "in.lj"), "utf8"),
  }),
  destructive: {
    slurm_cancel_job: { job_id: "9" },
    filesystem_write_file: { path: "run1/in.lj", content: "", mode: "overwrite" },
  },
  failing: [
    { tool: "slurm_submit_job", args: {}, code: "E_ARGUMENT_INVALID" },
    { tool: "slurm_submit_job", args: { command: ["a"], script: "#!/bin/sh" }, code: "E_ARGUMENT_INVALID" },
    { tool: "slurm_submit_job", args: { script: "echo" }, code: "E_ENGINE_REFUSED" },
    { tool: "slurm_submit_job", args: { command: ["a"], array: "1-2" }, code: "E_ARGUMENT_INVALID" },
    { tool: "slurm_estimate_start", args: { command: ["a"], partition: "nope" }, code: "E_ENGINE_REFUSED" },
    { tool: "slurm_job_info", args: { job_id: "77" }, code: "E_ENGINE_JOB_UNKNOWN" },
    { tool: "slurm_wait_for_job", args: { job_id: "77_1" }, code: "E_ENGINE_JOB_UNKNOWN" },
    { tool: "slurm_hold_job", args: { job_id: "77" }, code: "E_ENGINE_JOB_UNKNOWN" },
    { tool: "slurm_job_logs", args: { job_id: "9" }, code: "E_PATH_FORBIDDEN" },
    { tool: "slurm_queue", args: { cursor: "x" }, code: "E_ARGUMENT_INVALID" },
    { tool: "module_show", args: { module_name: "nope" }, code: "E_OBJECT_UNKNOWN" },
    { tool: "module_show", args: { module_name: "-x" }, code: "E_ARGUMENT_INVALID" },
    { tool: "spack_install", args: { spec: "broken" }, code: "E_EXEC_FAILED" },
    { tool: "spack_find", args: { spec: "--config=x" }, code: "E_ARGUMENT_INVALID" },
    { tool: "filesystem_read_file", args: { path: "/etc/passwd" }, code: "E_PATH_FORBIDDEN" },
    { tool: "filesystem_read_file", args: { path: "nothing" }, code: "E_OBJECT_UNKNOWN" },
    { tool: "filesystem_read_file", args: { path: "run1" }, code: "E_ARGUMENT_INVALID" },
    { tool: "filesystem_write_file", args: { path: "run1/in.lj", content: "" }, code: "E_OBJECT_CONFLICT" },
  ],
  working: [
    { tool: "slurm_submit_job", args: { command: ["hostname"], job_name: "who" } },
    { tool: "slurm_run_job", args: { script: "#!/bin/sh\nhostname\n" } },
    { tool: "slurm_queue", args: { mine: true } },
    { tool: "slurm_job_info", args: { job_id: "9" } },
    { tool: "slurm_wait_for_job", args: { job_id: "9", until: "started" } },
    { tool: "slurm_estimate_start", args: { command: ["hostname"] } },
    { tool: "slurm_partitions", args: {} },
    { tool: "slurm_nodes", args: { partition: "gpu" } },
    { tool: "slurm_accounting", args: { all_users: true } },
    { tool: "slurm_hold_job", args: { job_id: "9" } },
    { tool: "slurm_release_job", args: { job_id: "9" } },
    { tool: "system_facts", args: {} },
    { tool: "which_spack", args: {} },
    { tool: "spack_find", args: { spec: "cmake" } },
    { tool: "spack_list", args: { query: "open" } },
    { tool: "spack_info", args: { package_name: "lammps" } },
    { tool: "spack_spec", args: { spec: "lammps +kokkos" } },
    { tool: "spack_install", args: { spec: "zlib" } },
    { tool: "module_avail", args: { query: "gcc" } },
    { tool: "module_spider", args: {} },
    { tool: "module_show", args: { module_name: "gcc/12.3" } },
    { tool: "module_load_instruction", args: { modules: ["gcc/12.3"] } },
    { tool: "module_get_path", args: {} },
    { tool: "filesystem_list_directory", args: {} },
    { tool: "filesystem_read_file", args: { path: "run1/in.lj" } },
    { tool: "filesystem_tail_file", args: { path: "run1/log.lammps", lines: 1 } },
    { tool: "filesystem_stat", args: { path: "run1" } },
    { tool: "filesystem_find_file", args: { name: "in.*" } },
    { tool: "filesystem_find_directory", args: { name: "run*" } },
    { tool: "filesystem_search_text", args: { text: "ERROR" } },
    { tool: "filesystem_write_file", args: { path: "run1/new", content: "x" } },
    {
      tool: "validate_lmp_problem_size",
      args: { command: "lmp -v x 1 -v y 1 -v z 1", expected_x: 1, expected_y: 1, expected_z: 1 },
    },
    { tool: "sleep_timer", args: { seconds: 0 } },
  ],
  cancellable: [
    { tool: "sleep_timer", args: { seconds: 60 } },
    { tool: "slurm_wait_for_job", args: { job_id: "9" } },
    { tool: "slurm_run_job", args: { command: ["sleep", "60"] } },
  ],
});
