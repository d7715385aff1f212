import { Facts, JobSpec, ParleyError, Proposal, digest } from "@parley/core";
import { createSecretary, evaluate } from "@parley/secretary";
import type { DispatchPlan, Secretary } from "@parley/secretary";
import { describe, expect, it } from "vitest";
import { call, fakeEngine, fakeSite, lookup, now, onPath, siteFacts, slurm, want } from "./_site.ts";

const secretaryOf = (site: ReturnType<typeof fakeSite>): Secretary =>
  createSecretary({
    site,
    now: () => now,
    expand: lookup,
    binaries: lookup,
    random: (bytes) => bytes.fill(7),
  });
const lammps = onPath({ name: "lmp", location: "/usr/bin/lmp" });

describe("propose", () => {
  it("answers with a sound record that the same rules confirm on its facts", async () => {
    const site = fakeSite(siteFacts({ software: [lammps] }));
    const question = call({ software: [{ name: "lammps" }], compute: { nodes: { min: 3 } } });
    const proposal = await secretaryOf(site).propose(question);
    expect(Proposal.parse(proposal)).toEqual(proposal);
    expect(proposal).toMatchObject({
      schema: "proposal/1",
      workerId: "site-a",
      verdict: "READY",
      offerId: "offer_777777777777",
      mode: "rules",
      validUntil: "2026-11-20T10:05:00.000Z",
      calls: [{ provider: "slurm", function: "summary", args: {} }],
      metrics: { idleNodes: 4, queueDepth: 7, startSeconds: 0 },
    });
    expect(proposal.factsDigest).toBe(digest(proposal.facts));
    const check = evaluate(question.requirements, Facts.parse(proposal.facts), { now, expand: lookup });
    expect(check.verdict).toBe(proposal.verdict);
    expect(check.clauses).toEqual(proposal.clauses);
  });

  it("looks up only what the request needs", async () => {
    const site = fakeSite(siteFacts());
    const storage = [{ path: "/scratch" }];
    const question = {
      software: [{ name: "lammps" }],
      storage,
      execution: { workdir: "/home/me" },
      mpi: { required: true, impl: "mpich" },
    };
    await secretaryOf(site).propose(call(question));
    expect(site.queries).toEqual([{ software: ["lammps", "lmp", "mpich"], paths: ["/scratch", "/home/me"] }]);
  });

  it("takes the scheduler's dry run over idle nodes, and its refusal for a restriction", async () => {
    const specs: JobSpec[] = [];
    const later = fakeEngine("slurm", (spec) => {
      specs.push(spec);
      return Promise.resolve({ startAt: "2026-11-20T10:10:00.000Z", basis: "scheduler" });
    });
    const question = call({ compute: { nodes: { min: 2 } }, time: { startWithinSec: 0 } });
    const busy = await secretaryOf(fakeSite(siteFacts(), { engines: [later] })).propose(question);
    expect(busy).toMatchObject({
      verdict: "BUSY",
      metrics: { startSeconds: 600 },
      estimates: { startBasis: "scheduler" },
    });
    expect(specs).toMatchObject([
      { command: ["true"], resources: { nodes: 2 }, queue: "batch", walltimeSeconds: 3600 },
    ]);

    const refusing = fakeEngine("slurm", () =>
      Promise.reject(new ParleyError("E_ENGINE_REFUSED", "Invalid account")),
    );
    const refused = await secretaryOf(fakeSite(siteFacts(), { engines: [refusing] })).propose(question);
    expect(refused).toMatchObject({
      verdict: "RESTRICTED",
      constraints: ["scheduler: Invalid account", expect.any(String)],
    });
  });

  it("does without a dry run that fails, gives nothing or never ends", async () => {
    const estimates = [
      () => Promise.reject(new Error("broken")),
      () => Promise.resolve(undefined),
      () => new Promise<undefined>(() => {}),
    ];
    for (const estimate of estimates) {
      const site = fakeSite(siteFacts(), { engines: [fakeEngine("slurm", estimate)] });
      const proposal = await secretaryOf(site).propose(call({}), { timeoutMs: 20 });
      expect(proposal).toMatchObject({ verdict: "READY", estimates: { startBasis: "idle-capacity" } });
    }
  });

  it.each([
    ["fails", () => Promise.reject(new Error("disk on fire")), "disk on fire"],
    ["hangs", () => new Promise<Facts>(() => {}), "did not answer within"],
  ])("says UNKNOWN when the site %s, on facts that say the same", async (_name, facts, reason) => {
    const proposal = await secretaryOf(fakeSite(facts)).propose(call({}), { timeoutMs: 30 });
    expect(proposal.verdict).toBe("UNKNOWN");
    expect(proposal.reasons.join()).toContain(reason);
    expect(evaluate(want({}), proposal.facts, { now }).verdict).toBe("UNKNOWN");
  });

  it("honours respondBy, though never to the point of not asking", async () => {
    const hanging = fakeSite(() => new Promise<Facts>(() => {}));
    const proposal = await secretaryOf(hanging).propose(call({}, { respondBy: "2026-11-20T09:00:00.000Z" }));
    expect(proposal.reasons.join()).toContain("did not answer within 175 ms");
  });

  it("throws only when the caller gives up", async () => {
    const hanging = fakeSite(() => new Promise<Facts>(() => {}));
    const controller = new AbortController();
    const asked = secretaryOf(hanging).propose(call({}), { signal: controller.signal });
    controller.abort();
    await expect(asked).rejects.toMatchObject({ code: "E_INTERRUPTED" });
    const aborted = secretaryOf(hanging).propose(call({}), { signal: AbortSignal.abort() });
    await expect(aborted).rejects.toMatchObject({ code: "E_INTERRUPTED" });
  });

  it("bounds the facts it sends", async () => {
    const evidence = Array.from({ length: 500 }, (_unused, index) => ({
      id: `e${index}`,
      provider: "p",
      tool: "t",
      scope: "cluster",
      observedAt: "2026-11-20T10:00:00.000Z",
      summary: "s".repeat(1000),
    }));
    const hardware = [{ scope: "cluster", cpuFlags: Array<string>(5000).fill("flag") }];
    const proposal = await secretaryOf(fakeSite(siteFacts({ evidence, hardware }))).propose(call({}));
    expect(proposal.facts.evidence).toHaveLength(128);
    expect(proposal.facts.evidence[0]?.summary).toHaveLength(240);
    expect(proposal.facts.hardware[0]?.cpuFlags).toHaveLength(512);
    expect(proposal.calls).toHaveLength(64);
  });
});

const run = (command: string, parts: object = {}): object => ({ execution: { command }, ...parts });

const image = (name: string, runtimes?: string[]): object => ({
  container: { image: name, ...(runtimes ? { runtimes } : {}) },
});

describe("plan", () => {
  const facts = siteFacts({ software: [lammps, { ...onPath({ name: "wrf" }), source: "pip" }] });
  const plan = (requirements: object, options: object = {}): Promise<DispatchPlan> =>
    secretaryOf(fakeSite(facts)).plan(want(requirements), { facts, ...options });

  it("runs lammps as the request describes it", async () => {
    const { spec, engine, notes } = await plan({
      software: [{ name: "lammps" }],
      scheduler: { managers: ["slurm"], forbidQueue: true },
      compute: { nodes: { min: 5, max: 5 }, tasks: { min: 320, max: 320 } },
      time: { walltimeSec: 180 },
      execution: {
        binaryDir: "/usr/local/bin",
        workdir: "/opt/lammps-reax",
        inputs: ["in.reaxff.hns"],
        params: { x: 32, y: 32, z: 16 },
        appFlags: ["-nocite"],
        cpuAffinity: "per-task",
      },
    });
    expect(engine.manager).toBe("slurm");
    expect(JobSpec.parse(spec)).toEqual({
      name: "lammps",
      command: [
        "/usr/local/bin/lmp",
        "-v",
        "x",
        "32",
        "-v",
        "y",
        "32",
        "-v",
        "z",
        "16",
        "-in",
        "in.reaxff.hns",
        "-nocite",
      ],
      directory: "/opt/lammps-reax",
      environment: {},
      load: [],
      resources: { nodes: 5, tasks: 320 },
      walltimeSeconds: 180,
    });
    expect(notes).toEqual(["Pinning to cores is left to the scheduler's default."]);
  });

  it("takes the executable that was found and an hour where nothing is stated", async () => {
    const { spec, notes } = await plan({ software: [{ name: "lammps" }], compute: { cores: { min: 8 } } });
    expect(spec).toMatchObject({
      command: ["/usr/bin/lmp"],
      queue: "batch",
      walltimeSeconds: 3600,
      resources: { nodes: 1, tasks: 1, coresPerTask: 8 },
    });
    expect(notes).toEqual(["No walltime stated: the job ends after 1h, the default."]);
  });

  it("keeps quoted operators as plain arguments", async () => {
    const { spec } = await plan(run(`sh -c 'a | b; c' "$(id)" \\; '*' "it's"`));
    expect(spec.command).toEqual(["sh", "-c", "a | b; c", "$(id)", ";", "*", "it's"]);
  });

  it.each([
    "a | b",
    "a; b",
    "a && b",
    "a > f",
    "a < f",
    "a `id`",
    "a $(id)",
    "a\nb",
    "a 'b",
    'a "b',
    "a \\",
    "a\0b",
  ])("refuses the shell line %j", async (command) => {
    await expect(plan(run(command))).rejects.toMatchObject({ code: "E_DISPATCH_REFUSED" });
  });

  it("asks for GPUs, memory and cores as the scheduler spells them", async () => {
    const { spec } = await plan(
      run("train", {
        gpu: { need: "required", total: { min: 8, max: 8 }, models: ["a100"], vendor: "nvidia" },
        memory: { perNodeGb: 100 },
        compute: { exclusive: true },
        time: { finishWithinSec: 7200 },
      }),
    );
    expect(spec).toMatchObject({
      queue: "gpu",
      walltimeSeconds: 7200,
      resources: {
        nodes: 2,
        gpusPerNode: 4,
        gpuModel: "nvidia_a100_80gb",
        memoryBytesPerNode: 100 * 2 ** 30,
        exclusive: true,
      },
    });
    const tasks = await plan(
      run("x", { compute: { tasks: { min: 64 }, coresPerTask: 4, tasksPerNode: { min: 16 } } }),
    );
    expect(tasks.spec.resources).toMatchObject({ nodes: 4, tasks: 64, tasksPerNode: 16, coresPerTask: 4 });
    const spread = await plan(run("x", { compute: { cores: { min: 128 } } }));
    expect(spread.spec.resources).toMatchObject({ nodes: 2, tasks: 128 });
    const each = await plan(run("x", { compute: { nodes: { min: 2, max: 2 }, coresPerNode: { min: 8 } } }));
    expect(each.spec.resources).toMatchObject({ nodes: 2, tasksPerNode: 1, coresPerTask: 8 });
    const idle = await plan(run("x", { compute: { allAvailable: true } }));
    expect(idle.spec.resources).toMatchObject({ nodes: 4 });
  });

  const within = (runtime: string, parts: object) =>
    plan(parts, { facts: siteFacts({ containers: [{ runtime, scope: "cluster" }] }) }).then(
      ({ spec }) => spec.command,
    );

  it("puts the command into the image, the way the runtime wants it", async () => {
    expect(await within("apptainer", { ...image("ubuntu:22.04"), ...run("id -u") })).toEqual([
      "apptainer",
      "exec",
      "docker://ubuntu:22.04",
      "id",
      "-u",
    ]);
    expect(await within("singularity", image("/images/a.sif"))).toEqual([
      "singularity",
      "run",
      "/images/a.sif",
    ]);
    expect(await within("docker", { ...image("a/b:1", ["docker"]), ...run("id") })).toEqual([
      "docker",
      "run",
      "--rm",
      "a/b:1",
      "id",
    ]);
    const gpu = { gpu: { need: "required", vendor: "nvidia" } };
    expect(await within("apptainer", { ...image("a"), ...gpu })).toEqual([
      "apptainer",
      "run",
      "--nv",
      "docker://a",
    ]);
    await expect(within("docker", image("--privileged"))).rejects.toMatchObject({
      code: "E_DISPATCH_REFUSED",
    });
    await expect(within("charliecloud", image("a"))).rejects.toThrow(/has charliecloud/);
  });

  it("says what is missing when nothing says what to run", async () => {
    await expect(plan({})).rejects.toMatchObject({ code: "E_DISPATCH_NO_COMMAND" });
    await expect(plan(run(" ''"))).rejects.toMatchObject({ code: "E_DISPATCH_NO_COMMAND" });
    await expect(plan({ software: [{ name: "wrf" }] })).rejects.toThrow(
      /wrf through pip, in which there is no program.*--command/,
    );
    const gromacs = siteFacts({ software: [onPath({ name: "gmx" })] });
    const asked = { software: [{ name: "gromacs" }], execution: { params: { steps: 5 } } };
    await expect(plan(asked, { facts: gromacs })).rejects.toThrow(/How gromacs takes steps is not known/);
    const plain = { software: [{ name: "gromacs" }], execution: { appFlags: ["mdrun"], inputs: ["a.tpr"] } };
    expect((await plan(plain, { facts: gromacs })).spec.command).toEqual(["gmx", "mdrun", "a.tpr"]);
  });

  it("refuses what the rules refuse, with the reasons", async () => {
    const refused = plan(run("x", { compute: { nodes: { min: 99 } } }));
    await expect(refused).rejects.toMatchObject({
      code: "E_DISPATCH_REFUSED",
      details: { verdict: "INCOMPATIBLE" },
    });
    await expect(plan(run("x", { unresolved: ["rm -rf /"] }))).rejects.toThrow(/RESTRICTED/);
    const limited = siteFacts({
      policy: { submitters: ["alice"], accounts: ["phys"], maxWalltimeSeconds: 600 },
    });
    await expect(plan(run("x"), { facts: limited, submitter: "mallory" })).rejects.toThrow(
      /allows others only/,
    );
    const allowed = await plan(run("x"), { facts: limited, submitter: "alice" });
    expect(allowed.spec).toMatchObject({ account: "phys", walltimeSeconds: 600 });
  });

  it("queues where it is busy and leaves an unreachable scheduler to answer for itself", async () => {
    expect((await plan(run("x", { compute: { nodes: { min: 9 } } }))).evaluation.verdict).toBe("BUSY");
    const silent = siteFacts({ workloads: [{ manager: "slurm", status: "unreachable", canSubmit: true }] });
    const planned = await plan(run("x"), { facts: silent });
    expect(planned).toMatchObject({ engine: { manager: "slurm" }, evaluation: { verdict: "UNKNOWN" } });
  });

  it("takes the engine of the manager chosen, and refuses without one", async () => {
    const engines = [fakeEngine("flux"), fakeEngine("slurm")];
    const site = fakeSite(siteFacts({ workloads: [slurm, { ...slurm, manager: "flux" }] }), { engines });
    expect((await secretaryOf(site).plan(want(run("x")))).engine.manager).toBe("slurm");
    const flux = want(run("x", { scheduler: { managers: ["flux"] } }));
    expect((await secretaryOf(site).plan(flux)).engine.manager).toBe("flux");
    const none = fakeSite(siteFacts(), { engines: [] });
    await expect(secretaryOf(none).plan(want(run("x")))).rejects.toThrow(/no way to submit to slurm/);
  });
});
