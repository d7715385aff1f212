import { createFlux, toolsets } from "@parley/flux";
import type { AdapterExample, AdapterPage } from "@parley/testing";
import { createRegistry, toolContext } from "@parley/tool-registry";
import { fakeFlux } from "./_fake-flux.ts";

const env = { PATH: "/usr/bin", HOME: "/home/user" };
/** The time the examples are of: pages must come out the same every day. */
const now = Date.parse("2026-11-20T10:00:00Z");

const script = "#!/bin/sh\n#flux: -N2\n#flux: -t 30m\nflux run -n2 hostname\n";
const sbatch =
  "#!/bin/sh\n#SBATCH --nodes=2\n#SBATCH --time=30:00\n#SBATCH --licenses=matlab\nsrun hostname\n";
const jobspec = JSON.stringify({
  version: 1,
  resources: [
    {
      type: "node",
      count: 2,
      with: [{ type: "slot", count: 1, label: "task", with: [{ type: "core", count: 4 }] }],
    },
  ],
  tasks: [{ command: ["hostname"], slot: "task", count: { per_slot: 1 } }],
  attributes: { system: { duration: 1800 } },
});

/** Calls in the order of a session; what they answer is from recordings of Flux 0.88. */
const calls: readonly (readonly [tool: string, args: Readonly<Record<string, unknown>>])[] = [
  ["flux_list_jobs", { states: "all", limit: 6 }],
  ["flux_submit_job", { command: ["hostname"], num_nodes: 2, num_tasks: 2, duration: "30m", queue: "batch" }],
  ["flux_submit_jobspec", { jobspec }],
  ["flux_submit_batch", { script, name: "nightly" }],
  ["flux_run_job", { command: ["echo", "hello"] }],
  ["flux_get_job_info", { job_id: "ƒNbZ8uuKD" }],
  ["flux_get_job_logs", { job_id: "ƒNbZ8uuKD" }],
  ["flux_get_job_events", { job_id: "ƒNbZ8uuKD", limit: 4 }],
  ["flux_cancel_job", { job_id: "fX2" }],
  ["flux_resource_list", { queue: "gpu" }],
  ["flux_list_queues", {}],
  ["flux_drain_status", {}],
  ["flux_instance_info", {}],
  ["flux_estimate_start", { num_nodes: 2, num_tasks: 2, gpus_per_task: 3 }],
  ["flux_validate_jobspec", { content: jobspec, ask: "feasibility" }],
  ["transform_jobspec", { batch_job: sbatch, to_format: "flux" }],
  ["flux_explain_jobspec", { content: jobspec }],
  ["flux_count_jobspec_resources", { content: jobspec }],
  ["flux_handle_delegation", { child_job_id: "fX4", jobspec_str: jobspec }],
];

/** The adapter's page in docs/reference/adapters. */
export const page: AdapterPage = {
  title: "Flux",
  program: "parley-flux",
  create: () => createFlux({ toolsets, env }),
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
    "E_EXEC_TIMEOUT",
    "E_INTERRUPTED",
    "E_JOBSPEC_INVALID",
  ],
  permissions: {
    flux_exec_command: "owner of the instance",
    flux_set_job_urgency: "owner of the job; above 16, owner of the instance",
  },
  async examples() {
    const world = fakeFlux();
    const flux = createFlux({ toolsets, env, run: world.run, now: () => now });
    const registry = createRegistry();
    registry.replace(flux.origin, { tools: flux.tools, prompts: flux.prompts });
    const examples: AdapterExample[] = [];
    for (const [tool, args] of calls) {
      examples.push({ tool, args, result: await registry.call(tool, args, toolContext()) });
    }
    return examples;
  },
};
