import { createFlux, toolsets } from "@parley/flux";
import type { Toolset } from "@parley/flux";
import { describeAdapter } from "@parley/testing";
import { beforeEach } from "vitest";
import { fakeFlux } from "./_fake-flux.ts";

let world = fakeFlux();
beforeEach(() => {
  world = fakeFlux();
});

const secret = "hunter2-of-the-server";
const script = "#!/bin/sh\n#flux: -N2\nflux run hostname\n";
const isToolset = (name: string): name is Toolset => toolsets.some((known) => known === name);
const jobspec = {
  version: 1,
  resources: [{ type: "slot", count: 1, label: "task", with: [{ type: "core", count: 1 }] }],
  tasks: [{ command: ["true"], slot: "task", count: { per_slot: 1 } }],
  attributes: { system: { duration: 60 } },
};

describeAdapter({
  name: "@parley/flux",
  create: ({ prefix, readOnly, toolsets: groups }) =>
    createFlux({
      prefix,
      readOnly,
      toolsets: groups?.filter(isToolset),
      run: world.run,
      env: { PATH: "/usr/bin", HOME: "/home/user", HF_TOKEN: secret, FLUX_MCP_TOKEN: secret },
    }),
  toolsets: {
    jobs: [
      "flux_submit_job",
      "flux_submit_jobspec",
      "flux_cancel_job",
      "flux_get_job_info",
      "flux_get_job_logs",
    ],
    site: ["flux_resource_list", "flux_list_queues"],
    translate: ["flux_validate_jobspec", "transform_jobspec"],
    control: ["flux_attach_job", "flux_kill_job", "flux_get_job_events"],
    planning: ["flux_estimate_start", "flux_drain_status"],
    jobspecs: ["flux_count_jobspec_resources", "flux_explain_jobspec", "flux_normalise_jobspec"],
    delegate: ["flux_handle_delegation"],
    admin: ["flux_exec_command", "flux_archive_create"],
  },
  readOnly: true,
  secrets: [secret],
  cancellable: [
    { tool: "flux_run_job", args: { command: ["sleep", "100"] } },
    { tool: "flux_wait_job", args: { job_id: "ƒNbPKcf6o" } },
    { tool: "flux_attach_job", args: { job_id: "ƒNbPKcf6o" } },
  ],
  world: () => ({ jobs: world.jobs, calls: world.calls.map(({ argv }) => argv) }),
  destructive: {
    flux_cancel_job: { job_id: "f2P5pCuM" },
    flux_kill_job: { job_id: "f2P5pCuM", signal: "SIGTERM" },
    flux_exec_command: { command: ["uptime"] },
    flux_archive_create: { paths: ["input"], overwrite: true },
    flux_archive_remove: { archive_name: "main" },
  },
  failing: [
    { tool: "flux_get_job_info", args: { job_id: "fzzz" }, code: "E_ENGINE_JOB_UNKNOWN" },
    { tool: "flux_submit_job", args: { command: ["true"], queue: "nope" }, code: "E_ENGINE_REFUSED" },
    {
      tool: "flux_submit_job",
      args: { command: ["true"], num_nodes: 9, num_tasks: 9 },
      code: "E_ENGINE_REFUSED",
    },
    {
      tool: "flux_submit_job",
      args: { command: ["true"], uri: "ssh://elsewhere/tmp/x" },
      code: "E_ENGINE_FORBIDDEN",
    },
    {
      tool: "flux_submit_job",
      args: { command: ["true"], environment: { HF_TOKEN: "x" } },
      code: "E_ARGUMENT_INVALID",
    },
    { tool: "flux_submit_job", args: { command: ["true"], num_tasks: 0 }, code: "E_ARGUMENT_INVALID" },
    { tool: "flux_handle_delegation", args: { jobspec_str: jobspec }, code: "E_ARGUMENT_INVALID" },
  ],
  working: [
    { tool: "flux_submit_job", args: { command: ["true"] } },
    { tool: "flux_submit_jobspec", args: { jobspec } },
    { tool: "flux_submit_jobspec", args: { jobspec: JSON.stringify(jobspec) } },
    { tool: "flux_submit_script", args: { script: "#!/bin/sh\ntrue\n" } },
    { tool: "flux_submit_batch", args: { script: "#!/bin/sh\n#flux: -N1\ntrue\n" } },
    { tool: "flux_run_job", args: { command: ["echo", "hello"] } },
    { tool: "flux_wait_job", args: { job_id: "ƒNbZ8uuKD" } },
    { tool: "flux_list_jobs", args: { states: "all", limit: 6 } },
    { tool: "flux_get_job_info", args: { job_id: "ƒNbZ8uuKD" } },
    { tool: "flux_get_job_logs", args: { job_id: "ƒNbZ8uuKD" } },
    { tool: "flux_attach_job", args: { job_id: "ƒNbZ8uuKD" } },
    { tool: "flux_get_job_events", args: { job_id: "ƒNbZ8uuKD" } },
    { tool: "flux_resource_list", args: {} },
    { tool: "flux_list_queues", args: {} },
    { tool: "flux_drain_status", args: {} },
    { tool: "flux_instance_info", args: {} },
    { tool: "flux_estimate_start", args: { num_tasks: 4 } },
    { tool: "flux_sched_resource_feasibility_check", args: { jobspec } },
    { tool: "flux_set_job_urgency", args: { job_id: "f2P5pCuM", urgency: "hold" } },
    { tool: "flux_kill_job", args: { job_id: "f2P5pCuM", signal: "SIGUSR1" } },
    { tool: "flux_handle_delegation", args: { jobspec_str: jobspec, remote_uri: "local:///tmp/x/local-0" } },
    { tool: "flux_archive_list", args: {} },
    { tool: "flux_validate_jobspec", args: { content: JSON.stringify(jobspec) } },
    { tool: "flux_validate_jobspec", args: { content: script, ask: "flux" } },
    { tool: "flux_validate_batch_jobspec", args: { content: script } },
    { tool: "transform_jobspec", args: { batch_job: script, to_format: "slurm" } },
    { tool: "flux_normalise_jobspec", args: { jobspec } },
    { tool: "flux_explain_jobspec", args: { content: JSON.stringify(jobspec) } },
    { tool: "flux_explain_jobspec", args: { content: script } },
    { tool: "flux_count_jobspec_resources", args: { content: JSON.stringify(jobspec) } },
    { tool: "flux_count_jobspec_resources", args: { content: script } },
  ],
});
