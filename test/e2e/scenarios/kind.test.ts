import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Deployment } from "kubernetes-models/apps/v1/Deployment";
import { NetworkPolicy } from "kubernetes-models/networking.k8s.io/v1/NetworkPolicy";
import { ConfigMap } from "kubernetes-models/v1/ConfigMap";
import { Namespace } from "kubernetes-models/v1/Namespace";
import { Service } from "kubernetes-models/v1/Service";
import { expect } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import { callTool } from "../harness/clients.ts";
import { repository } from "../harness/dockerfile.ts";
import { scratch } from "../harness/nodes.ts";
import { runToEnd, spawnServer } from "../harness/processes.ts";
import { unknownFields } from "../harness/unknown-fields.ts";
import { verifies } from "../verifies.ts";

const folder = join(repository, "docker/kind");
const Kustomization = z.object({
  resources: z.array(z.string()),
  images: z.array(z.object({ name: z.string() })),
});

// oxlint-disable-next-line typescript/no-explicit-any -- manifests whose shape the API schemas check below
type Loose = any;

async function manifest(name: string): Promise<Loose> {
  return parse(await readFile(join(folder, name), "utf8"));
}

const models: Readonly<Record<string, new (data: Loose) => { validate(): void }>> = {
  ConfigMap,
  Deployment,
  Namespace,
  NetworkPolicy,
  Service,
};

const deployment = await manifest("deployment.yaml");
const pod = deployment.spec.template.spec;
const [container] = pod.containers;
const config = await manifest("configmap.yaml");

verifies(
  ["EX-11"],
  "every manifest is what the Kubernetes API takes, without a field it does not know",
  async () => {
    const { resources, images } = Kustomization.parse(await manifest("kustomization.yaml"));
    for (const name of resources) {
      const data = await manifest(name);
      const Model = models[data.kind];
      expect([name, Model]).toEqual([name, expect.anything()]);
      expect([name, Model && unknownFields(new Model(data))]).toEqual([name, []]);
    }
    expect(images[0]?.name).toBe(container.image);
    const broken = { ...deployment, spec: { ...deployment.spec, replicas: "one", repliicas: 2 } };
    expect(() => new Deployment(broken).validate()).toThrow(/replicas/);
    const typo = { ...deployment, spec: { ...deployment.spec, repliicas: 2 } };
    expect(unknownFields(new Deployment(typo))).toEqual(["/spec/repliicas"]);
  },
);

verifies(["EX-11"], "labels, ports, probes and volumes agree", async () => {
  const service = await manifest("service.yaml");
  const policy = await manifest("network-policy.yaml");
  const cluster = await manifest("cluster.yaml");
  const { labels } = deployment.spec.template.metadata;
  expect(deployment.spec.selector.matchLabels).toEqual(labels);
  expect(service.spec.selector).toEqual(labels);
  expect(policy.spec.podSelector.matchLabels).toEqual(labels);

  const [port] = container.ports;
  expect(port.containerPort).toBe(8089);
  expect(container.env).toContainEqual({ name: "MCPSERVER_PORT", value: String(port.containerPort) });
  expect(service.spec.ports[0].targetPort).toBe(port.name);
  expect(policy.spec.ingress[0].ports[0].port).toBe(port.containerPort);
  expect(cluster.nodes[0].extraPortMappings[0].containerPort).toBe(service.spec.ports[0].nodePort);
  const probes = [container.startupProbe, container.livenessProbe, container.readinessProbe];
  expect(probes.map(({ httpGet }) => httpGet)).toEqual(
    ["/healthz", "/healthz", "/readyz"].map((path) => ({ path, port: port.name })),
  );

  const mounted = container.volumeMounts.map(({ name }: { name: string }) => name).toSorted();
  expect(pod.volumes.map(({ name }: { name: string }) => name).toSorted()).toEqual(mounted);
  expect(pod.volumes.find(({ name }: { name: string }) => name === "code").configMap.name).toBe(
    config.metadata.name,
  );
  expect(pod.terminationGracePeriodSeconds).toBeGreaterThan(5);
});

verifies(
  ["EX-11"],
  "the pod meets the restricted standard, and no service's address becomes a setting",
  async () => {
    const namespace = await manifest("namespace.yaml");
    expect(namespace.metadata.labels["pod-security.kubernetes.io/enforce"]).toBe("restricted");
    expect(pod.securityContext).toEqual({ runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } });
    expect(container.securityContext).toEqual({
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ["ALL"] },
    });
    expect(container.resources).toMatchObject({ requests: expect.anything(), limits: expect.anything() });
    expect([pod.automountServiceAccountToken, pod.enableServiceLinks]).toEqual([false, false]);
    expect(pod.volumes.find(({ name }: { name: string }) => name === "credentials").secret.defaultMode).toBe(
      0o440,
    );
  },
);

/** The Deployment's arguments and environment, with its mounted folders under `home`. */
async function local(home: string): Promise<{ args: string[]; env: Record<string, string> }> {
  await writeFile(join(home, "pancakes.js"), config.data["pancakes.js"]);
  await writeFile(join(home, "token"), "t".repeat(32));
  const here = (word: string): string => word.replace(/^\/(?:code|credentials)\//, `${home}/`);
  const env = container.env.map(({ name, value }: { name: string; value: string }) => [name, here(value)]);
  return {
    args: container.args.map(here),
    env: { HOME: home, MCPSERVER_HOST: "0.0.0.0", ...Object.fromEntries(env) },
  };
}

verifies(["EX-12"], "the program takes exactly these arguments and this environment", async () => {
  const { args, env } = await local(await scratch());
  const { code, stdout, stderr } = await runToEnd([...args, "--print-config"], { env });
  expect([code, stderr]).toEqual([0, ""]);
  expect(stdout).toMatch(/8089/);
  expect(stdout).not.toContain("t".repeat(32));
});

verifies(["EX-12", "EX-05"], "the ConfigMap's function answers, to callers with the token", async () => {
  const example = await readFile(join(repository, "examples/custom-function/functions/pancakes.js"), "utf8");
  expect(config.data["pancakes.js"]).toBe(example);
  const { args, env } = await local(await scratch());
  const [, ...flags] = args;
  const server = await spawnServer(flags, { env: { ...env, MCPSERVER_PORT: "0" } });
  const node = { url: `http://127.0.0.1:${new URL(server.url).port}/mcp` };
  const called = await callTool(node, "pancakes", { count: 12 }, "t".repeat(32));
  expect(called.value).toEqual({ pancakes: 12, flour_cups: 1.5, eggs: 3 });
  expect((await callTool(node, "simple_echo", { message: "hi" }, "t".repeat(32))).text).toBe("hi");
  await expect(callTool(node, "pancakes", {})).rejects.toMatchObject({ code: "E_AUTH_REQUIRED" });
  for (const path of ["/healthz", "/readyz"]) {
    const probe = await fetch(new URL(path, node.url), { headers: { host: "10.244.0.7:8089" } });
    expect(probe.status).toBe(200);
  }
});
