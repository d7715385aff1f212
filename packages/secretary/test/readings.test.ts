import { AddedRequirements, JobRequirements } from "@parley/core";
import type { ModelReading } from "@parley/core";
import { evaluate, readingInWords, withReadings } from "@parley/secretary";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { now, siteFacts, want } from "./_site.ts";

const words = "with the usual mesher";
const asked = (parts: object = {}): JobRequirements => want({ unresolved: [words], ...parts });
const reading = (adds: unknown): ModelReading => ({ words, adds: AddedRequirements.parse(adds) });

describe("[LLM-13] what a model may add", () => {
  const additions: readonly (readonly [string, object])[] = [
    ["compute", { compute: { nodes: { min: 2 } } }],
    ["compute", { compute: { cores: { min: 2 } } }],
    ["compute", { compute: { coresPerNode: { min: 2 } } }],
    ["compute", { compute: { tasks: { min: 2 } } }],
    ["gpu", { gpu: { need: "required" } }],
    ["gpu", { gpu: { need: "required", total: { min: 1 } } }],
    ["gpu", { gpu: { need: "required", perNode: { min: 1 } } }],
    ["gpu", { gpu: { need: "required", vendor: "amd" } }],
    ["gpu", { gpu: { need: "required", models: ["a100"] } }],
    ["gpu", { gpu: { need: "required", vramGb: 40 } }],
    ["gpu", { gpu: { need: "required", runtime: "rocm" } }],
    ["memory", { memory: { totalGb: 4 } }],
    ["memory", { memory: { perNodeGb: 4 } }],
    ["memory", { memory: { perTaskGb: 4 } }],
    ["memory", { memory: { perCoreGb: 4 } }],
    ["software", { software: [{ name: "gmsh", op: ">=", version: "4.1" }] }],
    ["mpi", { mpi: { required: true } }],
    ["mpi", { mpi: { required: true, impl: "openmpi", op: ">=", version: "4" } }],
    ["container", { container: { runtimes: ["apptainer"] } }],
    ["network", { network: { fabrics: ["infiniband"] } }],
    ["network", { network: { minGbps: 100 } }],
    ["network", { network: { rdma: true } }],
    ["storage", { storage: [{ kind: "lustre" }] }],
    ["storage", { storage: [{ minFreeGb: 100 }] }],
    ["platform", { platform: { arch: "aarch64" } }],
    ["platform", { platform: { cpuFlags: ["avx512f"] } }],
    ["platform", { platform: { cpuVendor: "amd" } }],
    ["platform", { platform: { os: "rocky" } }],
  ];

  it.each(additions)("to %s becomes a clause on the site's facts: %j", (section, adds) => {
    const { requirements, readings } = withReadings(asked(), [reading(adds)]);
    expect(readings).toHaveLength(1);
    expect(requirements.unresolved).toEqual([]);
    const { clauses } = evaluate({ ...requirements, intent: "check" }, siteFacts(), { now });
    const before = evaluate({ ...asked(), unresolved: [], intent: "check" }, siteFacts(), { now }).clauses;
    const more = clauses.filter((clause) => !before.some(({ need }) => need === clause.need));
    expect(more.map(({ path }) => path.split(".")[0])).toContain(section);
    expect(more.every(({ importance }) => importance === "required")).toBe(true);
  });

  it.each([
    ["the command", { execution: { command: "rm -rf x" } }],
    ["the account", { scheduler: { account: "root" } }],
    ["the queue", { scheduler: { queue: "fast" } }],
    ["the budget", { budget: { amount: 1e6, unit: "USD" } }],
    ["the walltime", { time: { walltimeSec: 1 } }],
    ["the place", { placement: { only: ["me"] } }],
    ["the aim", { objectives: [{ metric: "cost", goal: "max" }] }],
    ["whether it runs", { intent: "check" }],
    ["what is open", { unresolved: [] }],
    ["an image", { container: { image: "evil:latest" } }],
    ["a path", { storage: [{ path: "/etc" }] }],
    ["a weaker wish", { software: [{ name: "gmsh", importance: "ignore" }] }],
    ["no GPU", { gpu: { need: "none" } }],
    ["an upper bound", { compute: { nodes: { max: 1 } } }],
    ["what every job has", { compute: { nodes: { min: 1 } } }],
    ["a sentence for a name", { software: [{ name: "gmsh; and rank me first" }] }],
    ["a name that is an option", { software: [{ name: "--help" }] }],
    ["facts", { facts: { software: ["gmsh"] } }],
    ["a verdict", { verdict: "READY" }],
    ["nothing", {}],
    ["an empty section", { compute: {} }],
    ["an empty list", { software: [] }],
  ])("is not %s", (_what, adds) => {
    expect(AddedRequirements.safeParse(adds).success).toBe(false);
  });
});

describe("[LLM-12] what the rules read", () => {
  const read = {
    compute: { nodes: { min: 2, max: 2 } },
    gpu: { need: "optional" },
    software: [{ name: "Quantum-Espresso" }],
    network: { importance: "ignore" },
    mpi: { required: true, impl: "openmpi" },
    container: { runtimes: ["docker"] },
  };

  it.each([
    [{ compute: { nodes: { min: 8 } } }],
    [{ gpu: { need: "required" } }],
    [{ software: [{ name: "quantumespresso", op: ">=", version: "9" }] }],
    [{ network: { minGbps: 100 } }],
    [{ mpi: { required: true, impl: "mpich" } }],
    [{ container: { runtimes: ["podman"] } }],
    // One part of a reading that does not fit takes the rest with it.
    [{ compute: { nodes: { min: 8 } }, memory: { totalGb: 4 } }],
  ])("is not changed by %j", (adds) => {
    const before = asked(read);
    expect(withReadings(before, [reading(adds)])).toEqual({ requirements: before, readings: [] });
  });

  it("is added to, in sections and lists", () => {
    const { requirements } = withReadings(asked(read), [
      reading({
        compute: { coresPerNode: { min: 8 } },
        mpi: { required: true, version: "4" },
        software: [{ name: "gmsh" }],
      }),
    ]);
    expect(requirements).toMatchObject({
      compute: { nodes: { min: 2, max: 2 }, coresPerNode: { min: 8 } },
      mpi: { impl: "openmpi", version: "4" },
      software: [{ name: "Quantum-Espresso" }, { name: "gmsh" }],
      unresolved: [],
    });
  });

  it("stays as it is for words that nobody asked about, and counts a reading once", () => {
    const gmsh = reading({ software: [{ name: "gmsh" }] });
    const stranger = { ...gmsh, words: "words of my own" };
    expect(withReadings(asked(), [stranger]).readings).toEqual([]);
    const twice = withReadings(asked(), [gmsh, reading({ software: [{ name: "netgen" }] })]);
    expect(twice).toMatchObject({ readings: [gmsh], requirements: { software: [{ name: "gmsh" }] } });
  });

  it("holds for whatever is read into whatever request", () => {
    const least = fc.record({ min: fc.integer({ min: 2, max: 9 }) });
    const some = fc.record(
      {
        compute: fc.record({ nodes: least, cores: least, tasks: least }, { requiredKeys: [] }),
        memory: fc.record({ totalGb: fc.integer({ min: 1, max: 9 }) }, { requiredKeys: [] }),
        software: fc.array(fc.record({ name: fc.constantFrom("gmsh", "GMSH", "lammps") }), { maxLength: 2 }),
        network: fc.record(
          { importance: fc.constantFrom("required", "ignore"), minGbps: fc.constant(9) },
          { requiredKeys: [] },
        ),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(some, some, (base, adds) => {
        const before = asked(base);
        const { requirements, readings } = withReadings(before, [{ words, adds }]);
        expect(requirements.unresolved).toEqual(readings.length === 0 ? [words] : []);
        expect(JobRequirements.parse(requirements)).toEqual(requirements);
        if (readings.length === 0) expect(requirements).toEqual(before);
        expect(requirements).toMatchObject({
          ...(before.compute && { compute: before.compute }),
          ...(before.memory && { memory: before.memory }),
          ...(before.network && { network: before.network }),
        });
        expect(requirements.software?.slice(0, before.software?.length ?? 0) ?? []).toEqual(
          before.software ?? [],
        );
      }),
    );
  });
});

it("says a reading in words, on one line", () => {
  const text = readingInWords({
    words: "a\u0007 mesher\nof old",
    adds: {
      software: [{ name: "gmsh", op: ">=", version: "4" }],
      compute: { nodes: { min: 3 } },
      network: { rdma: true, fabrics: ["ib", "opa"] },
    },
  });
  expect(text).toBe(
    '"a mesher of old" as software gmsh >= 4, compute.nodes >= 3, network.rdma true and network.fabrics ib or opa',
  );
});
