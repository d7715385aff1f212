import { Facts, Manifest } from "@parley/core";
import {
  archetypes,
  createSimulatedSite,
  drawSoftware,
  exportTruth,
  type SimulatedSite,
} from "@parley/simulation";
import { fakeClock } from "@parley/testing";
import { describe, expect, test } from "vitest";
import { z } from "zod";

const clock = fakeClock();
const query = { software: ["LAMMPS", "pytorch", "nosuch"], paths: [] };
const sitesOf = async (archetype: (typeof archetypes)[number], count = 25): Promise<SimulatedSite[]> =>
  Promise.all(
    Array.from({ length: count }, async (_, index) =>
      createSimulatedSite({ workerId: `site-${index}`, archetype, clock }),
    ),
  );

/** Arguments every tool of the simulation accepts, by name. */
const sampleArguments: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  check_instruction_support: { feature: "avx2" },
  get_module_details: { module_name: "gcc" },
  "spack.get_package_info": { name: "gcc" },
  "pip.get_package_info": { package_name: "torch" },
  get_quota_info: { path: "/lustre/scratch/ada" },
  get_stripe_info: { path: "/lustre/scratch" },
  get_mount_latency_hint: { path: "/home" },
};

describe.each(archetypes)("a simulated %s site", (archetype) => {
  test("has facts that fit the record and name their evidence", async () => {
    for (const site of await sitesOf(archetype)) {
      const facts = Facts.parse(await site.facts(query));
      const known = new Set(facts.evidence.map(({ id }) => id));
      expect(known.size).toBe(facts.evidence.length);
      const { workloads, software, mpi, containers, fabrics, storage, hardware } = facts;
      for (const item of [workloads, software, mpi, containers, fabrics, storage, hardware].flat()) {
        expect(known).toContain(item.evidence);
      }
      for (const { provider, tool } of facts.evidence) {
        expect(site.providers.get(provider)?.tools.map(({ name }) => name)).toContain(tool);
      }
    }
  });

  test("shows the same cores, GPUs and load to the scheduler, the hardware and the truth", async () => {
    for (const site of await sitesOf(archetype)) {
      const facts = await site.facts(query);
      const { truth } = await site.truth();
      const group = facts.workloads[0]?.nodeGroups[0];
      const told = Object.values(truth["workload"] ?? {})[0] ?? {};
      expect(group).toMatchObject({
        nodes: told["total_nodes"],
        idleNodes: told["idle_nodes"],
        idleCores: told["idle_cores"],
        coresPerNode: told["cores_per_node"],
        gpusPerNode: told["gpus_per_node"],
      });
      expect(group?.idleNodes).toBeLessThanOrEqual(group?.availableNodes ?? 0);
      expect(facts.hardware.find(({ cores }) => cores !== undefined)?.cores).toBe(group?.coresPerNode);
      const gpus = facts.hardware.flatMap((item) => item.gpus);
      expect(gpus.reduce((sum, { count }) => sum + count, 0)).toBe(group?.gpusPerNode);
      for (const { model, memoryBytes } of gpus) {
        expect(group).toMatchObject({ gpuModel: model, gpuMemoryBytes: memoryBytes });
      }
      expect(Object.keys(truth["hardware"] ?? {}).some((name) => name.endsWith("-gpu"))).toBe(
        gpus.length > 0,
      );
    }
  });

  test("has a manifest that survives JSON", async () => {
    for (const site of await sitesOf(archetype)) {
      const manifest = await site.manifest();
      expect(Manifest.parse(JSON.parse(JSON.stringify(manifest)))).toEqual(manifest);
    }
  });

  test("has described tools that answer with JSON", async () => {
    for (const site of await sitesOf(archetype, 6)) {
      for (const [name, provider] of site.providers) {
        expect(await provider.probe()).toMatchObject({ status: "present" });
        for (const tool of provider.tools.filter(({ kind }) => kind === "observe")) {
          const args = sampleArguments[`${name}.${tool.name}`] ?? sampleArguments[tool.name] ?? {};
          const answer = await tool.handler(args, {});
          expect(JSON.parse(JSON.stringify(answer)), `${name}.${tool.name}`).toBeTypeOf("object");
          const { properties = {} } = z.toJSONSchema(tool.input, { io: "input" });
          for (const property of Object.values(properties)) expect(property).toHaveProperty("description");
        }
      }
    }
  });
});

test("software is looked up by exact name, whatever its case, and nothing is found that is not there", async () => {
  for (const site of await sitesOf("hpc", 10)) {
    const { software } = await site.facts(query);
    for (const { source, found, asked } of software) {
      expect(asked).toEqual(query.software);
      const all = drawSoftware(site.model, source === "path" ? "pip" : source);
      const expected = all.filter((item) => item.package === "lammps" || item.package === "pytorch");
      expect(found.map(({ name, version }) => `${name}@${version}`)).toEqual(
        expected.map(({ name, version }) => `${name}@${version}`),
      );
    }
  }
});

test("a submission moves facts and truth together", async () => {
  const time = fakeClock();
  const sites = await sitesOf("hpc");
  const idle = sites.find(({ model }) => model.load.busyUnits < model.load.availableNodes - 10);
  const site = await createSimulatedSite({ workerId: idle?.workerId ?? "", archetype: "hpc", clock: time });
  const nodesIdle = async (): Promise<unknown[]> => {
    const { truth } = await site.truth();
    const [told] = Object.values(truth["workload"] ?? {});
    return [(await site.facts(query)).workloads[0]?.nodeGroups[0]?.idleNodes, told?.["idle_nodes"]];
  };
  const [before] = await nodesIdle();
  const resources = { nodes: 2 };
  await site.engines[0]?.submit({ command: ["lmp"], environment: {}, load: [], resources }, { tag: "t" });
  time.advance(60_000);
  expect(await nodesIdle()).toEqual([Number(before) - 2, Number(before) - 2]);
  await site.close();
});

test("paths outside a file system are refused", async () => {
  const sites = await sitesOf("hpc");
  const lustre = sites.flatMap((site) => site.providers.get("lustre") ?? [])[0];
  const quota = lustre?.tools.find(({ name }) => name === "get_quota_info");
  for (const path of ["/etc/passwd", "/lustre/scratchy", "", "x".repeat(5000)]) {
    await expect(quota?.handler({ path }, {})).rejects.toMatchObject({ code: "E_ARGUMENT_INVALID" });
  }
});

test("an unusable worker id is refused", async () => {
  for (const workerId of ["", "../x", "a b", "-a", "x".repeat(64)]) {
    await expect(createSimulatedSite({ workerId })).rejects.toMatchObject({ code: "E_ARGUMENT_INVALID" });
  }
});

test("the truth of many sites is the seed's file, and one that fails does not take the rest with it", async () => {
  const sites = [...(await sitesOf("hpc", 3)), ...(await sitesOf("cloud", 1))];
  const broken = Object.assign({}, sites[0], {
    workerId: "broken",
    truth: async () => {
      throw new Error("gone");
    },
  });
  const renamed = sites.map((site, index) => Object.assign({}, site, { workerId: `w${index}` }));
  const exported = await exportTruth([...renamed, broken], { clock });
  expect(Object.keys(exported)).toEqual(["timestamp", "ground_truth", "archetypes", "counts"]);
  expect(exported.timestamp).toBe(clock.now() / 1000);
  expect(exported.archetypes).toEqual({ hpc: 3, cloud: 1 });
  expect(exported.ground_truth["broken"]).toEqual({ type: "error", message: "gone" });
  expect(exported.counts["workload"]?.["kubernetes"]).toBe(1);
  expect(exported.counts["hardware"]?.["cpu"]).toBe(4);
  expect(exported.ground_truth["w3"]).toMatchObject({ metadata: { archetype: "cloud" } });
});
