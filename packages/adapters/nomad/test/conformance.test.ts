import { createNomad, memoryConfigs, toolsets, type Toolset } from "@parley/nomad";
import { describeAdapter } from "@parley/testing";
import { setTimeout as delay } from "node:timers/promises";
import { type FakeNomad, sampleJob, startFakeNomad } from "./_fake-nomad.ts";

let fake: FakeNomad;
const secret = "b9c2e5d4-0000-4444-8888-secretsecret";
const password = "hunter2-proxy";
const web = sampleJob("web");
const changed = { ...web, TaskGroups: [{ ...web.TaskGroups[0], Meta: { a: "b" } }] };

/** A running service, a variable, a deployment and a config; the first allocation is 00000002. */
async function world(): Promise<ReturnType<typeof memoryConfigs>> {
  fake = await startFakeNomad({ token: secret });
  const headers = { "x-nomad-token": secret };
  await fetch(`${fake.address}/v1/jobs`, { method: "POST", headers, body: JSON.stringify({ Job: web }) });
  fake.state.deployments.push({
    ID: "ddddeeee-1ac3-1078-a057-07129e64392c",
    JobID: "web",
    Namespace: "default",
    Status: "running",
  });
  fake.state.variables.set("default\nnomad/jobs/web", {
    Path: "nomad/jobs/web",
    Namespace: "default",
    Items: { a: "1" },
    ModifyIndex: 7,
  });
  fake.state.namespaces.push({ Name: "spare" });
  const configs = memoryConfigs();
  await configs.put({
    name: "web",
    job_id: "web",
    repository: "github.com/acme/web",
    spec_source: JSON.stringify({ Job: changed }),
    meta: {},
    enabled: true,
    updated_at: "2026-11-20T10:00:00.000Z",
  });
  return configs;
}

const isToolset = (name: string): name is Toolset => toolsets.some((known) => known === name);

describeAdapter({
  name: "@parley/nomad",
  async create(variant) {
    const configs = await world();
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
  destructive: {
    stop_job: { job_id: "web", purge: true },
    restart_job: { job_id: "web", mode: "stop_start" },
    create_job: { spec: changed },
    submit_job_file: { content: JSON.stringify({ Job: changed }) },
    revert_job: { job_id: "web", version: 0 },
    scale_job: { job_id: "web", count: 0 },
    stop_by_repository: { repository: "acme/web", purge: true },
    submit_by_repository: { repository: "https://github.com/acme/web.git" },
    delete_config: { name: "web" },
    stop_allocation: { allocation_id: "00000002" },
    signal_allocation: { allocation_id: "00000002", signal: "SIGKILL" },
    promote_deployment: { deployment_id: "ddddeeee" },
    fail_deployment: { deployment_id: "ddddeeee" },
    drain_node: { node_id: "dc951290" },
    delete_namespace: { name: "spare" },
    write_variable: { path: "nomad/jobs/web", items: { a: "2" } },
    delete_variable: { path: "nomad/jobs/web" },
  },
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
  working: [
    { tool: "list_nomad_jobs", args: {} },
    { tool: "list_jobs", args: { namespace: "development" } },
    { tool: "get_job_status", args: { job_id: "web" } },
    { tool: "get_job", args: { job_id: "web" } },
    { tool: "start_job", args: { job_id: "web", namespace: "default" } },
    { tool: "stop_job", args: { job_id: "web" } },
    { tool: "restart_job", args: { job_id: "web" } },
    { tool: "submit_job_file", args: { content: 'job "hello" {}', dry_run: true } },
    { tool: "plan_job", args: { content: JSON.stringify(changed) } },
    { tool: "parse_job_file", args: { content: 'job "hello" {}' } },
    { tool: "validate_job_file", args: { content: JSON.stringify(web) } },
    { tool: "wait_for_job", args: { job_id: "web", until: "evaluated" } },
    { tool: "get_allocation_status", args: { job_id: "web" } },
    { tool: "get_job_evaluations", args: { job_id: "web", failed_only: true } },
    { tool: "force_evaluate_job", args: { job_id: "web" } },
    { tool: "get_job_versions", args: { job_id: "web" } },
    { tool: "get_job_scale", args: { job_id: "web" } },
    { tool: "scale_job", args: { job_id: "web", count: 2 } },
    { tool: "get_job_logs", args: { job_id: "web", type: "both" } },
    { tool: "get_allocation_logs", args: { allocation_id: "00000002" } },
    { tool: "list_configs", args: {} },
    { tool: "get_config", args: { name: "web" } },
    { tool: "create_config", args: { name: "new", job_id: "new", repository: "acme/new" } },
    { tool: "update_config", args: { name: "web", enabled: false } },
    { tool: "list_repositories", args: {} },
    { tool: "get_job_by_repository", args: { repository: "git@github.com:acme/web.git" } },
    { tool: "get_status_by_repository", args: { repository: "acme/web" } },
    { tool: "get_logs_by_repository", args: { repository: "acme/web" } },
    { tool: "start_by_repository", args: { repository: "acme/web" } },
    { tool: "stop_by_repository", args: { repository: "acme/web" } },
    { tool: "restart_by_repository", args: { repository: "acme/web" } },
    { tool: "list_allocations", args: { namespace: "*" } },
    { tool: "restart_allocation", args: { allocation_id: "00000002" } },
    { tool: "signal_allocation", args: { allocation_id: "00000002", signal: "SIGHUP" } },
    { tool: "list_deployments", args: { job_id: "web" } },
    { tool: "get_deployment", args: { deployment_id: "ddddeeee" } },
    { tool: "pause_deployment", args: { deployment_id: "ddddeeee" } },
    { tool: "list_nodes", args: {} },
    { tool: "get_node", args: { node_id: "dc951290" } },
    { tool: "set_node_eligibility", args: { node_id: "dc951290", eligible: false } },
    { tool: "drain_node", args: { node_id: "dc951290", enable: false } },
    { tool: "list_namespaces", args: {} },
    { tool: "create_namespace", args: { name: "fresh" } },
    { tool: "list_variables", args: {} },
    { tool: "read_variable", args: { path: "nomad/jobs/web" } },
    { tool: "write_variable", args: { path: "nomad/jobs/new", items: { a: "1" } } },
    { tool: "get_cluster_status", args: {} },
    { tool: "search_cluster", args: { prefix: "he" } },
    { tool: "read_events", args: { timeout_seconds: 0.1 } },
  ],
});
