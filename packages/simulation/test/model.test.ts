import {
  archetypeRanges,
  archetypes,
  chooseArchetype,
  drawCluster,
  drawSoftware,
  isArchetype,
  type ClusterModel,
} from "@parley/simulation";
import { bytesPerGib } from "@parley/core";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";

const ids = fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9._-]{0,30}$/);
const sample = (count: number): string[] => Array.from({ length: count }, (_, index) => `worker-${index}`);

function expectWithin(value: number, [min, max]: readonly [number, number]): void {
  expect(value).toBeGreaterThanOrEqual(min);
  expect(value).toBeLessThanOrEqual(max);
}

test("10,000 ids are drawn 40/40/20 within two per cent", () => {
  const drawn = sample(10_000).map(chooseArchetype);
  const share = (archetype: string): number =>
    drawn.filter((item) => item === archetype).length / drawn.length;
  expect(Math.abs(share("hpc") - 0.4)).toBeLessThan(0.02);
  expect(Math.abs(share("cloud") - 0.4)).toBeLessThan(0.02);
  expect(Math.abs(share("standalone") - 0.2)).toBeLessThan(0.02);
});

test("only the three archetypes are archetypes", () => {
  expect(archetypes.every(isArchetype)).toBe(true);
  for (const other of ["HPC", "", "nosuch", undefined, 3, "toString"]) expect(isArchetype(other)).toBe(false);
});

describe.each(archetypes)("a drawn %s site", (archetype) => {
  const ranges = archetypeRanges[archetype];

  test("keeps the ranges of its archetype", () => {
    fc.assert(
      fc.property(ids, (id) => {
        const { nodes, node, partitions, storage, load } = drawCluster(id, archetype);
        expectWithin(nodes, ranges.nodes);
        expectWithin(node.cores, ranges.coresPerNode);
        expectWithin(node.memoryBytes / bytesPerGib, ranges.memoryGibPerNode);
        expectWithin(node.gpus?.count ?? 0, ranges.gpusPerNode);
        expectWithin(partitions.length, ranges.partitions);
        expect(storage.length).toBeGreaterThan(0);
        for (const store of storage) {
          expectWithin(store.totalBytes / bytesPerGib, ranges.storageGib);
          expect(store.usedBytes).toBeGreaterThanOrEqual(0);
          expect(store.usedBytes).toBeLessThanOrEqual(store.totalBytes);
          expect(Number.isSafeInteger(store.totalBytes)).toBe(true);
        }
        expect(load.availableNodes).toBeGreaterThan(0);
        expect(load.availableNodes).toBeLessThanOrEqual(nodes);
      }),
    );
  });

  test("has a queue for jobs that name none, and rules that agree with its queues", () => {
    fc.assert(
      fc.property(ids, (id) => {
        const { partitions, policy, load } = drawCluster(id, archetype);
        expect(partitions.filter(({ isDefault }) => isDefault)).toHaveLength(1);
        expect(new Set(partitions.map(({ name }) => name)).size).toBe(partitions.length);
        expect(policy.queues).toEqual(partitions.map(({ name }) => name));
        for (const partition of partitions) {
          expect(partition.maxNodesPerJob ?? 1).toBeLessThanOrEqual(load.availableNodes);
          expect(partition.maxNodesPerJob ?? 1).toBeLessThanOrEqual(policy.maxNodes ?? 1);
        }
      }),
    );
  });

  test("has software that fits its hardware and its MPI", () => {
    fc.assert(
      fc.property(ids, (id) => {
        const model = drawCluster(id, archetype);
        const installed = model.softwareSources.flatMap((source) => drawSoftware(model, source));
        expect(installed.length).toBeGreaterThanOrEqual(ranges.packages[0]);
        expect(installed.length).toBeLessThanOrEqual(ranges.packages[1] + model.softwareSources.length);
        expectFitting(model, installed);
      }),
      { numRuns: 40 },
    );
  });

  test("is plain data", () => {
    fc.assert(
      fc.property(ids, (id) => {
        const model = drawCluster(id, archetype);
        expect(JSON.parse(JSON.stringify(model))).toEqual(model);
      }),
    );
  });
});

function expectFitting(model: ClusterModel, installed: ReturnType<typeof drawSoftware>): void {
  const vendor = model.node.gpus?.vendor;
  const variants = new Set(installed.flatMap((item) => item.with));
  const names = new Set(installed.map((item) => item.package));
  const forbidden = [
    ...(vendor === "nvidia" ? [] : ["cuda", "cudnn", "nccl"]),
    ...(vendor === "amd" ? [] : ["rocm"]),
    ...(model.mpi.length > 0 ? [] : ["mpi", "openmpi", "mpich"]),
  ];
  expect(forbidden.filter((name) => variants.has(name) || names.has(name))).toEqual([]);
  const libraries = installed.filter((item) => item.package === "openmpi" || item.package === "mpich");
  const known = new Set(model.mpi.map(({ impl, version }) => `${impl}@${version}`));
  expect(libraries.filter((item) => !known.has(`${item.package}@${item.version}`))).toEqual([]);
}

const models = (archetype: (typeof archetypes)[number]): ClusterModel[] =>
  sample(400).map((id) => drawCluster(id, archetype));

describe("over many ids", () => {
  test("hpc sites have InfiniBand and Omni-Path, Slurm and Flux, GPUs of both makers and none", () => {
    const hpc = models("hpc");
    expect(new Set(hpc.map(({ fabric }) => fabric.kind))).toEqual(new Set(["infiniband", "omni-path"]));
    expect(new Set(hpc.map(({ fabric }) => fabric.bitsPerSecond / 1e9))).toEqual(
      new Set([40, 100, 200, 400]),
    );
    expect(new Set(hpc.map(({ manager }) => manager))).toEqual(new Set(["slurm", "flux"]));
    expect(new Set(hpc.map(({ node }) => node.gpus?.vendor))).toEqual(new Set(["nvidia", "amd", undefined]));
  });

  test("cloud sites have S3 and NFS", () => {
    const kinds = models("cloud").flatMap(({ storage }) => storage.map(({ kind }) => kind));
    expect(new Set(kinds)).toEqual(new Set(["s3", "nfs"]));
  });

  test("some standalone machines are idle and some are not", () => {
    const busy = models("standalone").map(({ load }) => load.busyUnits > 0);
    expect(new Set(busy)).toEqual(new Set([true, false]));
  });

  test("names are of the archetype's taste", () => {
    for (const { name } of models("hpc"))
      expect(name).toMatch(/^[a-z]+-[a-z]+-(cluster|hpc|super|system|peak)$/);
    for (const { name } of models("cloud")) expect(name).toMatch(/-(cloud|region|zone|pool)$/);
  });

  test("the usual packages occur, and sources spell them their own way", () => {
    const found = new Map<string, Set<string>>();
    for (const model of models("hpc").slice(0, 40)) {
      for (const source of model.softwareSources) {
        for (const { name } of drawSoftware(model, source))
          found.set(source, (found.get(source) ?? new Set()).add(name));
      }
    }
    const usual = ["lammps", "gromacs", "cp2k", "quantum-espresso", "openfoam", "wrf", "hdf5", "python"];
    expect(usual.filter((name) => found.get("spack")?.has(name) !== true)).toEqual([]);
    expect(found.get("spack")?.has("py-torch")).toBe(true);
    expect(found.get("modules")?.has("pytorch")).toBe(true);
    expect(found.get("spack")?.has("pytorch")).toBe(false);
  });
});
