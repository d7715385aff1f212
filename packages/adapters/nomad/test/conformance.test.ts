import { createNomad, toolsets, type Toolset } from "@parley/nomad";
import { describeAdapter } from "@parley/testing";
import { setTimeout as delay } from "node:timers/promises";
import type { FakeNomad } from "./_fake-nomad.ts";
import { destructive, password, secret, startWorld, web, working } from "./_world.ts";

let fake: FakeNomad;

const isToolset = (name: string): name is Toolset => toolsets.some((known) => known === name);

describeAdapter({
  name: "@parley/nomad",
  async create(variant) {
    const world = await startWorld();
    ({ fake } = world);
    const { configs } = world;
    const wanted = variant.toolsets?.filter(isToolset);
    const nomad = createNomad({
      ...variant,
      toolsets: wanted,
      address: fake.address,
      token: secret,
      httpAuth: `proxy:${password}`,
      configs,
      env: {},
      sleep: (ms, signal) => delay(Math.min(ms, 5), undefined, { signal }),
    });
    return {
      ...nomad,
      async close() {
        await nomad.close();
        await fake.close();
      },
    };
  },
  readOnly: true,
  toolsets: {
    jobs: [
      "list_nomad_jobs",
      "list_jobs",
      "get_job_status",
      "stop_job",
      "start_job",
      "restart_job",
      "create_job",
      "submit_job_file",
      "get_allocation_status",
      "get_job_evaluations",
      "force_evaluate_job",
    ],
    logs: ["get_job_logs", "get_allocation_logs"],
    configs: ["list_configs", "create_config"],
    repositories: ["list_repositories", "get_job_by_repository"],
    allocations: ["list_allocations"],
    deployments: ["promote_deployment"],
    nodes: ["drain_node"],
    namespaces: ["list_namespaces"],
    variables: ["read_variable"],
    cluster: ["get_cluster_status", "read_events"],
  },
  world: () => ({ ...fake.state, index: 0, faults: [] }),
  destructive,
  secrets: [secret, password, Buffer.from(`proxy:${password}`).toString("base64")],
  cancellable: [
    { tool: "wait_for_job", args: { job_id: "web" } },
    { tool: "get_job_logs", args: { job_id: "web", follow: true } },
    { tool: "submit_job_file", args: { content: JSON.stringify(web), wait: "complete" } },
  ],
  failing: [
    { tool: "force_periodic_job", args: { job_id: "web" }, code: "E_ENGINE_REFUSED" },
    { tool: "get_job_status", args: { job_id: "nope" }, code: "E_ENGINE_JOB_UNKNOWN" },
    { tool: "stop_job", args: { job_id: "nope" }, code: "E_ENGINE_JOB_UNKNOWN" },
    { tool: "force_evaluate_job", args: { job_id: "nope" }, code: "E_ENGINE_JOB_UNKNOWN" },
    { tool: "get_job_evaluations", args: { job_id: "nope" }, code: "E_ENGINE_JOB_UNKNOWN" },
    { tool: "get_node", args: { node_id: "ffffffff" }, code: "E_OBJECT_UNKNOWN" },
    { tool: "get_config", args: { name: "nope" }, code: "E_OBJECT_UNKNOWN" },
    { tool: "get_allocation_status", args: {}, code: "E_ARGUMENT_INVALID" },
    { tool: "get_job_logs", args: { job_id: "web", task: "zz" }, code: "E_ENGINE_REFUSED" },
    { tool: "submit_job_file", args: { content: "zz {", format: "hcl" }, code: "E_ENGINE_REFUSED" },
    { tool: "create_job", args: { spec: { ID: "x" } }, code: "E_ENGINE_REFUSED" },
    { tool: "create_job", args: { spec: { name: "x", colour: 1 } }, code: "E_ARGUMENT_INVALID" },
    {
      tool: "submit_job_file",
      args: { content: JSON.stringify(web), enforce_index: 0, check: false },
      code: "E_OBJECT_CONFLICT",
    },
    { tool: "get_job_submission", args: { job_id: "web" }, code: "E_OBJECT_UNKNOWN" },
    { tool: "revert_job", args: { job_id: "web", version: 9, confirm: true }, code: "E_OBJECT_UNKNOWN" },
    { tool: "dispatch_job", args: { job_id: "web" }, code: "E_ARGUMENT_INVALID" },
    { tool: "get_job_by_repository", args: { repository: "acme/other" }, code: "E_OBJECT_UNKNOWN" },
    {
      tool: "create_config",
      args: { name: "again", job_id: "web", repository: "github.com/acme/web" },
      code: "E_OBJECT_CONFLICT",
    },
  ],
  working,
});
