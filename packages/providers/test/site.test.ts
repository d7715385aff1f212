import { Facts, Manifest, type ProbeStatus } from "@parley/core";
import {
  assembleSite,
  createEvidenceRecorder,
  createProviderContext,
  defaultProviders,
  discoverSite,
  type PartialFacts,
  type Provider,
} from "@parley/providers";
import { fakeHost } from "@parley/testing";
import { describe, expect, test } from "vitest";
import { fakeEngine, workload } from "./fake-engine.ts";
import * as machines from "./machines.ts";

const wrongShape: PartialFacts = JSON.parse('{"mpi":[{"impl":7}]}');
const query = { software: ["gcc"], paths: [] };
const now = (): number => Date.UTC(2026, 0, 1);

function provider(name: string, overrides: Partial<Provider> = {}): Provider {
  return {
    name,
    category: "parallel",
    scope: "cluster",
    probe: async () => ({ status: "present" }),
    metadata: async () => ({ version: "1", nothing: undefined }),
    async facts() {
      const evidence = createEvidenceRecorder(name, "cluster");
      const id = evidence.record("get", { observedAtMs: now() });
      return { mpi: [{ impl: name, evidence: id }], evidence: [...evidence.items] };
    },
    tools: [],
    ...overrides,
  };
}

const hang = async (): Promise<never> => new Promise(() => {});
const explode = async (): Promise<never> => Promise.reject(new Error("boom"));

describe("discoverSite", () => {
  test("a provider that throws or hangs is a failed probe", async () => {
    const site = await discoverSite({
      workerId: "w",
      providers: [provider("good"), provider("bad", { probe: explode }), provider("slow", { probe: hang })],
      probeTimeoutMs: 5,
      now,
    });
    expect(site.probes.map(({ provider: name, status, detail }) => [name, status, detail])).toEqual([
      ["good", "present", undefined],
      ["bad", "failed", "boom"],
      ["slow", "failed", "Provider slow did not answer within 5 ms."],
    ]);
    expect([...site.providers.keys()]).toEqual(["good"]);
  });

  test("refuses two providers of one name", async () => {
    const twice = [provider("same"), provider("same", { category: "network" })];
    await expect(discoverSite({ workerId: "w", providers: twice })).rejects.toMatchObject({
      code: "E_CONFIG_INVALID",
    });
  });

  test("probes no more at once than it is told", async () => {
    let running = 0;
    let most = 0;
    const probe = async (): Promise<{ status: ProbeStatus }> => {
      running += 1;
      most = Math.max(most, running);
      await Promise.resolve();
      running -= 1;
      return { status: "present" };
    };
    const providers = Array.from({ length: 9 }, (_, index) => provider(`p${index}`, { probe }));
    const site = await discoverSite({ workerId: "w", providers, concurrency: 2 });
    expect(most).toBe(2);
    expect(site.probes.map((report) => report.provider)).toEqual(providers.map(({ name }) => name));
  });

  test("gives an engine a provider, keeps one that is there, and hides engines that are absent", async () => {
    const absent = fakeEngine({ ...workload, manager: "flux", status: "absent" });
    const slurm = fakeEngine();
    const site = await discoverSite({ workerId: "w", providers: [], engines: [slurm, absent], now });
    expect(site.engines.map(({ manager }) => manager)).toEqual(["slurm"]);
    expect((await site.facts(query)).workloads).toHaveLength(1);
    await site.close();
    await site.close();
    expect([slurm.closed, absent.closed]).toEqual([1, 1]);
  });

  test("asks again what was out of reach, after a while", async () => {
    let nowMs = 0;
    let status: ProbeStatus = "unreachable";
    const engine = fakeEngine(async () => ({ ...workload, status, reason: "slurmctld is down" }));
    const site = await discoverSite({ workerId: "w", providers: [], engines: [engine], now: () => nowMs });
    expect((await site.facts(query)).workloads).toMatchObject([
      { manager: "slurm", status: "unreachable", reason: "slurmctld is down", canSubmit: false },
    ]);
    status = "present";
    nowMs = 29_999;
    expect((await site.facts(query)).workloads[0]?.status).toBe("unreachable");
    nowMs = 30_000;
    expect((await site.facts(query)).workloads[0]?.status).toBe("present");
    expect([...site.providers.keys()]).toEqual(["slurm"]);
  });
});

const site = (providers: readonly Provider[], options = {}): ReturnType<typeof assembleSite> =>
  assembleSite({ workerId: "w", providers, callTimeoutMs: 5, now, ...options });

const same: Provider["facts"] = async () => ({
  mpi: [{ impl: "x", evidence: "e1" }],
  evidence: ["e1", "unused"].map((id) => ({
    id,
    provider: "x",
    tool: "t",
    args: {},
    scope: "cluster" as const,
    observedAt: "2026-01-01T00:00:00Z",
  })),
});

describe("assembleSite", () => {
  test.each<[string, Partial<Provider>, ProbeStatus]>([
    ["throws", { facts: explode }, "failed"],
    ["hangs", { facts: hang }, "unreachable"],
    ["answers the wrong shape", { facts: async () => wrongShape }, "failed"],
    ["states a fact without evidence", { facts: async () => ({ mpi: [{ impl: "x" }] }) }, "failed"],
    [
      "points at evidence that is not there",
      { facts: async () => ({ mpi: [{ impl: "x", evidence: "e" }] }) },
      "failed",
    ],
  ])("a provider that %s costs only its own facts", async (_case, overrides, status) => {
    const facts = await site([provider("good"), provider("bad", overrides)]).facts(query);
    expect(() => Facts.parse(facts)).not.toThrow();
    expect(facts.mpi.map(({ impl }) => impl)).toEqual(["good"]);
    expect(facts.probes.find((report) => report.provider === "bad")?.status).toBe(status);
  });

  test("evidence is unique and referred to, also when two providers number alike", async () => {
    const facts = await site([provider("a", { facts: same }), provider("b", { facts: same })]).facts(query);
    expect(facts.evidence.map(({ id }) => id)).toEqual(["e1", "e1~2"]);
    expect(facts.mpi.map(({ evidence }) => evidence)).toEqual(["e1", "e1~2"]);
  });

  test("the caller's abort is the caller's error", async () => {
    const controller = new AbortController();
    const asking = site([provider("slow", { facts: hang })], { callTimeoutMs: 60_000 }).facts(query, {
      signal: controller.signal,
    });
    controller.abort();
    await expect(asking).rejects.toMatchObject({ code: "E_INTERRUPTED" });
  });

  test("the manifest has scope, time and the operator's rules, and reads metadata once", async () => {
    let reads = 0;
    const metadata = async (): Promise<Record<string, unknown>> => {
      reads += 1;
      return { version: "1", nothing: undefined };
    };
    const prices = { currency: "EUR" as const, perNodeHour: 2 };
    const made = site([provider("a", { metadata }), provider("bad", { metadata: explode })], {
      prices,
      policy: { maxNodes: 4 },
    });
    const manifest = await made.manifest();
    await made.manifest();
    expect(reads).toBe(1);
    const stamp = { scope: "cluster", observedAt: "2026-01-01T00:00:00.000Z" };
    expect(manifest).toEqual({
      parallel: { a: { version: "1", ...stamp }, bad: { ...stamp, error: "boom" } },
      site: { prices, policy: { maxNodes: 4 } },
    });
    expect(() => Manifest.parse(manifest)).not.toThrow();
    expect(await made.facts(query)).toMatchObject({ prices, policy: { maxNodes: 4 } });
  });

  test("the truth export has the seed's form", async () => {
    const simulated = provider("openmpi", { truth: () => ({ version: "4.1" }) });
    const made = site([simulated, provider("real")], { archetype: "hpc" });
    expect(await made.truth()).toMatchObject({
      truth: { parallel: { openmpi: { version: "4.1" }, real: { version: "1" } } },
      registry: { parallel: [] },
      metadata: { archetype: "hpc" },
    });
  });
});

test("a cluster's login node, all of it", async () => {
  const { lmod, nvidia, rdma, mounts } = machines;
  const host = fakeHost({
    env: lmod.env,
    executables: lmod.executables,
    directories: mounts.directories,
    files: { ...rdma.files, ...mounts.files },
    commands: { ...lmod.commands, ...nvidia.commands, ...mounts.commands },
  });
  const site = await discoverSite({
    workerId: "w",
    providers: defaultProviders(host, { hostScope: "login-node" }),
    engines: [fakeEngine()],
    now,
  });
  const facts = Facts.parse(await site.facts(query));
  expect(facts.software.map(({ source, found }) => [source, found.length])).toEqual([
    ["path", 0],
    ["modules", 2],
  ]);
  expect(facts.hardware.every(({ scope }) => scope === "login-node")).toBe(true);
  expect(facts.evidence.find(({ provider: name }) => name === "slurm")?.scope).toBe("cluster");
  expect((await site.truth()).registry["software"]).toContain("modules.list_available_modules");
});

test("a machine with nothing answers without running a program", async () => {
  const host = fakeHost();
  const site = await discoverSite({
    workerId: "w",
    providers: defaultProviders(host, { hostScope: "compute-node" }),
  });
  expect(site.probes.filter(({ status }) => status !== "absent").map(({ provider: name }) => name)).toEqual([
    "cpu",
    "memory",
    "path",
  ]);
  expect(host.calls).toEqual([]);
});

test("this machine has a processor and memory", async () => {
  const context = createProviderContext({ env: process.env });
  const site = await discoverSite({
    workerId: "here",
    providers: defaultProviders(context, { hostScope: "compute-node" }),
  });
  expect([...site.providers.keys()]).toEqual(expect.arrayContaining(["cpu", "memory"]));
  const facts = Facts.parse(await site.facts({ software: [], paths: [] }));
  expect(facts.hardware.some(({ cores = 0 }) => cores > 0)).toBe(true);
  expect(facts.hardware.some(({ memoryBytes = 0 }) => memoryBytes > 2 ** 20)).toBe(true);
  await site.close();
});
