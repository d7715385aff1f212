import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import * as fc from "fast-check";
import { JobRequirements } from "@parley/core";
import { createSecretaryProgram } from "../src/secretary/program.ts";
import { fixture } from "./_fake-hub.ts";
import { run } from "./_run.ts";

let directory = "";
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "resource-ask-"));
});
afterAll(() => rm(directory, { recursive: true, force: true }));

async function file(name: string, text: string): Promise<string> {
  const path = join(directory, name);
  await writeFile(path, text);
  return path;
}

async function parsed(...argv: readonly string[]): Promise<Record<string, unknown>> {
  const ran = await run(["parse", "--json", ...argv]);
  expect(ran).toMatchObject({ code: 0, err: "" });
  return JobRequirements.parse(JSON.parse(ran.out));
}

it("prints its version under either name", async () => {
  for (const program of [undefined, createSecretaryProgram]) {
    const ran = await run(["--version"], { program });
    expect(ran).toMatchObject({ code: 0, err: "" });
    expect(ran.out).toMatch(/^\d+\.\d+\.\d+$/);
  }
});

describe("parse", () => {
  it("lists fields with the words they were read from, and what was not understood", async () => {
    const ran = await run(["parse", "LAMMPS on 3 nodes for 2 hours, at most $200"]);
    expect(ran.code).toBe(0);
    expect(ran.out).toMatch(/^compute\.nodes +3 +"3 nodes"/m);
    expect(ran.out).toMatch(/^time\.walltimeSec +7200 +"for 2 hours"/m);
    expect(ran.out).toMatch(/^budget\.amount +200 +"at most \$200"/m);
  });

  it("lets every flag outrank the words", async () => {
    const words = "LAMMPS on 3 nodes for 2 hours";
    expect(await parsed(words, "--nodes", "2+")).toMatchObject({ compute: { nodes: { min: 2 } } });
    const flags = [
      "--cores=128",
      "--tasks=64",
      "--tasks-per-node=32",
      "--cores-per-task=2",
      "--gpus=4",
      "--gpu-model=A100",
      "--memory=64GiB",
      "--walltime=90m",
      "--software=gromacs@2024",
      "--software=fftw@>=3.3",
      "--software=cowsay",
      "--queue=debug",
      "--account=m1",
      "--budget=200USD",
      "--deadline=2030-01-31T18:00+01:00",
      "--command=lmp -in 'in file'",
      "--cwd=/scratch/x",
      "--env=OMP_NUM_THREADS=2",
      "--env=A=b=c,d",
      "--exclusive",
      "--image=docker://x:1",
    ];
    expect(await parsed(...flags)).toEqual({
      schema: "job-requirements/1",
      intent: "run",
      compute: {
        cores: { min: 128, max: 128 },
        tasks: { min: 64, max: 64 },
        tasksPerNode: { min: 32, max: 32 },
        coresPerTask: 2,
        exclusive: true,
      },
      gpu: { need: "required", perNode: { min: 4, max: 4 }, models: ["a100"] },
      memory: { perNodeGb: 64 },
      time: { walltimeSec: 5400, deadlineAt: "2030-01-31T17:00:00.000Z" },
      budget: { amount: 200, unit: "USD", per: "job" },
      software: [
        { name: "gromacs", op: "~", version: "2024" },
        { name: "fftw", op: ">=", version: "3.3" },
        { name: "cowsay" },
      ],
      container: { image: "docker://x:1" },
      scheduler: { queue: "debug", account: "m1" },
      execution: {
        command: "lmp -in 'in file'",
        workdir: "/scratch/x",
        environment: { OMP_NUM_THREADS: "2", A: "b=c,d" },
      },
      unresolved: [],
    });
    expect(await parsed("--gpus", "0")).toMatchObject({ gpu: { need: "none" } });
    expect(await parsed("--budget", "$5", "--memory", "512m")).toMatchObject({
      budget: { amount: 5, unit: "USD" },
      memory: { perNodeGb: 0.5 },
    });
  });

  it.each([
    ["--nodes", "0"],
    ["--nodes", "4-2"],
    ["--nodes", "two"],
    ["--cores-per-task", "1.5"],
    ["--memory", "64"],
    ["--memory", "0GiB"],
    ["--walltime", "soon"],
    ["--walltime", "0"],
    ["--budget", "200"],
    ["--budget", "$5EUR"],
    ["--deadline", "tomorrow"],
    ["--software", "@1"],
    ["--command", "a; b"],
    ["--command", "  "],
    ["--env", "x"],
  ])("refuses %s %s in one sentence that names the flag", async (flag, value) => {
    const ran = await run(["parse", "x", flag, value]);
    expect(ran).toMatchObject({ code: 2, out: "" });
    expect(ran.err).toMatch(new RegExp(`^error: ${flag}: .*\\.$`));
    expect(ran.err).not.toContain("\n");
  });

  it("never ends in an internal fault, whatever a flag holds", async () => {
    const flags = fc.constantFrom("nodes", "memory", "walltime", "budget", "software", "deadline", "gpus");
    await fc.assert(
      fc.asyncProperty(flags, fc.string({ maxLength: 40 }), async (flag, value) => {
        const ran = await run(["parse", "x", `--${flag}=${value}`]);
        expect([0, 2]).toContain(ran.code);
      }),
      { numRuns: 150 },
    );
  });

  it("wants a request, and one that is not too long", async () => {
    expect((await run(["parse"])).code).toBe(2);
    expect((await run(["parse", "-"], { readInput: async () => " \n" })).code).toBe(2);
    const long = await run(["parse", "-"], { readInput: async () => "x".repeat(100_000) });
    expect(long).toMatchObject({ code: 2 });
    expect(long.err).toContain("longer than the 16384 characters");
  });
});

describe("list select", () => {
  it("lists every strategy alphabetically with its tool name, and the true default", async () => {
    const ran = await run(["list", "select"]);
    const names = ran.out.split("\n").flatMap((line) => /^([a-z-]+) +select_/.exec(line)?.[1] ?? []);
    expect(names).toEqual(names.toSorted());
    expect(names).toContain("queue-depth");
    expect(ran.out).toContain("select_dynamic_queue");
    expect(ran.out).toMatch(/Default: weighted$/);
    const json = JSON.parse((await run(["list", "select", "--json"])).out);
    expect(json.default).toEqual(["weighted"]);
    expect((await run(["list", "nonsense"])).code).toBe(2);
  });
});

describe("select --proposals", () => {
  const seed = {
    a: { data: { proposal: '```json\n{"verdict":"READY"}\n```' }, metrics: { queue_depth: 5 } },
    b: { data: { proposal: '```json\n{"verdict":"READY"}\n```' }, metrics: { queue_depth: 0 } },
    broken: { type: "error", message: "no key" },
    status: { type: "manifest_only", data: "{}" },
  };

  it("reads the seed's format without a hub", async () => {
    const path = await file("seed.json", JSON.stringify(seed));
    for (const name of ["soonest", "select_soonest"]) {
      const ran = await run(["select", "--proposals", path, "x", "--select", name]);
      expect(ran).toMatchObject({ code: 0 });
      expect(ran.out).toContain("Selected b.");
    }
    const first = await run(["select", "--proposals", path, "--select", "random", "--seed", "1", "--json"]);
    const again = await run(["select", "--proposals", path, "--select", "random", "--seed", "1", "--json"]);
    expect(first.out).toBe(again.out);
  });

  it("reads what satisfy --json printed", async () => {
    const path = await file("ours.json", fixture("negotiation.json"));
    const ran = await run(["select", "--proposals", path, "--explain"]);
    expect(ran.out).toContain("Selected 10.");
    expect(ran.out).toMatch(/wait 0\.\d+ \(/);
    expect(ran.out).toMatch(/unmet +software\.0/);
  });

  it("falls through strategies, and ends with 3 when all fail", async () => {
    const none = { a: { data: { proposal: '{"verdict":"INCOMPATIBLE"}' } } };
    const path = await file("none.json", JSON.stringify(none));
    const ran = await run(["select", "--proposals", path, "--select", "min-cost", "--select", "random"]);
    expect(ran.code).toBe(3);
    expect(ran.out).toMatch(/min-cost: .*random: /);
  });

  it("refuses files that hold no proposals", async () => {
    for (const [text, why] of [
      ["{", "not JSON"],
      ["[]", "a list"],
      ['{"a":1}', "not an object"],
    ] as const) {
      const path = await file("bad.json", text);
      const ran = await run(["select", "--proposals", path]);
      expect(ran).toMatchObject({ code: 2, out: "" });
      expect(ran.err).toContain(why);
    }
    for (const [path, why] of [
      [join(directory, "none.json.x"), "no such file"],
      [directory, "is a directory"],
    ] as const) {
      const ran = await run(["select", "--proposals", path]);
      expect(ran).toMatchObject({ code: 2, out: "" });
      expect(ran.err).toContain(why);
    }
  });
});

describe("resource-secretary", () => {
  const program = createSecretaryProgram;

  it("shows facts and tools by category, one provider of it, or all in JSON", async () => {
    const ran = await run(["detect", "--simulated=10", "--archetype=hpc"], { program });
    expect(ran).toMatchObject({ code: 0 });
    expect(ran.out).toMatch(/^software +spack/m);
    const json = await run(["detect", "software", "spack", "--simulated=10", "--archetype=hpc", "--json"], {
      program,
    });
    const { software, ...others } = JSON.parse(json.out);
    expect(others).toEqual({});
    expect(Object.keys(software)).toEqual(["spack"]);
    const [tool] = Object.values<Record<string, unknown>>(software.spack.tools);
    expect(Object.keys(tool ?? {})).toEqual(["description", "parameters", "category"]);
    expect(tool?.["parameters"]).toMatchObject({ type: "object" });
  });

  it("names the nearest category, and the providers of one", async () => {
    const category = await run(["detect", "sofware", "--simulated=10", "--archetype=hpc"], { program });
    expect(category).toMatchObject({ code: 2 });
    expect(category.err).toContain("Did you mean software?");
    expect(
      (await run(["detect", "software", "nope", "--simulated=10", "--archetype=hpc"], { program })).err,
    ).toContain("spack");
  });

  it("looks at this machine, and says with --all what is not there and why", async () => {
    const ran = await run(["detect", "hardware", "--all"], { program });
    expect(ran.code).toBe(0);
    expect(ran.out).toMatch(/^hardware +cpu/m);
    expect(ran.out).toMatch(/ (absent|unreachable|forbidden|empty) /);
  });

  it("lists providers and applications", async () => {
    const providers = await run(["providers", "--simulated=10", "--archetype=hpc", "--json"], { program });
    expect(JSON.parse(providers.out).providers).toContainEqual(
      expect.objectContaining({ category: "software", name: "spack", status: "present" }),
    );
    expect((await run(["providers"], { program })).out).toMatch(/^hardware +cpu +yes/m);
    expect((await run(["apps"], { program })).out).toMatch(/^lammps +lmp/m);
  });

  it("answers a request with clauses, and ends with 3 when it cannot be served", async () => {
    const yes = await run(["ask", "Can you run cowsay on one node?", "--simulated=10", "--archetype=hpc"], {
      program,
    });
    expect(yes).toMatchObject({ code: 0 });
    expect(yes.out).toMatch(/met +software\.0: needs cowsay: has cowsay/);
    const no = await run(
      ["ask", "run foobarix on 900000 nodes", "--simulated=10", "--archetype=hpc", "--json"],
      { program },
    );
    expect(no.code).toBe(3);
    expect(JSON.parse(no.out)).toMatchObject({
      schema: "proposal/1",
      workerId: "10",
      verdict: "INCOMPATIBLE",
    });
    expect((await run(["ask"], { program })).code).toBe(2);
  });
});

describe("help", () => {
  it("names every command and hides the seed's spellings", async () => {
    const ran = await run(["--help"]);
    expect(ran.code).toBe(0);
    for (const name of ["negotiate", "satisfy", "select", "dispatch", "export", "parse"])
      expect(ran.out).toContain(name);
    expect(ran.out).not.toContain("negotiate_work");
    const sub = await run(["negotiate", "--help"]);
    expect(sub.out).toContain("--url <url>");
    expect(sub.out).toContain("--tasks-per-node");
    expect(await run(["frob"])).toMatchObject({ code: 2, out: "" });
  });
});
