import { ParleyError, type JobSpec } from "@parley/core";
import {
  createSimulatedEngine,
  createSimulatedSite,
  drawCluster,
  type ClusterModel,
  type JobStore,
  type SimulatedEngine,
  type SimulatedJob,
} from "@parley/simulation";
import { describeEngine, fakeClock } from "@parley/testing";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";

const find = (wanted: (model: ClusterModel) => boolean): ClusterModel => {
  for (let index = 0; ; index += 1) {
    const model = drawCluster(`engine-${index}`);
    if (wanted(model)) return model;
  }
};
const idle = { busyUnits: 0, runningJobs: 0, pendingJobs: 0 };
const free = (model: ClusterModel): ClusterModel => ({ ...model, load: { ...model.load, ...idle } });
const slurm = find(({ manager }) => manager === "slurm");
const job = (command: string[], rest: Partial<JobSpec> = {}): JobSpec => ({
  command,
  environment: {},
  load: [],
  resources: {},
  ...rest,
});
const large = (model: ClusterModel): Partial<JobSpec> => ({
  resources: { nodes: model.load.availableNodes, exclusive: true },
  queue: model.partitions.find((item) => item.maxNodesPerJob === model.load.availableNodes)?.name,
});

for (const manager of ["slurm", "flux", "kubernetes", "local"] as const) {
  const model = free(
    find((item) => item.manager === manager && (manager === "local" || large(item).queue !== undefined)),
  );
  const clock = fakeClock();
  describeEngine(`simulated ${manager}`, {
    create: () => ({ engine: createSimulatedEngine({ model, clock }) }),
    pause: () => clock.advance(5000),
    unknownJobId: "none",
    jobs: {
      succeeds: job(["echo", "hello"]),
      fails: job(["sh", "-c", "echo bye; exit 7"]),
      sleeps: job(["sleep", "3000"]),
      fills: job(["sleep", "600"], large(model)),
      refused: {
        "more nodes than there are": job(["a"], { resources: { nodes: model.nodes + 1 } }),
        "more cores than a node has": job(["a"], { resources: { coresPerTask: 4096, nodes: 1 } }),
        "more GPUs than a node has": job(["a"], { resources: { nodes: 1, gpusPerNode: 99 } }),
        "a GPU nobody has": job(["a"], { resources: { nodes: 1, gpuModel: "Voodoo" } }),
        "more memory than a node has": job(["a"], { resources: { memoryBytesPerNode: 2 ** 50 } }),
        "more tasks than its nodes are to have": job(["a"], {
          resources: { nodes: 1, tasks: 3, tasksPerNode: 2 },
        }),
        "a queue that is not": job(["a"], { queue: "nosuch" }),
        "a command that is too long": job(["a", "b".repeat(200_000)]),
      },
    },
  });
}

async function codeOf(promise: Promise<unknown>): Promise<string> {
  try {
    await promise;
  } catch (error) {
    if (ParleyError.isInstance(error)) return error.code;
    throw error;
  }
  return "none";
}

describe("time", () => {
  test("a job on a full cluster waits, starts when the estimate said, and ends within its walltime", async () => {
    const clock = fakeClock();
    const full = { ...slurm, load: { ...slurm.load, busyUnits: slurm.load.availableNodes } };
    const engine = createSimulatedEngine({ model: full, clock });
    const spec = job(["lmp"], { resources: { nodes: 2 }, walltimeSeconds: 1800 });
    const { siteJobId } = await engine.submit(spec, { tag: "t" });
    const waiting = await engine.status(siteJobId);
    expect(waiting).toMatchObject({
      state: "QUEUED",
      nativeState: "PENDING",
      reason: "waiting for resources",
    });
    clock.setTime(Date.parse(waiting.estimatedStartAt ?? "") - 1);
    expect((await engine.status(siteJobId)).state).toBe("QUEUED");
    clock.advance(1);
    expect(await engine.status(siteJobId)).toMatchObject({
      state: "ACTIVE",
      startedAt: waiting.estimatedStartAt,
    });
    clock.advance(1800 * 1000);
    const done = await engine.status(siteJobId);
    expect(done).toMatchObject({ state: "COMPLETED", exitCode: 0 });
    expect(Date.parse(done.finishedAt ?? "") - Date.parse(done.startedAt ?? "")).toBeLessThanOrEqual(
      1_800_000,
    );
  });

  test("an estimate says where it comes from", async () => {
    const clock = fakeClock();
    const spec = job(["lmp"], { resources: { nodes: 1 } });
    const now = await createSimulatedEngine({ model: free(slurm), clock }).estimate?.(spec);
    expect(now?.basis).toBe("idle-capacity");
    const full = { ...slurm, load: { ...slurm.load, busyUnits: slurm.load.availableNodes } };
    const later = await createSimulatedEngine({ model: full, clock }).estimate?.(spec);
    expect(later?.basis).toBe("scheduler");
    expect(Date.parse(later?.startAt ?? "")).toBeGreaterThan(Date.parse(now?.startAt ?? ""));
  });

  test("a time scale shortens everything by its factor", async () => {
    const start = fakeClock().now();
    const end = async (timeScale: number): Promise<number> => {
      const clock = fakeClock(start);
      const engine = createSimulatedEngine({ model: free(slurm), clock, timeScale });
      const { siteJobId } = await engine.submit(job(["sleep", "600"]), { tag: "t" });
      clock.advance(3_600_000);
      return Date.parse((await engine.status(siteJobId)).finishedAt ?? "") - start;
    };
    expect((await end(1)) / (await end(60))).toBeCloseTo(60, 0);
  });

  test("a job past its walltime fails and says so", async () => {
    const clock = fakeClock();
    const engine = createSimulatedEngine({ model: free(slurm), clock });
    const { siteJobId } = await engine.submit(job(["sleep", "600"], { walltimeSeconds: 60 }), { tag: "t" });
    clock.advance(120_000);
    const status = await engine.status(siteJobId);
    expect(status).toMatchObject({ state: "FAILED", nativeState: "TIMEOUT", reason: "walltime exceeded" });
    expect((await engine.logs(siteJobId, { stream: "stderr" })).text).toContain("walltime exceeded");
  });

  test("a job may not ask for longer than its queue allows", async () => {
    const engine = createSimulatedEngine({ model: slurm, clock: fakeClock() });
    const long = job(["a"], { queue: "debug", walltimeSeconds: 3601 });
    await expect(engine.submit(long, { tag: "t" })).rejects.toThrow(
      /1h 1s asked, queue debug ends jobs after 1h/,
    );
  });
});

describe("commands", () => {
  test.each([
    [["true"], 0],
    [["/bin/false"], 1],
    [["exit", "3"], 3],
    [["bash", "-c", "lmp -in melt; exit 12"], 12],
    [["sh", "-c", "false"], 1],
    [["lmp", "-in", "exit"], 0],
    [["echo", "exit 7"], 0],
  ])("%j ends with %i", async (command, exitCode) => {
    const clock = fakeClock();
    const engine = createSimulatedEngine({ model: free(slurm), clock });
    const { siteJobId } = await engine.submit(job(command), { tag: "t" });
    clock.advance(1e9);
    expect((await engine.status(siteJobId)).exitCode).toBe(exitCode);
  });

  test("output appears as time goes by, says that it is simulated, and its cursor stays good", async () => {
    const clock = fakeClock();
    const engine = createSimulatedEngine({ model: free(slurm), clock });
    const { siteJobId } = await engine.submit(job(["lmp", "-in", "żółw ☃"]), { tag: "t" });
    expect(await engine.logs(siteJobId)).toMatchObject({ text: "", complete: false });
    let text = "";
    let cursor: string | undefined;
    for (let turn = 0; turn < 20; turn += 1) {
      clock.advance(600_000);
      const chunk = await engine.logs(siteJobId, { cursor });
      text += chunk.text;
      cursor = chunk.cursor;
      if (chunk.complete) break;
    }
    expect(text).toBe((await engine.logs(siteJobId)).text);
    expect(text.split("\n").filter((line) => line !== "" && !line.startsWith("[simulated] "))).toEqual([]);
    expect(await codeOf(engine.logs(siteJobId, { cursor: "-1; x" }))).toBe("E_ARGUMENT_INVALID");
  });

  test("echo prints what it was given, whatever it is", async () => {
    const clock = fakeClock();
    const engine = createSimulatedEngine({ model: free(slurm), clock });
    const hostile = ["$(id)", "`x`", "-n", "two\nlines", "🐢"];
    const { siteJobId, spec } = await engine.submit(job(["echo", ...hostile]), { tag: "t" });
    clock.advance(60_000);
    expect((await engine.logs(siteJobId)).text).toContain(hostile.join(" "));
    expect(spec.split("\n")).toHaveLength(1);
  });

  test("environment never reaches the command line", async () => {
    const engine = createSimulatedEngine({ model: free(slurm), clock: fakeClock() });
    const secret = job(["a"], { environment: { TOKEN: "s3cret" } });
    expect((await engine.submit(secret, { tag: "t" })).spec).not.toContain("s3cret");
  });
});

describe("arguments", () => {
  const engine = createSimulatedEngine({ model: free(slurm), clock: fakeClock(), maxJobs: 2 });

  test("a tag with other characters is refused", async () => {
    for (const tag of ["", "a b", "x;y", "a".repeat(300)]) {
      expect(await codeOf(engine.submit(job(["a"]), { tag }))).toBe("E_ARGUMENT_INVALID");
    }
  });

  test("a job without a command is refused", async () => {
    expect(await codeOf(engine.submit(job([]), { tag: "t" }))).toBe("E_ARGUMENT_INVALID");
  });

  test("unfinished jobs are bounded", async () => {
    await engine.submit(job(["a"]), { tag: "one" });
    await engine.submit(job(["a"]), { tag: "two" });
    expect(await codeOf(engine.submit(job(["a"]), { tag: "three" }))).toBe("E_ENGINE_REFUSED");
  });

  test("an unusable time scale is refused", () => {
    for (const timeScale of [0, -1, Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(() => createSimulatedEngine({ model: slurm, timeScale })).toThrow(/must be positive/);
    }
  });

  test("an account the site does not have is refused", async () => {
    const model = { ...slurm, policy: { ...slurm.policy, accounts: ["chem"] } };
    const strict = createSimulatedEngine({ model, clock: fakeClock() });
    expect(await codeOf(strict.submit(job(["a"], { account: "bio" }), { tag: "t" }))).toBe(
      "E_ENGINE_REFUSED",
    );
    expect(await codeOf(strict.submit(job(["a"], { account: "chem" }), { tag: "t" }))).toBe("none");
  });
});

function memoryStore(): JobStore & { saved: unknown } {
  const store = {
    saved: undefined as unknown,
    load: async () => store.saved,
    save: async (jobs: readonly SimulatedJob[]) => {
      store.saved = JSON.parse(JSON.stringify(jobs));
    },
  };
  return store;
}

describe("a restart", () => {
  test("keeps jobs, their places and their tags", async () => {
    const clock = fakeClock();
    const store = memoryStore();
    const make = (): SimulatedEngine => createSimulatedEngine({ model: slurm, clock, store });
    const before = make();
    const { siteJobId } = await before.submit(job(["lmp"]), { tag: "kept" });
    const status = await before.status(siteJobId);
    const after = make();
    expect(await after.find("kept")).toBe(siteJobId);
    expect(await after.status(siteJobId)).toEqual(status);
    expect(await after.submit(job(["lmp"]), { tag: "kept" })).toMatchObject({ siteJobId });
    expect(store.saved).toHaveLength(1);
  });

  test("without a store never gives an old id to another job", async () => {
    const clock = fakeClock();
    const first = createSimulatedEngine({ model: slurm, clock });
    const second = createSimulatedEngine({ model: slurm, clock });
    const { siteJobId } = await first.submit(job(["a"]), { tag: "one" });
    expect((await second.submit(job(["a"]), { tag: "two" })).siteJobId).not.toBe(siteJobId);
    expect(await codeOf(second.status(siteJobId))).toBe("E_ENGINE_JOB_UNKNOWN");
  });

  test("with unreadable jobs is an error, and workload says failed", async () => {
    const store = { ...memoryStore(), load: async () => [{ siteJobId: 7 }] };
    const engine = createSimulatedEngine({ model: slurm, clock: fakeClock(), store });
    expect(await codeOf(engine.find("x"))).toBe("E_DATABASE_CORRUPT");
    expect(await engine.workload()).toMatchObject({ status: "failed", canSubmit: false });
  });

  test("a store that cannot be written is an error, and the tag still finds the job", async () => {
    const store: JobStore = {
      load: async () => undefined,
      save: async () => {
        throw new Error("disk full");
      },
    };
    const engine = createSimulatedEngine({ model: slurm, clock: fakeClock(), store });
    expect(await codeOf(engine.submit(job(["a"]), { tag: "t" }))).toBe("E_ENGINE_UNREACHABLE");
    expect(await engine.find("t")).toBeDefined();
  });

  test("the same tag submitted at once is one job", async () => {
    const engine = createSimulatedEngine({ model: slurm, clock: fakeClock(), store: memoryStore() });
    const all = await Promise.all(
      Array.from({ length: 20 }, async () => engine.submit(job(["a"]), { tag: "same" })),
    );
    expect(new Set(all.map(({ siteJobId }) => siteJobId)).size).toBe(1);
  });
});

describe("capacity", () => {
  const small: ClusterModel = {
    ...slurm,
    nodes: 10,
    load: { availableNodes: 8, busyUnits: 5, runningJobs: 2, pendingJobs: 1, meanRuntimeSeconds: 3600 },
    partitions: [{ name: "batch", isDefault: true, up: true, defaultWalltimeSeconds: 3600 }],
  };
  const step = fc.oneof(
    fc.record({ submit: fc.integer({ min: 1, max: 8 }), seconds: fc.integer({ min: 1, max: 3600 }) }),
    fc.record({ cancel: fc.nat(20) }),
    fc.record({ advance: fc.integer({ min: 0, max: 4_000_000 }) }),
  );

  test("is never given out twice, and what began never changes, whatever is submitted and cancelled", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
        const clock = fakeClock();
        const engine = createSimulatedEngine({ model: small, clock });
        const submitted: { id: string; nodes: number }[] = [];
        const began = new Map<string, string>();
        for (const [index, one] of steps.entries()) {
          if ("advance" in one) clock.advance(one.advance);
          else if ("submit" in one) {
            const spec = job(["sleep", String(one.seconds)], { resources: { nodes: one.submit } });
            const { siteJobId } = await engine.submit(spec, { tag: `t${index}` });
            submitted.push({ id: siteJobId, nodes: one.submit });
          } else if (submitted.length > 0) {
            await engine.cancel(submitted[one.cancel % submitted.length]?.id ?? "");
          }
          let used = 0;
          for (const { id, nodes } of submitted) {
            const { state, startedAt } = await engine.status(id);
            if (state === "ACTIVE") used += nodes;
            expect(startedAt).toBe(began.get(id) ?? startedAt);
            if (startedAt !== undefined) began.set(id, startedAt);
          }
          expect(used).toBeLessThanOrEqual(8);
          const [group] = (await engine.workload()).nodeGroups;
          expect(group?.idleNodes).toBeGreaterThanOrEqual(0);
          expect((group?.idleNodes ?? 0) + used).toBeLessThanOrEqual(8);
        }
        clock.advance(1e12);
        for (const { id } of submitted) expect((await engine.status(id)).state).toMatch(/COMPLETED|CANCELED/);
      }),
      { numRuns: 60 },
    );
  });

  test("a cancelled job lets those behind it start earlier", async () => {
    const clock = fakeClock();
    const model = { ...small, load: { ...small.load, ...idle } };
    const engine = createSimulatedEngine({ model, clock });
    const submit = async (tag: string): Promise<string> =>
      (await engine.submit(job(["sleep", "3000"], { resources: { nodes: 8 } }), { tag })).siteJobId;
    const [first, second] = [await submit("a"), await submit("b")];
    clock.advance(60_000);
    expect((await engine.status(second)).state).toBe("QUEUED");
    await engine.cancel(first);
    expect((await engine.status(second)).state).toBe("ACTIVE");
  });

  test("GPUs and memory of shared nodes are not given out twice either", async () => {
    const cloud = free(find(({ archetype, node }) => archetype === "cloud" && (node.gpus?.count ?? 0) === 1));
    const model = {
      ...cloud,
      nodes: 1,
      load: { ...cloud.load, availableNodes: 1 },
      partitions: small.partitions,
    };
    const clock = fakeClock();
    const engine = createSimulatedEngine({ model, clock });
    const spec = job(["sleep", "600"], { resources: { nodes: 1, gpusPerNode: 1 } });
    await engine.submit(spec, { tag: "a" });
    const { siteJobId } = await engine.submit(spec, { tag: "b" });
    clock.advance(60_000);
    expect((await engine.status(siteJobId)).state).toBe("QUEUED");
    expect((await engine.workload()).nodeGroups[0]).toMatchObject({ idleGpus: 0, idleNodes: 0 });
  });
});

describe("software a simulated job loads", () => {
  const withModules = free(
    find(({ manager, softwareSources }) => manager === "slurm" && softwareSources.includes("modules")),
  );
  const installed = async (): Promise<string> => {
    const site = await createSimulatedSite({ workerId: withModules.workerId, clock: fakeClock() });
    const { software } = await site.facts({ software: ["gcc", "openmpi", "cuda", "python"], paths: [] });
    await site.close();
    return software.find(({ source }) => source === "modules")?.found[0]?.location ?? "";
  };
  const logs = async (load: JobSpec["load"]): Promise<[string, string, number | undefined]> => {
    const clock = fakeClock();
    const engine = createSimulatedEngine({ model: withModules, clock });
    const { siteJobId } = await engine.submit(job(["echo", "hi"], { load }), { tag: "loads" });
    clock.advance(60_000);
    const out = (await engine.logs(siteJobId)).text;
    const error = (await engine.logs(siteJobId, { stream: "stderr" })).text;
    return [out, error, (await engine.status(siteJobId)).exitCode];
  };

  test("shows in its log", async () => {
    const name = await installed();
    expect(name).toContain("/");
    const [out, error, exitCode] = await logs([{ via: "modules", name }]);
    expect(out).toMatch(new RegExp(`loaded ${name} through modules\n.*starts echo\nhi\n.*exit 0`));
    expect([error, exitCode]).toEqual(["", 0]);
  });

  test("ends the job when the site does not have it", async () => {
    const name = await installed();
    const missing = { via: "conda", name: "/nowhere" } as const;
    const [out, error, exitCode] = await logs([{ via: "modules", name }, missing]);
    expect(out).toMatch(/^.* loaded .* through modules\n.* exit 127\n$/);
    expect(error).toBe("[simulated] could not load /nowhere through conda\n");
    expect(exitCode).toBe(127);
  });

  test("is refused by a machine without a scheduler", async () => {
    const model = free(find(({ manager }) => manager === "local"));
    const engine = createSimulatedEngine({ model, clock: fakeClock() });
    const spec = job(["echo"], { load: [{ via: "modules", name: "gcc" }] });
    await expect(engine.submit(spec, { tag: "t" })).rejects.toMatchObject({ code: "E_ENGINE_REFUSED" });
  });
});
