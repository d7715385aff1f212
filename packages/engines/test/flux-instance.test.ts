import { readFileSync } from "node:fs";
import { join } from "node:path";
import { buildJobspec, checkFluxUri, countResources, createFluxInstance } from "@parley/engines/flux";
import type { FluxInstance, JobspecRequest } from "@parley/engines/flux";
import type { Run } from "@parley/exec";
import { loadRecordings, replayRun } from "@parley/testing";
import type { Recording } from "@parley/testing";
import { describe, expect, test } from "vitest";
import { z } from "zod";

const fixtures = join(import.meta.dirname, "fixtures");
const read = (path: string): string => readFileSync(join(fixtures, path), "utf8");

const statusFormat = "{state}|{nnodes}|{nodelist}|{reason}|{timestamp}";
const over = (run: Run): FluxInstance => createFluxInstance({ run, environment: { PATH: "/usr/bin" } });
const answering = (answer: Omit<Recording, "argv">): FluxInstance =>
  over(replayRun([], { onUnknown: () => answer }));

const Built = z.object({
  environment: z.record(z.string(), z.string()),
  built: z.array(
    z.object({ request: z.record(z.string(), z.unknown()), jobspec: z.record(z.string(), z.unknown()) }),
  ),
  refused: z.array(z.object({ request: z.record(z.string(), z.unknown()), says: z.string() })),
  batch: z.record(z.string(), z.unknown()),
});
const theirs = Built.parse(JSON.parse(read("flux-python-0.88.json")));

const Request = z.object({
  command: z.array(z.string()),
  num_tasks: z.number().optional(),
  num_nodes: z.number().optional(),
  cores_per_task: z.number().optional(),
  gpus_per_task: z.number().optional(),
  exclusive: z.boolean().optional(),
  duration: z.number().optional(),
  name: z.string().optional(),
  queue: z.string().optional(),
  bank: z.string().optional(),
  cwd: z.string().optional(),
  input: z.string().optional(),
  output: z.string().optional(),
  error: z.string().optional(),
  label_io: z.boolean().optional(),
  unbuffered: z.boolean().optional(),
  rlimits: z.record(z.string(), z.number()).optional(),
  env_expand: z.record(z.string(), z.string()).optional(),
});
function toRequest(given: unknown): JobspecRequest {
  const { num_tasks, num_nodes, cores_per_task, gpus_per_task, label_io, env_expand, duration, ...rest } =
    Request.strict().parse(given);
  return {
    ...rest,
    environment: theirs.environment,
    numTasks: num_tasks,
    numNodes: num_nodes,
    coresPerTask: cores_per_task,
    gpusPerTask: gpus_per_task,
    labelIo: label_io,
    envExpand: env_expand,
    durationSeconds: duration,
  };
}

describe("jobspecs", () => {
  test.each(theirs.built)(
    "[FLX-19] are field for field those of Flux's own builder: $request",
    ({ request, jobspec }) => {
      expect(buildJobspec(toRequest(request))).toEqual(jobspec);
    },
  );

  test.each(theirs.refused)("are refused where Flux's own builder refuses: $says", ({ request }) => {
    expect(() => buildJobspec(toRequest(request))).toThrow(
      expect.objectContaining({ code: "E_ENGINE_REFUSED" }),
    );
  });

  test("equal what flux submit --dry-run prints, but for limits and directory", () => {
    const dry: unknown = JSON.parse(read("flux-0.88/dry-run.json"));
    const built = buildJobspec({
      numTasks: 4,
      numNodes: 2,
      coresPerTask: 2,
      gpusPerTask: 1,
      command: ["sleep", "20"],
      environment: {},
      durationSeconds: 600,
      name: "train",
      queue: "gpu",
      cwd: "/home/user/work",
    });
    expect(dry).toMatchObject(built);
  });

  test("carry a script as a file, its properties and its dependencies", () => {
    const built = buildJobspec({
      script: "#!/bin/sh\necho $1\n",
      command: ["--x"],
      environment: {},
      properties: ["h100"],
      dependencies: ["afterok:f2P5pCuM"],
    });
    expect(built).toMatchObject({
      tasks: [{ command: ["{{tmpdir}}/script", "--x"] }],
      attributes: {
        system: {
          files: { script: { mode: 33216, data: "#!/bin/sh\necho $1\n", encoding: "utf-8" } },
          constraints: { properties: ["h100"] },
          dependencies: [{ scheme: "afterok", value: "f2P5pCuM" }],
        },
      },
    });
    expect(() => buildJobspec({ script: "echo", environment: {} })).toThrow(/#!/);
    expect(() => buildJobspec({ command: ["a"], environment: {}, dependencies: ["; rm"] })).toThrow(
      /SCHEME:VALUE/,
    );
  });

  test("count what they ask for, down and across the tree", () => {
    const core = { type: "core", count: 4 };
    const slot = { type: "slot", count: 2, with: [core, { type: "gpu", count: 4 }], label: "task" };
    const resources = [{ type: "node", count: 1, with: [{ type: "socket", count: 2, with: [slot] }] }];
    expect(countResources({ resources })).toEqual({ node: 1, socket: 2, slot: 4, core: 16, gpu: 16 });
    expect(countResources({ resources: [core, slot] })).toEqual({ core: 12, slot: 2, gpu: 8 });
    expect(countResources({ resources: [{ type: "core", count: { min: 3, max: 9 } }, { type: "core", count: "2-4" }] })).toEqual({ core: 5 });
    expect(countResources({ resources: [null, 3, {}] })).toEqual({});
  }); // prettier-ignore
});

describe.each([
  ["flux-0.88", "ƒNbZ8uuKD", "fNbZ8uuKD", "ƒNbPKcf6o", 6],
  ["flux-0.88-fluxion", "ƒGVavqPzF", "fGVavqPzF", "ƒGVRXFxHM", 4],
])("%s, recorded", (folder, failed, plain, running, total) => {
  const recorded = (): FluxInstance => over(replayRun(loadRecordings(fixtures, folder)));

  test("jobs", async () => {
    const jobs = await recorded().jobs({ states: "all", limit: 6 });
    expect(jobs).toHaveLength(total);
    expect(jobs.find(({ jobId }) => jobId === plain)).toMatchObject({
      name: "ex42", state: "FAILED", exitCode: 42, queue: "batch", nodes: 1, user: "root", limitSeconds: 1800,
    });
    expect(await recorded().job(failed)).toMatchObject({ jobId: plain, state: "FAILED", exitCode: 42 });
  }); // prettier-ignore

  test("events, output, jobspec and allocation", async () => {
    const events = await recorded().events(failed);
    expect(events.map(({ name }) => name)).toEqual(
      ["submit", "validate", "depend", "priority", "alloc", "start", "finish", "release", "free", "clean"],
    ); // prettier-ignore
    expect(events[6]?.context).toEqual({ status: 10752 });
    expect(await recorded().output(failed)).toMatchObject({ text: "err\nout\n", complete: true });
    expect(await recorded().output(failed, { stream: "stdout" })).toMatchObject({ text: "out\n" });
    expect(countResources(await recorded().jobspec(running))).toEqual({ node: 2, slot: 4, core: 8, gpu: 4 });
  });

  test("queues and resources with ranks", async () => {
    expect(await recorded().queues()).toEqual([
      { name: "batch", enabled: true, started: true, maxWalltimeSeconds: 3600, defaultWalltimeSeconds: 1800 },
      { name: "gpu", enabled: true, started: true, defaultWalltimeSeconds: 1800 },
    ]);
    const { free, up, down, allocated } = await recorded().resources();
    expect(free).toMatchObject({ nodes: 4, cores: 120, gpus: 4, ranks: [0, 1, 2, 3] });
    expect(up).toMatchObject({ nodes: 4, cores: 128, gpus: 8, properties: { h100: ["gpu0", "gpu1"] } });
    expect([down.nodes, allocated.cores]).toEqual([0, 8]);
    expect((await recorded().resources({ queue: "batch" })).up).toMatchObject({ cores: 64, ranks: [0, 1] });
  });

  test("the instance itself", async () => {
    expect(await recorded().about()).toMatchObject({
      version: expect.stringMatching(/^0\.88\.0/), state: "run", owner: "root", depth: 0, brokers: 4,
      uri: expect.stringMatching(/^local:/), jobs: { run: 1, failed: expect.any(Number) },
    });
  }); // prettier-ignore

  test("an estimate, now, later and never", async () => {
    const shape = (numNodes: number, gpusPerTask: number): ReturnType<typeof buildJobspec> =>
      buildJobspec({ command: ["a"], environment: {}, queue: "gpu", numNodes, numTasks: numNodes, gpusPerTask });
    const verdicts = (answer: Omit<Recording, "argv">): FluxInstance =>
      over(replayRun(loadRecordings(fixtures, folder), { onUnknown: () => answer }));
    const fits = verdicts({ stdout: '{"errnum": 0}\n' });
    expect(await fits.estimate(shape(2, 1))).toMatchObject({ when: "now", basis: "idle-capacity" });
    expect(await fits.estimate(shape(2, 3))).toMatchObject({ when: "later", reason: "It needs 6 GPUs, and 4 are free." });
    const says = '{"errnum": 75, "errstr": "unsatisfiable request: need 9 exclusive node(s), only 4 eligible"}\n';
    expect(await verdicts({ stdout: says, exitCode: 1 }).estimate(shape(9, 1))).toMatchObject({
      when: "never",
      reason: expect.stringContaining("only 4 eligible"),
    });
    const unchecked = verdicts({ exitCode: 1, stderr: "no plugin" });
    expect(await unchecked.estimate(shape(9, 1))).toMatchObject({ when: "unknown", reason: "It needs 9 nodes, and 2 are up." });
  }); // prettier-ignore
});

describe("a Flux instance", () => {
  test("drained nodes with the reason, bars and all", async () => {
    const stdout = "avail|3|cpu[0-1],gpu0||\ndrained|1|gpu1|broken | gpu|1795169670.0\nnonsense\n";
    const run = replayRun([{ argv: `flux resource status -no ${statusFormat}`, stdout }]);
    expect(await over(run).nodeStatus()).toEqual([
      { state: "avail", hosts: ["cpu0", "cpu1", "gpu0"] },
      { state: "drained", hosts: ["gpu1"], reason: "broken | gpu", since: "2026-11-20T10:14:30.000Z" },
    ]);
  });

  test("a jobspec goes over standard input, not into the arguments", async () => {
    const inputs: (string | undefined)[] = [];
    const replay = replayRun([{ argv: "flux job submit --urgency=0", stdout: "ƒB2\n" }]);
    const run: Run = (argv, options) => {
      inputs.push(options?.input);
      return replay(argv, options);
    };
    const jobspec = buildJobspec({ command: ["--x", "$(id)"], environment: {}, name: "-q; rm" });
    expect(await over(run).submit(jobspec, { urgency: 0 })).toBe("fB2");
    expect(inputs).toEqual([JSON.stringify(jobspec)]);
    await expect(over(run).submit({ tasks: ["x".repeat(5e6)] })).rejects.toMatchObject({
      code: "E_ARGUMENT_INVALID",
    });
    const refusing = answering({ exitCode: 1, stderr: read("flux-0.88/submit-toobig.txt.err") });
    await expect(refusing.submit(jobspec)).rejects.toMatchObject({
      code: "E_ENGINE_REFUSED",
      message: expect.stringMatching(/need 9 exclusive.*ask for fewer/),
    });
    await expect(answering({ stdout: "what" }).submit(jobspec)).rejects.toMatchObject({
      code: "E_ENGINE_OUTPUT",
    });
  });

  test("a batch script keeps what flux batch makes of it", async () => {
    const argv = "flux batch --dry-run --nslots=2 --time-limit=600s --job-name=--x";
    const run = replayRun([{ argv, stdout: JSON.stringify(theirs.batch) }]);
    const planned = await over(run).planBatch({
      script: "#!/bin/sh\n",
      numSlots: 2,
      durationSeconds: 600,
      name: "--x",
    });
    expect(planned).toEqual(theirs.batch);
    const stderr = "flux-batch: ERROR: Number of slots to allocate must be specified\n";
    await expect(
      answering({ exitCode: 1, stderr }).planBatch({ script: "#!/bin/sh\n" }),
    ).rejects.toMatchObject({
      code: "E_ENGINE_REFUSED",
      message: expect.stringMatching(/say how many slots or nodes/),
    });
  });

  test("verdicts, and no verdict", async () => {
    const verdict = (answer: Omit<Recording, "argv">): unknown => answering(answer).validate({});
    expect(await verdict({ stdout: '{"errnum": 0}\n' })).toEqual({ valid: true });
    expect(
      await verdict({ exitCode: 1, stdout: '{"errnum": 1, "errstr": "Missing key (resources)"}\n' }),
    ).toEqual({
      valid: false,
      reason: "Missing key (resources)",
    });
    await expect(verdict({ failure: "not-found" })).rejects.toMatchObject({ code: "E_ENGINE_MISSING" });
  });

  test("waiting: there, not yet, never", async () => {
    const wait = (answer: Omit<Recording, "argv">): Promise<boolean> =>
      answering(answer).waitForEvent("fA1", { name: "clean", seconds: 1 });
    expect(await wait({ stdout: '{"timestamp":1,"name":"clean"}\n' })).toBe(true);
    expect(await wait({ exitCode: 1, stderr: "flux-job: wait-event timeout on event 'clean'\n" })).toBe(
      false,
    );
    await expect(wait({ exitCode: 1, stderr: "flux-job: invalid job id\n" })).rejects.toMatchObject({
      code: "E_ENGINE_JOB_UNKNOWN",
    });
  });

  test("cancel, kill, urgency and address are one command each", async () => {
    const run = replayRun([], {
      onUnknown: ([, verb]) => (verb === "uri" ? { stdout: "ssh://n1/tmp/x\n" } : {}),
    });
    const flux = over(run);
    expect(await flux.cancel("fA1", { message: "-m; no" })).toBe(true);
    await flux.kill("fA1", { signalName: "SIGUSR1" });
    await flux.setUrgency("fA1", { urgency: 31 });
    expect(await flux.uriOf("fA1", { local: true })).toBe("ssh://n1/tmp/x");
    expect(run.calls).toEqual([
      ["flux", "cancel", "--message=-m; no", "fA1"],
      ["flux", "job", "kill", "--signal=SIGUSR1", "fA1"],
      ["flux", "job", "urgency", "fA1", "31"],
      ["flux", "uri", "--local", "fA1"],
    ]);
    const inactive = answering({ exitCode: 1, stderr: "flux-cancel: ERROR: fA1: job is inactive\n" });
    expect(await inactive.cancel("fA1")).toBe(false);
    for (const id of ["", "-a", "--all", "../x", "$(id)", "f0OIl", "fA1 fA2"]) {
      await expect(flux.cancel(id)).rejects.toMatchObject({ code: "E_ENGINE_JOB_UNKNOWN" });
    }
    expect(run.calls).toHaveLength(4);
  });

  test("addresses: this machine's, another's where it is allowed, and nothing else", () => {
    expect(checkFluxUri("local:///run/flux/local", false)).toBe("local:///run/flux/local");
    expect(checkFluxUri("ssh://me@login1.site.org:22/tmp/flux-x/local-0", true)).toMatch(/^ssh/);
    expect(() => checkFluxUri("ssh://login1/tmp/x", false)).toThrow(expect.objectContaining({ code: "E_ENGINE_FORBIDDEN" }));
    for (const uri of ["ssh://-oProxyCommand=id/x", "ssh://h/$(id)", "ssh://h/a b", "loop://", "shmem:///x", "local:///a/../b", "local://x", "", "exec:///bin/sh"]) {
      expect(() => checkFluxUri(uri, true)).toThrow(expect.objectContaining({ code: "E_ARGUMENT_INVALID" }));
    }
  }); // prettier-ignore
});
