import { createHpc } from "@parley/hpc";
import { which } from "@parley/exec";
import { type ToolResult, createRegistry, errorOf, toolContext } from "@parley/tool-registry";
import { writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type FakeCluster, startFakeCluster } from "./_fake-cluster.ts";

const kubectl = await which("kubectl");
const client: [string, string | undefined] =
  kubectl === undefined
    ? ["the stand-in for kubectl", undefined]
    : ["the kubectl of this machine", dirname(kubectl)];

const deployment = {
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name: "web", labels: { app: "web" } },
  spec: {
    replicas: 3,
    selector: { matchLabels: { app: "web" } },
    template: {
      metadata: { labels: { app: "web" } },
      spec: {
        containers: [
          { name: "web", image: "nginx:1.27", resources: { requests: { cpu: "1", memory: "1Gi" } } },
        ],
      },
    },
  },
};

describe.each([client])("through %s", (_name, folder) => {
  let cluster: FakeCluster;
  let call: (tool: string, args?: Record<string, unknown>) => Promise<ToolResult>;

  beforeEach(async () => {
    cluster = await startFakeCluster(folder);
    const { tools } = createHpc({
      toolsets: ["kubernetes", "kubernetes-write", "kubernetes-cluster"],
      env: cluster.env,
    });
    const registry = createRegistry();
    registry.replace("hpc", { tools, prompts: [] });
    call = (tool, args = {}) => registry.call(tool, args, toolContext());
  });
  afterEach(() => cluster.close());

  const data = async (tool: string, args?: Record<string, unknown>): Promise<Record<string, unknown>> => {
    const result = await call(tool, args);
    expect([result.isError ?? false, result.content]).toEqual([false, expect.anything()]);
    return Object.assign({}, result.structuredContent);
  };
  const fault = async (
    tool: string,
    args?: Record<string, unknown>,
  ): Promise<{ code?: string | undefined; message?: string | undefined }> =>
    errorOf(await call(tool, args)) ?? {};

  test("[HPK-20] a job is created after a dry run, runs, ends, and says its exit code", async () => {
    const job = { name: "hello", image: "busybox:1.36", command: ["echo", 'it\'s "$(id)"\n`x`', "--help"] };
    expect(await data("kubectl_create_job", { ...job, dry_run: true })).toMatchObject({ created: false });
    expect(cluster.writes).toEqual([]);
    expect(await data("kubectl_create_job", job)).toMatchObject({ created: true, namespace: "default" });
    expect(cluster.objects.get("jobs/default/hello")?.spec).toMatchObject({
      template: { spec: { containers: [{ command: job.command }] } },
      activeDeadlineSeconds: 3600,
    });
    expect(await fault("kubectl_create_job", job)).toMatchObject({ code: "E_OBJECT_CONFLICT" });

    expect(await data("kubectl_wait", { name: "hello", timeout: "1s" })).toMatchObject({
      met: false,
      state: "RUNNING",
    });
    cluster.finish("hello", 0);
    expect(await data("kubectl_wait", { name: "hello" })).toMatchObject({
      met: true,
      state: "COMPLETED",
      exit_code: 0,
    });
  });

  test("[HPK-21] a job that fails has ended, with its exit code and the reason in words", async () => {
    await data("kubectl_create_job", { name: "bad", image: "busybox:1.36" });
    cluster.finish("bad", 42);
    const ended = await data("kubectl_wait", { name: "bad" });
    expect(ended).toMatchObject({ met: true, state: "FAILED", exit_code: 42 });
    expect(ended.why).toMatch(/failed more often than backoffLimit allows.*exit code 42/);
  });

  test("[HPK-22] why something is pending is said in words", async () => {
    await data("kubectl_create_job", { name: "big", image: "busybox:1.36", gpus: 8 });
    const { why, state } = await data("kubectl_why_pending", { name: "big" });
    expect([state, why]).toEqual([
      "PENDING",
      "None of 4 nodes can take it: 1 node has a taint this pod does not tolerate (gpu: reserved); 3 nodes have not enough free NVIDIA GPUs.",
    ]);
    await data("kubectl_create_job", { name: "typo", image: "missing:1" });
    const pulled = await data("kubectl_why_pending", { name: "typo-abcde", resource_type: "pod" });
    expect(pulled.why).toMatch(/the image missing:1 does not exist; check its name and tag/);
  });

  test("[HPK-23] what would change objects asks first, says which fields, and a dry run changes nothing", async () => {
    cluster.add(deployment);
    const wanted = JSON.stringify({ ...deployment, spec: { ...deployment.spec, replicas: 5 } });
    const asked = await fault("kubectl_apply", { manifest: wanted });
    expect(asked.code).toBe("E_CONFIRM_REQUIRED");
    expect(asked.message).toMatch(/would change Deployment web \(\/spec\/replicas\)/);
    expect(await data("kubectl_apply", { manifest: wanted, dry_run: true })).toMatchObject({
      applied: [{ name: "web", change: "changed", fields: ["/spec/replicas"] }],
    });
    expect(cluster.writes).toEqual([]);
    await data("kubectl_apply", { manifest: wanted, confirm: true });
    expect(cluster.objects.get("deployments/default/web")?.spec?.replicas).toBe(5);
    expect(await data("kubectl_apply", { manifest: wanted })).toMatchObject({
      applied: [{ change: "unchanged" }],
    });
    const fresh = JSON.stringify({
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name: "c" },
      data: { a: "1" },
    });
    expect(await data("kubectl_apply", { manifest: fresh })).toMatchObject({
      applied: [{ change: "created" }],
    });
  });

  test("[HPK-24] a manifest of a file is applied from the open folders only, and no address is fetched", async () => {
    const manifest = JSON.stringify({
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name: "c" },
      data: { a: "1" },
    });
    await writeFile(join(cluster.env["HOME"] ?? "", "c.yaml"), manifest);
    expect(await data("kubectl_apply_file", { path: "c.yaml" })).toMatchObject({
      applied: [{ change: "created" }],
    });
    expect(await fault("kubectl_apply_file", { path: "/etc/passwd" })).toMatchObject({
      code: "E_PATH_FORBIDDEN",
    });
    expect(await fault("kubectl_apply_file", { path: "https://x.example/y.yaml" })).toMatchObject({
      code: "E_ARGUMENT_INVALID",
    });
  });

  test("[HPK-25] deleting, scaling down, patching and relabelling ask first, and do what they say", async () => {
    cluster.add(deployment);
    expect(await fault("kubectl_scale", { name: "web", replicas: 1 })).toMatchObject({
      code: "E_CONFIRM_REQUIRED",
      message: expect.stringMatching(/would end 2 of the 3 pods of web/),
    });
    expect(await data("kubectl_scale", { name: "web", replicas: 4 })).toEqual({
      name: "web",
      before: 3,
      after: 4,
    });
    await data("kubectl_scale", { name: "web", replicas: 1, confirm: true });
    const patch = {
      resource_type: "deployment",
      name: "web",
      patch_data: { spec: { paused: true } },
      patch_type: "merge",
    };
    expect(await fault("kubectl_patch", patch)).toMatchObject({ code: "E_CONFIRM_REQUIRED" });
    expect(await data("kubectl_patch", { ...patch, confirm: true })).toMatchObject({
      changed: ["/spec/paused"],
    });
    const label = { resource_type: "deployment", name: "web", labels: { tier: "front" } };
    await data("kubectl_label", label);
    expect(await fault("kubectl_label", { ...label, labels: { tier: "back" } })).toMatchObject({
      code: "E_ENGINE_REFUSED",
    });
    expect(
      await fault("kubectl_label", { ...label, labels: { tier: "back" }, overwrite: true }),
    ).toMatchObject({ code: "E_CONFIRM_REQUIRED" });
    const gone = { resource_type: "deployment", name: "web" };
    expect(await fault("kubectl_delete", gone)).toMatchObject({ code: "E_CONFIRM_REQUIRED" });
    expect(cluster.objects.get("deployments/default/web")?.metadata.labels).toEqual({
      app: "web",
      tier: "front",
    });
    expect(await data("kubectl_delete", { ...gone, confirm: true })).toEqual({ deleted: ["web"] });
    expect(cluster.objects.has("deployments/default/web")).toBe(false);
    expect(await fault("kubectl_delete", { ...gone, confirm: true })).toMatchObject({
      code: "E_OBJECT_UNKNOWN",
    });
  });

  test("[HPK-26] logs are read from the end, on from a cursor, and without what looks like a secret", async () => {
    await data("kubectl_create_job", { name: "hello", image: "busybox:1.36" });
    const line = (second: string, text: string): string => `2026-11-20T10:40:${second}Z ${text}\n`;
    const first = line("47.1", "one") + line("47.2", "two") + line("47.25", "token=abcdef123456");
    cluster.logs.set("hello-abcde", first);
    const read = await data("kubectl_logs", { job: "hello", tail: 2 });
    expect(read).toMatchObject({
      pod: "hello-abcde",
      text: "two\ntoken=[redacted]",
      cursor: "2026-11-20T10:40:47.25Z",
    });
    cluster.logs.set("hello-abcde", first + line("47.3", "three") + line("48", "four"));
    expect(await data("kubectl_logs", { job: "hello", cursor: read.cursor })).toMatchObject({
      text: "three\nfour",
    });
    expect(await data("kubectl_logs", { pod: "hello-abcde", follow: true })).toMatchObject({ ended: true });
    expect(await data("kubectl_unique_logs", { job: "hello" })).toMatchObject({ lines_read: 5 });
    expect(await fault("kubectl_logs", { pod: "nope" })).toMatchObject({ code: "E_OBJECT_UNKNOWN" });
  });

  test("[HPK-27] a refusal is never an empty list, and each failure has its own code", async () => {
    cluster.forbidden = true;
    expect(await fault("kubectl_get", { resource_type: "pods" })).toMatchObject({
      code: "E_ENGINE_FORBIDDEN",
    });
    cluster.forbidden = false;
    expect(await fault("kubectl_get", { resource_type: "gadgets" })).toMatchObject({
      code: "E_OBJECT_UNKNOWN",
    });
    expect(await data("kubectl_get", { resource_type: "pods" })).toMatchObject({ items: [], total: 0 });
    await cluster.close();
    expect(await fault("kubectl_get", { resource_type: "pods" })).toMatchObject({
      code: "E_ENGINE_UNREACHABLE",
    });
    cluster = await startFakeCluster(folder);
  });

  test("[HPK-28] values of secrets are shown nowhere", async () => {
    cluster.add({ kind: "Secret", metadata: { name: "s" }, data: { password: "aHVudGVyMg==" } });
    const result = await call("kubectl_get", { resource_type: "secrets", name: "s", verbose: true });
    expect(JSON.stringify(result)).toContain("[redacted]");
    expect(JSON.stringify(result)).not.toContain("aHVudGVyMg");
    expect(
      await fault("kubectl_create_job", { name: "j", image: "a:1", environment: { HF_TOKEN: "x" } }),
    ).toMatchObject({
      code: "E_ARGUMENT_INVALID",
    });
  });

  test("[HPK-29] a manifest is validated by the server where one answers, and without one", async () => {
    const manifest = JSON.stringify({
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name: "c" },
      data: { a: "1" },
    });
    expect(await data("kubectl_validate_manifest", { manifest })).toMatchObject({
      valid: true,
      server: { verdict: "accepted" },
    });
    expect(cluster.writes).toEqual([]);
    await cluster.close();
    expect(await data("kubectl_validate_manifest", { manifest })).toMatchObject({
      valid: true,
      server: { verdict: "not-asked" },
    });
    cluster = await startFakeCluster(folder);
  });

  test("[HPK-30] contexts are named, and the chosen one is used", async () => {
    expect(await data("kubectl_get_current_context")).toMatchObject({
      context: "lab",
      namespace: "default",
      contexts: ["lab", "other"],
      server_version: "v1.32.0-fake",
    });
    const { tools } = createHpc({ toolsets: ["kubernetes-write"], env: cluster.env, kubeContext: "other" });
    const registry = createRegistry();
    registry.replace("hpc", { tools, prompts: [] });
    await registry.call("kubectl_create_job", { name: "j", image: "a:1" }, toolContext());
    expect([...cluster.objects.keys()]).toContain("jobs/elsewhere/j");
  });

  const hostile = [
    "-A",
    "--kubeconfig=/etc/x",
    "a b",
    "a/../b",
    "$(id)",
    "`id`",
    "a\nb",
    'a"b',
    "a'b",
    "A",
    "../../x",
    "a;b",
    "a\0b",
    "ü",
  ];
  test.each(hostile)(
    "[HPK-31] the name %j is refused everywhere, and nothing is asked of the cluster",
    async (name) => {
      cluster.forbidden = true;
      const calls: [string, Record<string, unknown>][] = [
        ["kubectl_get", { resource_type: "pods", name }],
        ["kubectl_get", { resource_type: name }],
        ["kubectl_get", { resource_type: "pods", namespace: name }],
        ["kubectl_describe", { resource_type: "pods", name }],
        ["kubectl_logs", { pod: name }],
        ["kubectl_logs", { pod: "x", container: name }],
        ["kubectl_wait", { name }],
        ["kubectl_create_job", { name, image: "a:1" }],
        ["kubectl_create_job", { name: "j", image: "a:1", namespace: name }],
        ["kubectl_create_job", { name: "j", image: "a:1", priority_class: name }],
        ["kubectl_delete", { resource_type: "pods", name, confirm: true }],
        ["kubectl_scale", { name, replicas: 1 }],
        ["kubectl_exec", { pod: name, command: ["true"], confirm: true }],
        ["kubectl_patch", { resource_type: "pods", name, patch_data: "{}", confirm: true }],
      ];
      for (const [tool, args] of calls)
        expect([tool, (await fault(tool, args)).code]).toEqual([tool, "E_ARGUMENT_INVALID"]);
    },
  );

  test("[HPK-31] hostile images, labels and selectors are refused or mean themselves", async () => {
    for (const image of ["-x", "a b", "$(id)", "a\nb", "../x", 'a"b'])
      expect([image, (await fault("kubectl_create_job", { name: "j", image })).code]).toEqual([
        image,
        "E_ARGUMENT_INVALID",
      ]);
    for (const value of ["a b", "$(id)", "--x", "a\nb", "..", "a=b"])
      expect([
        value,
        (await fault("kubectl_create_job", { name: "j", image: "a:1", labels: { x: value } })).code,
      ]).toEqual([value, "E_ARGUMENT_INVALID"]);
    for (const label_selector of ["--all", " -x", "a=$(id)", "a\nb", "`x`"])
      expect([
        label_selector,
        (await fault("kubectl_get", { resource_type: "pods", label_selector })).code,
      ]).toEqual([label_selector, "E_ARGUMENT_INVALID"]);
    expect(cluster.objects.size).toBe(0);
  });
});

test("functions are called without a server, and apply their defaults", async () => {
  const cluster = await startFakeCluster();
  try {
    const { kubectl_get } = await import("@parley/hpc");
    const found = await kubectl_get({ resource_type: "pods" }, { env: cluster.env });
    expect(found).toEqual({ items: [], total: 0, truncated: false });
    await expect(
      kubectl_get({ resource_type: "pods", name: "x" }, { env: cluster.env }),
    ).rejects.toMatchObject({ code: "E_OBJECT_UNKNOWN" });
  } finally {
    await cluster.close();
  }
});
