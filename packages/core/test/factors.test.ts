import { Facts, factorTable, missingScore, readFactors, scoreReading } from "@parley/core";
import type { Factor, FactorName, ProposalMetrics } from "@parley/core";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

const factor = (name: FactorName): Factor => {
  const found = factorTable.find((item) => item.name === name);
  if (!found) throw new Error(`no factor ${name}`);
  return found;
};
const facts = (parts: Partial<Facts> = {}): Facts =>
  Facts.parse({ schema: "facts/1", workerId: "w", observedAt: "2026-11-20T10:00:00.000Z", ...parts });
const noMetrics: ProposalMetrics = {
  idleNodes: null,
  idleCores: null,
  queueDepth: null,
  startSeconds: null,
  cost: null,
  currency: null,
};

const site = (nodeGroups: object[]): Facts =>
  Facts.parse({
    ...facts(),
    workloads: [{ manager: "slurm", status: "present", canSubmit: true, nodeGroups }],
  });
const inventory = (names: string[]): Facts["software"] => [
  {
    source: "spack",
    status: "present",
    scope: "cluster",
    asked: [],
    found: names.map((name) => ({ name })),
  },
];

describe("scoreReading", () => {
  it("puts 1 Gb/s at 0, 10 Gb/s in the middle and 100 Gb/s at 1", () => {
    expect([1, 10, 100, 400].map((gbps) => scoreReading(factor("network"), gbps))).toEqual([0, 0.5, 1, 1]);
  });

  it("scores less as better where worst exceeds best, zero included", () => {
    expect(scoreReading(factor("wait"), 0)).toBe(1);
    expect(scoreReading(factor("wait"), 1e9)).toBe(0);
    expect(scoreReading(factor("cost"), 0)).toBe(1);
  });

  it("gives a missing reading the fixed pessimistic score", () => {
    expect(scoreReading(factor("wait"), null)).toBe(missingScore);
    expect(scoreReading(factor("wait"), Number.NaN)).toBe(missingScore);
    expect(scoreReading({ ...factor("wait"), worst: 5, best: 5 }, 5)).toBe(missingScore);
    expect(scoreReading({ ...factor("wait"), worst: 0, best: 5 }, 5)).toBe(missingScore);
  });

  it("is monotone and stays within 0 and 1 on every factor", () => {
    fc.assert(
      fc.property(fc.constantFrom(...factorTable), fc.double(), fc.double(), (item, left, right) => {
        fc.pre(Number.isFinite(left) && Number.isFinite(right));
        const [low, high] = left <= right ? [left, right] : [right, left];
        const [first, second] = [scoreReading(item, low), scoreReading(item, high)];
        expect(Math.min(first, second)).toBeGreaterThanOrEqual(0);
        expect(Math.max(first, second)).toBeLessThanOrEqual(1);
        expect(item.best > item.worst ? second - first : first - second).toBeGreaterThanOrEqual(0);
      }),
    );
  });
});

describe("readFactors", () => {
  it("says null for everything an empty site does not know", () => {
    expect(readFactors({}, facts(), noMetrics)).toEqual({
      network: null,
      compute: null,
      gpu: null,
      storage: null,
      software: null,
      wait: null,
      cost: null,
    });
  });

  it("counts a fabric without RDMA at 40 Gb/s at most and ignores one of unknown speed", () => {
    const fabrics = [
      { kind: "ethernet", bitsPerSecond: 1e11, rdma: false, devices: [], scope: "cluster" as const },
      { kind: "infiniband", rdma: true, devices: [], scope: "cluster" as const },
    ];
    expect(readFactors({}, facts({ fabrics }), noMetrics).network).toBe(40);
  });

  it("reads idle GPUs of the vendor asked for, zero when there are nodes but none has any", () => {
    const group = { nodes: 2, availableNodes: 2, idleNodes: 1, coresPerNode: 8, idleCores: 8 };
    const nvidia = { gpu: { need: "required" as const, vendor: "nvidia" as const } };
    expect(readFactors(nvidia, site([group]), noMetrics)).toMatchObject({ gpu: 0, compute: 8 });
    expect(readFactors(nvidia, site([{ ...group, gpusPerNode: 4, gpuVendor: "amd" }]), noMetrics).gpu).toBe(
      0,
    );
    expect(readFactors(nvidia, site([{ ...group, gpusPerNode: 4 }]), noMetrics).gpu).toBe(4);
    expect(readFactors(nvidia, site([{ ...group, gpusPerNode: 4, idleGpus: 7 }]), noMetrics).gpu).toBe(7);
  });

  it("reads the share of the software named", () => {
    const wanted = { software: [{ name: "GROMACS" }, { name: "openmpi" }] };
    expect(readFactors(wanted, facts({ software: inventory(["gromacs"]) }), noMetrics).software).toBe(0.5);
    expect(
      readFactors({ software: [{ name: "lammps" }] }, facts({ software: inventory(["lmp"]) }), noMetrics),
    ).toMatchObject({ software: 1 });
    expect(
      readFactors({ software: [{ name: "lammps" }] }, facts({ software: inventory([]) }), noMetrics),
    ).toMatchObject({ software: 0 });
  });

  it("does not compare a cost in another currency than the budget's", () => {
    const metrics: ProposalMetrics = { ...noMetrics, cost: 5, currency: "EUR" };
    const budget = { amount: 9, unit: "USD" as const, per: "job" as const };
    expect(readFactors({ budget }, facts(), metrics).cost).toBeNull();
    expect(readFactors({ budget: { ...budget, unit: "EUR" } }, facts(), metrics).cost).toBe(5);
    expect(readFactors({ budget: { ...budget, unit: "node-hours" } }, facts(), metrics).cost).toBe(5);
  });

  it("reads the largest free space in GiB", () => {
    const storage = [1, 3].map((gib) => ({
      kind: "nfs",
      parallel: false,
      freeBytes: gib * 2 ** 30,
      scope: "cluster" as const,
    }));
    expect(readFactors({}, facts({ storage }), noMetrics).storage).toBe(3);
  });
});
