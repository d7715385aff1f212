import { createHpc } from "@parley/hpc";
import { describeAdapter } from "@parley/testing";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { startFakeCluster } from "../kubernetes/_fake-cluster.ts";
import { fakeEngines } from "./_fake-engines.ts";

const mine = [
  "containers",
  "containers-write",
  "kubernetes",
  "kubernetes-cluster",
  "kubernetes-write",
] as const;
type Mine = (typeof mine)[number];
const isMine = (name: string): name is Mine => mine.some((known) => known === name);

const deployment = {
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name: "web", labels: { app: "web" } },
  spec: {
    replicas: 3,
    selector: { matchLabels: { app: "web" } },
    template: {
      metadata: { labels: { app: "web" } },
      spec: { containers: [{ name: "web", image: "nginx:1.27" }] },
    },
  },
};
const changed = { ...deployment, spec: { ...deployment.spec, replicas: 5 } };
const pod = (name: string) => ({
  kind: "Pod",
  metadata: { name },
  spec: { containers: [{ name: "main", image: "a:1" }] },
  status: {
    phase: "Running",
    containerStatuses: [{ name: "main", restartCount: 0, state: { running: {} } }],
  },
});

let objects: ReadonlyMap<string, unknown> = new Map();

describeAdapter({
  name: "@parley/hpc, containers and Kubernetes",
  async create(variant) {
    const machine = await fakeEngines(["podman"], {
      HPC_BUILD_SECRETS: "HF_TOKEN",
      HF_TOKEN: "hunter2-hunter2",
    });
    const cluster = await startFakeCluster();
    objects = cluster.objects;
    cluster.add(deployment);
    cluster.add(pod("web-1"));
    cluster.add({
      kind: "Event",
      metadata: { name: "e" },
      involvedObject: { kind: "Pod", name: "web-1" },
      type: "Normal",
      reason: "Started",
      message: "x",
    });
    cluster.logs.set("web-1", "2026-11-20T10:40:47.1Z one\n");
    await mkdir(join(machine.home, "open"), { recursive: true });
    await writeFile(join(machine.home, "open/web.json"), JSON.stringify(changed));
    await writeFile(join(machine.home, "open/x.tar"), "archive");
    await writeFile(join(machine.home, "images.json"), JSON.stringify({ "x:1": "c2fe391dc231" }));
    const hpc = createHpc({
      prefix: variant.prefix,
      readOnly: variant.readOnly,
      toolsets: variant.toolsets?.filter(isMine) ?? mine,
      env: {
        ...cluster.env,
        ...machine.env,
        PATH: `${machine.env["PATH"] ?? ""}:${cluster.env["PATH"] ?? ""}`,
        HOME: machine.home,
      },
    });
    return {
      ...hpc,
      async close() {
        await cluster.close();
        await machine.close();
      },
    };
  },
  readOnly: true,
  toolsets: {
    containers: ["docker_validate_dockerfile", "docker_build_container", "docker_run_container"],
    "containers-write": ["docker_push_container", "docker_remove_image", "kind_load"],
    kubernetes: ["kubectl_get", "kubectl_logs", "kubectl_why_pending", "kubectl_validate_manifest"],
    "kubernetes-cluster": ["kubectl_explain", "kubectl_top_nodes", "kubectl_crds"],
    "kubernetes-write": ["kubectl_apply", "kubectl_create_job", "kubectl_exec"],
  },
  world: () => [...objects],
  secrets: ["hunter2-hunter2"],
  destructive: {
    docker_push_container: { uri: "x:1" },
    docker_remove_image: { uri: "x:1" },
    kubectl_apply: { manifest: JSON.stringify(changed) },
    kubectl_apply_file: { path: "web.json" },
    kubectl_delete: { resource_type: "deployment", name: "web" },
    kubectl_scale: { name: "web", replicas: 0 },
    kubectl_patch: {
      resource_type: "deployment",
      name: "web",
      patch_data: { spec: { paused: true } },
      patch_type: "merge",
    },
    kubectl_label: { resource_type: "deployment", name: "web", labels: { app: "x" }, overwrite: true },
    kubectl_exec: { pod: "web-1", command: ["true"] },
  },
  failing: [
    {
      tool: "docker_build_container",
      args: { dockerfile: "FROM a:1\nRUN fail", uri: "x" },
      code: "E_EXEC_FAILED",
    },
    {
      tool: "docker_build_container",
      args: { dockerfile: "FROM a:1", uri: "x", secrets: { a: "PATH" } },
      code: "E_AUTH_FORBIDDEN",
    },
    { tool: "docker_build_log", args: { build_id: "build_nope" }, code: "E_OBJECT_UNKNOWN" },
    { tool: "docker_inspect_image", args: { uri: "nope" }, code: "E_OBJECT_UNKNOWN" },
    { tool: "docker_load_image", args: { path: "/etc/passwd" }, code: "E_PATH_FORBIDDEN" },
    { tool: "kind_load", args: { uri: "x:1" }, code: "E_EXEC_NOT_FOUND" },
    { tool: "kubectl_get", args: { resource_type: "gadgets" }, code: "E_OBJECT_UNKNOWN" },
    { tool: "kubectl_why_pending", args: { name: "nope" }, code: "E_OBJECT_UNKNOWN" },
    { tool: "kubectl_rollout_status", args: { name: "nope" }, code: "E_OBJECT_UNKNOWN" },
    // The stand-in for kubectl knows none of these.
    { tool: "kubectl_explain", args: { path: "job.spec" }, code: "E_ENGINE_REFUSED" },
    { tool: "kubectl_top_nodes", args: {}, code: "E_ENGINE_REFUSED" },
    { tool: "kubectl_top_pods", args: {}, code: "E_ENGINE_REFUSED" },
    { tool: "kubectl_api_versions", args: {}, code: "E_ENGINE_REFUSED" },
    { tool: "kubectl_api_resources", args: {}, code: "E_ENGINE_REFUSED" },
    { tool: "kubectl_crds", args: {}, code: "E_OBJECT_UNKNOWN" },
  ],
  working: [
    { tool: "docker_list_engines", args: {} },
    { tool: "docker_list_images", args: {} },
    { tool: "docker_inspect_image", args: { uri: "x:1" } },
    { tool: "docker_run_container", args: { uri: "x:1", command: ["true"] } },
    { tool: "docker_tag_image", args: { uri: "x:1", new_uri: "y:1" } },
    { tool: "docker_save_image", args: { uri: "x:1", path: "y.tar" } },
    { tool: "docker_load_image", args: { path: "x.tar" } },
    {
      tool: "docker_build_container",
      args: { dockerfile: "FROM debian:12\nRUN show-secrets", uri: "x", secrets: { a: "HF_TOKEN" } },
    },
    { tool: "docker_validate_dockerfile", args: { dockerfile: "FROM debian" } },
    { tool: "kubectl_get", args: { resource_type: "pods" } },
    { tool: "kubectl_describe", args: { resource_type: "pods", name: "web-1" } },
    { tool: "kubectl_logs", args: { pod: "web-1" } },
    { tool: "kubectl_unique_logs", args: { pod: "web-1" } },
    { tool: "kubectl_get_events", args: {} },
    { tool: "kubectl_why_pending", args: { name: "web-1", resource_type: "pod" } },
    { tool: "kubectl_wait", args: { resource_type: "pods", name: "nope", condition: "delete" } },
    { tool: "kubectl_validate_manifest", args: { manifest: JSON.stringify(deployment), server: "never" } },
    { tool: "kubectl_get_current_context", args: {} },
    { tool: "kubectl_create_job", args: { name: "j", image: "a:1" } },
    { tool: "kubectl_get_resource_quota", args: {} },
    { tool: "kubectl_get_priority_classes", args: {} },
    { tool: "kubectl_get_autoscaler_info", args: {} },
  ],
  cancellable: [
    { tool: "docker_build_container", args: { dockerfile: "FROM debian:12\nRUN hang", uri: "x" } },
    { tool: "docker_run_container", args: { uri: "x:1", command: ["hang"] } },
    { tool: "kubectl_wait", args: { resource_type: "pods", name: "web-1", timeout: "1h" } },
  ],
});
