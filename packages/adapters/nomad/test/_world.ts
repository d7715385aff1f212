import { memoryConfigs } from "@parley/nomad";
import type { AdapterCall } from "@parley/testing";
import { type FakeNomad, sampleJob, startFakeNomad } from "./_fake-nomad.ts";

export const secret = "b9c2e5d4-0000-4444-8888-secretsecret";
export const password = "hunter2-proxy";
export const web = sampleJob("web");
/** The same service with other labels: to register it replaces what runs. */
const changed = { ...web, TaskGroups: [{ ...web.TaskGroups[0], Meta: { a: "b" } }] };

/** A running service, a variable, a deployment and a config; the first allocation is 00000002. */
export async function startWorld(): Promise<{
  readonly fake: FakeNomad;
  readonly configs: ReturnType<typeof memoryConfigs>;
}> {
  const fake = await startFakeNomad({ token: secret });
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
  return { fake, configs };
}

/** For each tool that may destroy, arguments that do and lack the confirmation. */
export const destructive: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
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
};

/** Calls that succeed, of every other tool. */
export const working: readonly AdapterCall[] = [
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
];
