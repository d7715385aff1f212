import {
  compareVersions,
  createSecretary,
  legacyText,
  mergeRequirements,
  renderRequest,
  satisfiesVersion,
  tokenizeCommand,
} from "@parley/secretary";
import { readProposals } from "@parley/selection";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { call, fakeSite, now, siteFacts, want } from "./_site.ts";

describe("versions", () => {
  it.each([
    ["2.10.1", "2.9", 1],
    ["1.0", "1.0.0", 0],
    ["20220623", "2022.6.23", 0],
    ["23Jun2022", "20220623", 0],
    ["29Aug2024", "23Jun2022", 1],
    ["2022.4", "2022.3.9", 1],
    ["v1.2", "1.2", 0],
    ["4.1.6+cuda", "4.1.6", 0],
    ["7.0", "6.8-rc1", 1],
    ["stable", "1", 1],
    ["20229999", "20220101", 1],
  ])("%s against %s", (left, right, sign) => {
    expect(Math.sign(compareVersions(left, right))).toBe(sign);
    expect(Math.sign(compareVersions(right, left))).toBe(sign === 0 ? 0 : -sign);
  });

  it.each([
    ["~", "2.1.7", "2.1", true],
    ["~", "2.10", "2.1", false],
    ["~", "2.1", "2.1", true],
    ["==", "7.0", "7", true],
    [">=", "2.10.1", "2.9", true],
    [">", "9.1", "9.1", false],
    ["<", "9.0.9", "9.1", true],
    ["<=", "9.2", "9.1", false],
  ] as const)("%s: has %s, wants %s", (op, have, wanted, fits) => {
    expect(satisfiesVersion(op, have, wanted)).toBe(fits);
  });

  it("orders any texts consistently", () => {
    const version = fc.oneof(fc.string(), fc.stringMatching(/^\d{1,4}(\.\d{1,3}){0,3}[a-z]{0,2}$/));
    fc.assert(
      fc.property(version, version, version, (a, b, c) => {
        expect(Math.sign(compareVersions(a, b)) + Math.sign(compareVersions(b, a))).toBe(0);
        const [low, , high] = [a, b, c].toSorted(compareVersions);
        expect(compareVersions(low ?? "", high ?? "")).toBeLessThanOrEqual(0);
      }),
    );
  });
});

describe("tokenizeCommand", () => {
  it("splits as POSIX shells quote", () => {
    expect(tokenizeCommand(`  lmp -in "in file" 'a b'c \\ d ""  `)).toEqual({
      ok: true,
      argv: ["lmp", "-in", "in file", "a bc", " d", ""],
    });
    expect(tokenizeCommand(`echo "a\\"b\\$\\x" $HOME * ~ #`)).toEqual({
      ok: true,
      argv: ["echo", 'a"b$\\x', "$HOME", "*", "~", "#"],
    });
    expect(tokenizeCommand("a \\\n b")).toEqual({ ok: true, argv: ["a", "b"] });
    expect(tokenizeCommand("")).toEqual({ ok: true, argv: [] });
  });

  it("returns what was quoted, whatever it was", () => {
    const word = fc.string({ unit: "binary" }).filter((text) => !text.includes("\0") && !text.includes("\r"));
    fc.assert(
      fc.property(fc.array(word, { minLength: 1 }), (words) => {
        const line = words.map((text) => `'${text.replaceAll("'", `'\\''`)}'`).join(" ");
        expect(tokenizeCommand(line)).toEqual({ ok: true, argv: words });
      }),
    );
  });
});

describe("legacyText", () => {
  it("is read back by the reader of older proposals, unknown numbers and all", async () => {
    const secretary = createSecretary({ site: fakeSite(siteFacts()), now: () => now });
    const question = { compute: { nodes: { min: 5 } }, software: [{ name: "a```b" }] };
    const proposal = await secretary.propose(call(question));
    const text = legacyText(proposal, { verbose: true });
    expect(text.startsWith("EARLY RETURN: False\nFINAL PROPOSAL: UNKNOWN. ")).toBe(true);
    expect(text).toContain('"ets_seconds": -1');
    expect(text.match(/```/g)).toHaveLength(4);
    const [read] = readProposals({ w: { data: { worker_id: "w", proposal: text } } });
    expect(read?.proposal).toMatchObject({
      verdict: "UNKNOWN",
      metrics: { queueDepth: 7, startSeconds: null },
    });
    expect(legacyText(proposal)).not.toContain("CALLS");
  });
});

const gpus = (gpu: object): string => renderRequest(want({ gpu }));

describe("renderRequest", () => {
  it("says all that a site must know", () => {
    const text = renderRequest(
      want({
        software: [{ name: "lammps", op: ">=", version: "2022", with: ["kokkos", "cuda"], via: "spack" }],
        compute: { nodes: { min: 2, max: 2 }, exclusive: true, tasksPerNode: { min: 8 } },
        gpu: { need: "required", perNode: { min: 4, max: 4 }, models: ["a100"], vramGb: 80 },
        memory: { perNodeGb: 256 },
        time: { walltimeSec: 7200, urgency: "immediate", deadlineAt: "2026-11-20T18:00:00.000Z" },
        mpi: { required: true, impl: "openmpi", op: ">=", version: "4.1", lowLatency: true },
        network: { fabrics: ["infiniband", "slingshot"], minGbps: 100, importance: "preferred" },
        storage: [{ kind: "lustre", minFreeGb: 1024 }],
        platform: { arch: "x86_64", cpuFlags: ["avx512f"], cpuVendor: "AMD", os: "rocky" },
        scheduler: { managers: ["slurm", "flux"], queue: "gpu", account: "bio", namespace: "sims" },
        container: { runtimes: ["apptainer"], image: "lammps:1" },
        execution: {
          command: "lmp -in a",
          workdir: "/w",
          inputs: ["a"],
          params: { x: 1 },
          appFlags: ["-n"],
          binaryDir: "/b",
          cpuAffinity: "per-task",
        },
        array: { count: 3 },
        unresolved: ["and a pony"],
      }),
    );
    expect(text).toMatchInlineSnapshot(
      `"Run lammps >= 2022 with kokkos and cuda from spack in the image lammps:1 on 2 nodes used by nothing else, at least 8 tasks per node, 4 a100 GPUs per node with 80 GB of memory each and 256 GB of memory per node. It runs for up to 2h. It must start now. It must be done by 2026-11-20T18:00:00.000Z. It uses openmpi >= 4.1 with low latency. Preferably it has infiniband or slingshot of at least 100 Gb/s. It needs lustre storage with 1 TiB free. The processors must be x86_64. The processors must be from AMD. The processors must have avx512f. The operating system must be rocky. The scheduler must be slurm or flux. Use the queue gpu. Use the account bio. Use the namespace sims. It runs under apptainer. It is an array of 3 jobs. Also asked: "and a pony". The binary is in /b. The working directory is /w. The input is a. The parameters are x=1. The program's flags are -n. Every task is pinned. The command is: lmp -in a"`,
    );
  });

  it("keeps budget and objectives to the requester", () => {
    const text = renderRequest(
      want({
        intent: "check",
        compute: { nodes: { min: 1, max: 3 }, cores: { max: 9 } },
        gpu: { need: "none" },
        time: { startWithinSec: 60, finishWithinSec: 120, notBeforeAt: "2026-11-21T00:00:00.000Z" },
        budget: { amount: 200, unit: "USD" },
        objectives: [{ metric: "cost", goal: "min", weight: 9 }],
        scheduler: { forbidQueue: true },
        network: { importance: "ignore" },
      }),
    );
    expect(text).toMatchInlineSnapshot(
      `"Can this site run a job on 1 to 3 nodes, at most 9 cores in all and no GPUs? It must start within 1m. It must be done within 2m. It must not start before 2026-11-21T00:00:00.000Z. Do not set a queue."`,
    );
    expect(text).not.toMatch(/200|USD|cost|cheap|weight/i);
  });

  it("names other ways to ask for GPUs", () => {
    expect(gpus({ need: "optional", total: { min: 2, max: 2 } })).toBe("Run a job on optionally 2 GPUs.");
    expect(gpus({ need: "required", perTask: { min: 1, max: 1 }, vendor: "amd" })).toBe(
      "Run a job on 1 amd GPU per task.",
    );
    expect(gpus({ need: "required" })).toBe("Run a job on GPUs.");
    expect(gpus({ need: "required", importance: "ignore" })).toBe("Run a job.");
  });
});

describe("mergeRequirements", () => {
  const base = want({
    compute: { nodes: { min: 3 }, exclusive: true },
    software: [{ name: "lammps" }],
    unresolved: ["soon"],
  });

  it("lets the field win, replacing ranges and lists whole", () => {
    const merged = mergeRequirements(base, {
      compute: { nodes: { min: 2, max: 2 } },
      software: [{ name: "gromacs" }],
      time: { walltimeSec: 60 },
      budget: undefined,
    });
    expect(merged).toEqual({
      ...base,
      compute: { nodes: { min: 2, max: 2 }, exclusive: true },
      software: [{ name: "gromacs" }],
      time: { walltimeSec: 60 },
    });
    expect(base.compute?.nodes).toEqual({ min: 3 });
    expect(mergeRequirements(base, {})).toEqual(base);
  });

  it("names the field that cannot be", () => {
    expect(() => mergeRequirements(base, { compute: { nodes: { min: 3, max: 2 } } })).toThrow(
      expect.objectContaining({
        code: "E_ARGUMENT_INVALID",
        message: "The request's compute.nodes cannot be used: min exceeds max.",
      }),
    );
  });
});
