import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { JobSpec, JobStatus, Workload } from "@parley/core";
import type { Engine } from "@parley/engines";
import { createFluxEngine } from "@parley/engines/flux";
import { createRun, which } from "@parley/exec";
import type { Run } from "@parley/exec";
import { describeEngine, loadRecordings, replayRun } from "@parley/testing";
import type { Recording, ReplayRun } from "@parley/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

const fixtures = join(import.meta.dirname, "fixtures");
const read = (path: string): string => readFileSync(join(fixtures, path), "utf8");
const job = (command: string[], rest: Record<string, unknown> = {}): JobSpec =>
  JobSpec.parse({ command, ...rest });

let root: string;
let counter = 0;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "parley-flux-test-"));
});
afterAll(() => rm(root, { recursive: true, force: true }));

function engineOf(run: ReplayRun, stateDir?: string): Engine {
  counter += 1;
  return createFluxEngine({
    run,
    environment: { PATH: "/usr/bin" },
    stateDir: stateDir ?? join(root, `${counter}`),
  });
}

const answering = (answer: Omit<Recording, "argv">): ReplayRun => replayRun([], { onUnknown: () => answer });

describe.each([
  ["flux-0.88", "ƒNbZ8uuKD", 1],
  ["flux-0.88-fluxion", "ƒGVavqPzF", 0],
])("%s, recorded", (folder, id, pending) => {
  const recorded = (): ReplayRun => replayRun(loadRecordings(fixtures, folder));

  test("facts", async () => {
    const workload = await engineOf(recorded()).workload();
    expect(Workload.parse(workload)).toEqual(workload);
    expect(workload).toEqual({
      manager: "flux",
      status: "present",
      version: "0.88.0",
      canSubmit: true,
      pendingJobs: pending,
      runningJobs: 1,
      partitions: [
        { name: "batch", isDefault: false, up: true, maxWalltimeSeconds: 3600, defaultWalltimeSeconds: 1800 },
        { name: "gpu", isDefault: false, up: true, defaultWalltimeSeconds: 1800 },
      ],
      nodeGroups: [
        {
          partitions: ["batch"], nodes: 2, availableNodes: 2, idleNodes: 2, coresPerNode: 32, idleCores: 64,
          gpusPerNode: 0, features: ["zen3"],
        },
        {
          partitions: ["gpu"], nodes: 2, availableNodes: 2, idleNodes: 0, coresPerNode: 32, idleCores: 56,
          gpusPerNode: 4, idleGpus: 4, gpuModel: "h100", gpuVendor: "nvidia", features: ["h100"],
        },
      ],
    }); // prettier-ignore
  });

  test("the status and output of a job that ended with 42", async () => {
    const engine = engineOf(recorded());
    const status = await engine.status(id);
    expect(JobStatus.parse(status)).toEqual(status);
    expect(status).toMatchObject({ siteJobId: id, state: "FAILED", nativeState: "FAILED", exitCode: 42 });
    expect(Date.parse(status.finishedAt ?? "")).toBeGreaterThan(Date.parse(status.startedAt ?? ""));
    expect(await engine.logs(id)).toEqual({ text: "out\n", cursor: "4", complete: true, truncated: false });
    expect(await engine.logs(id, { stream: "stderr" })).toMatchObject({ text: "err\n" });
    expect(await engine.logs(id, { cursor: "4" })).toMatchObject({ text: "", complete: true });
    await engine.cancel(id);
  });

  test.each([
    ["toobig", /unsatisfiable request.*ask for fewer/i],
    ["badqueue", /Invalid queue 'nope' specified.*flux queue list/],
    ["toolong", /exceeds policy limit of 1h.*ask for less walltime/],
  ])("a refusal in Flux's own words: %s", async (name, words) => {
    const refusing = replayRun([{ argv: "flux jobs -a -c 20000 --json", stdout: '{"jobs":[]}' }], {
      onUnknown: () => ({ stderr: read(`${folder}/submit-${name}.txt.err`), exitCode: 1 }),
    });
    await expect(engineOf(refusing).submit(job(["true"]), { tag: "t1" })).rejects.toMatchObject({
      code: "E_ENGINE_REFUSED",
      message: expect.stringMatching(words),
    });
  });
});

const facts = (resources: string, queues = "|✔|✔|inf|inf\n", R?: string): Promise<Workload> =>
  engineOf(
    replayRun(
      [
        { argv: "flux resource list -no {state}|{queue}|{properties}|{nnodes}|{ncores}|{ngpus}|{nodelist}", stdout: resources },
        { argv: "flux queue list -no {queue}|{enabled}|{started}|{defaults.timelimit}|{limits.timelimit}", stdout: queues },
        ...(R === undefined ? [] : [{ argv: "flux resource R", stdout: R }]),
      ],
      { onUnknown: () => ({ exitCode: 1 }) },
    ),
  ).workload(); // prettier-ignore

describe("flux resources", () => {
  test("a node in use in part counts once, a drained one is not available", async () => {
    const { nodeGroups, partitions } = await facts(
      "free|||1|4|0|n0\nallocated|||2|12|0|n[0-1]\ndown|||1|8|0|n2\n",
    );
    expect(partitions).toEqual([]);
    expect(nodeGroups).toMatchObject([
      { nodes: 3, availableNodes: 2, idleNodes: 0, coresPerNode: 8, idleCores: 4, gpusPerNode: 0 },
    ]);
  });

  test("a queue that is stopped or disabled starts nothing", async () => {
    for (const queues of ["a|✔|✗|inf|inf\n", "a|✗|✔|inf|inf\n", "a|n|y|inf|inf\n"]) {
      const workload = await facts("free|a||2|8|2|n[0-1]\n", queues);
      expect(workload.partitions).toEqual([{ name: "a", isDefault: true, up: false }]);
      expect(workload.nodeGroups).toMatchObject([
        { nodes: 2, availableNodes: 0, idleNodes: 0, idleCores: 0, idleGpus: 0 },
      ]);
    }
  });

  test("nodes outside every named queue cannot be used; nodes in two are one group", async () => {
    const { nodeGroups } = await facts("free|||1|8|0|n0\nfree|a,b||1|8|0|n1\n", "a|✔|✔|60.0|\nb|✔|✗||\n");
    expect(nodeGroups).toMatchObject([
      { partitions: [], availableNodes: 0 },
      { partitions: ["a", "b"], availableNodes: 1 },
    ]);
  });

  test("nonsense is no fact", async () => {
    expect(await facts("\u0000\n|||||||\nfree|a\n", "%%\n", "not json")).toMatchObject({ status: "empty" });
    expect(await facts("free|||1|x|y|n0\n", "", '{"execution":{"R_lite":[null,{"rank":7}],"nodelist":[3]}}')).toMatchObject(
      { nodeGroups: [{ coresPerNode: 0, idleCores: 0, gpusPerNode: 0 }] },
    ); // prettier-ignore
  });

  test.each<[string, Omit<Recording, "argv">, string]>([
    ["not installed", { failure: "not-found" }, "absent"],
    ["no instance", { exitCode: 1, stderr: read("flux-0.88/no-instance.txt.err") }, "unreachable"],
    ["an instance still starting", { exitCode: 1, stderr: "flux-resource: ERROR: No service matching sched.resource-status is registered\n" }, "unreachable"],
    ["no answer", { failure: "timeout" }, "unreachable"],
    ["no permission", { exitCode: 1, stderr: "flux-resource: ERROR: [Errno 1] Operation not permitted\n" }, "forbidden"],
    ["a crash", { exitCode: 1, stderr: "Traceback (most recent call last):\n" }, "failed"],
  ])("without facts: %s", async (_title, answer, status) => {
    const workload = await engineOf(answering(answer)).workload();
    expect(workload).toMatchObject({ status, canSubmit: false, nodeGroups: [] });
    expect(workload.reason).not.toBe("");
  }); // prettier-ignore
});

const statusOf = (fields: Record<string, unknown>): Promise<JobStatus> =>
  engineOf(answering({ stdout: JSON.stringify({ jobid: "ƒA1", ...fields }) })).status("fA1");

const event = (data: Buffer): string =>
  JSON.stringify({
    name: "data",
    context: { stream: "stdout", rank: "0", encoding: "base64", data: data.toString("base64") },
  });

describe("flux jobs", () => {
  test.each<[Record<string, unknown>, Partial<JobStatus>]>([
    [{ state: "DEPEND", dependencies: ["afterok:ƒ1"] }, { state: "QUEUED", reason: "waits for afterok:ƒ1" }],
    [{ state: "SCHED", urgency: 0 }, { state: "QUEUED", reason: "held: its urgency is 0" }],
    [{ state: "SCHED", annotations: { sched: { t_estimate: 1795172373.5 } } }, { estimatedStartAt: "2026-11-20T10:59:33.500Z" }],
    [{ state: "RUN", nodelist: "gpu[0-1]", returncode: "" }, { state: "ACTIVE", nodes: ["gpu0", "gpu1"] }],
    [{ state: "CLEANUP" }, { state: "ACTIVE" }],
    [{ state: "INACTIVE", result: "COMPLETED", returncode: 0 }, { state: "COMPLETED", exitCode: 0 }],
    [{ state: "INACTIVE", result: "CANCELED", returncode: -128, exception: { occurred: true, type: "cancel", note: "" } }, { state: "CANCELED", reason: "cancel" }],
    [{ state: "INACTIVE", result: "CANCELED", returncode: 143 }, { state: "CANCELED", exitCode: 143 }],
    [{ state: "INACTIVE", result: "TIMEOUT", returncode: 142, exception: { occurred: true, type: "timeout", note: "resource allocation expired" } }, { state: "FAILED", exitCode: 142, nativeState: "TIMEOUT", reason: "timeout: resource allocation expired" }],
    [{ state: "INACTIVE", result: "FAILED", returncode: 127, exception: { occurred: true, type: "exec", note: "start failed: X" } }, { state: "FAILED", exitCode: 127 }],
    [{ state: "LIMBO" }, { state: "UNKNOWN", nativeState: "LIMBO" }],
  ])("%j", async (fields, expected) => {
    const status = await statusOf(fields);
    expect(JobStatus.parse(status)).toEqual(status);
    expect(status).toMatchObject(expected);
    expect(status.exitCode).toBe(expected.exitCode);
  }); // prettier-ignore

  test("ids nobody gave out", async () => {
    const engine = engineOf(answering({ exitCode: 1, stderr: "flux-jobs: ERROR: JobID fzzz unknown\n" }));
    for (const id of ["fzzz", "12345", "", "-A", "f0OIl", "../x", "$(id)"]) {
      await expect(engine.status(id)).rejects.toMatchObject({ code: "E_ENGINE_JOB_UNKNOWN" });
      await expect(engine.cancel(id)).rejects.toMatchObject({ code: "E_ENGINE_JOB_UNKNOWN" });
    }
  });

  test("output that is binary, split and in base64", async () => {
    const bytes = Buffer.from("zażółć 🐢\n");
    const output = `${event(bytes.subarray(0, 4))}\nnot json\n${event(bytes.subarray(4))}\n`;
    const engine = engineOf(
      replayRun([{ argv: "flux job info fA1 guest.output", stdout: output }], {
        onUnknown: () => ({ stdout: '{"state":"RUN"}' }),
      }),
    );
    let text = "";
    let cursor: string | undefined;
    for (let turn = 0; turn < 20; turn += 1) {
      const chunk = await engine.logs("fA1", { cursor, maxBytes: 5 });
      text += chunk.text;
      cursor = chunk.cursor;
      expect(chunk.complete).toBe(false);
    }
    expect(text).toBe(bytes.toString());
    await expect(engine.logs("fA1", { cursor: "-1" })).rejects.toMatchObject({ code: "E_ARGUMENT_INVALID" });
  }); // prettier-ignore
});

/** A broker that remembers what was submitted. */
function broker(lose = false): {
  run: ReplayRun;
  environments: (Readonly<Record<string, string>> | undefined)[];
} {
  const names: string[] = [];
  const environments: (Readonly<Record<string, string>> | undefined)[] = [];
  const replay = replayRun([], {
    onUnknown: (argv) => {
      if (argv[1] === "jobs") {
        const jobs = names.map((name, index) => ({
          jobid: `ƒB${index + 2}`,
          name,
          t_submit: 1000 + index,
        }));
        return { stdout: JSON.stringify(jobs.length === 1 ? jobs[0] : { jobs }) };
      }
      names.push(argv.find((text) => text.startsWith("--job-name="))?.slice(11) ?? "");
      return lose ? { failure: "timeout" } : { stdout: `ƒB${names.length + 1}\n` };
    },
  });
  const answer: Run = (argv, options) => {
    environments.push(options?.env);
    return replay(argv, options);
  };
  const run = Object.assign(answer, { calls: replay.calls });
  return { run, environments };
}
const submissions = (run: ReplayRun): (readonly string[])[] =>
  run.calls.filter((argv) => argv[1] === "submit");

describe("flux submissions", () => {
  test("what is asked for, in Flux's terms", async () => {
    const { run } = broker();
    const spec = job(["lmp", "-in", "$(id)", ""], {
      name: "my job; rm",
      directory: "/data",
      walltimeSeconds: 90,
      queue: "gpu",
      account: "phys",
      resources: { nodes: 2, tasksPerNode: 2, coresPerTask: 4, gpusPerNode: 4, gpuModel: "H100" },
    });
    const { siteJobId } = await engineOf(run).submit(spec, { tag: "t-1" });
    expect(siteJobId).toBe("fB2");
    expect(submissions(run)[0]).toEqual([
      "flux", "submit", "--env=-*", "--env=PATH", "--env=HOME", "--env=USER",
      "--job-name=my-job-rm~t-1", "--setattr=user.parley=t-1", "-N2", "-n4", "-c4", "-g2",
      "--requires=h100", "--time-limit=90s", "--queue=gpu", "--bank=phys", "--cwd=/data",
      "lmp", "-in", "$(id)", "",
    ]); // prettier-ignore
  });

  test.each<[Record<string, number | boolean>, string[]]>([
    [{}, ["-n1"]],
    [{ nodes: 3 }, ["-N3", "-n3"]],
    [{ tasks: 8 }, ["-n8"]],
    [{ tasks: 8, tasksPerNode: 4 }, ["-N2", "-n8"]],
    [{ gpusPerNode: 2 }, ["-N1", "-n1", "-g2"]],
    [{ exclusive: true }, ["-N1", "-n1", "--exclusive"]],
  ])("%j", async (resources, options) => {
    const { run } = broker();
    await engineOf(run).submit(job(["true"], { resources }), { tag: "t" });
    expect(submissions(run)[0]?.filter((text) => /^-[Nncg]|^--exclusive/.test(text))).toEqual(options);
  });

  test("what a job loads, as arguments of a script that loads it", async () => {
    const { run } = broker();
    const stateDir = join(root, "loads");
    const bin = join(root, "loads-bin");
    await mkdir(bin, { recursive: true });
    await writeFile(join(bin, "fakeprog"), '#!/bin/sh\necho "got $1"\nexit 3\n', { mode: 0o755 });
    const known = `[ "$3" = fake/1.0 ] && echo 'PATH="${bin}:$PATH"' || { echo "unknown $3" >&2; echo false; exit 1; }`;
    await writeFile(join(bin, "lmod"), `#!/bin/sh\n${known}\n`, { mode: 0o755 });
    const load = [{ via: "modules", name: "fake/1.0" }];
    const { spec } = await engineOf(run, stateDir).submit(job(["fakeprog", "$(id)"], { load }), { tag: "l" });
    expect(spec).toContain('-- modules fake/1.0 -- fakeprog "$(id)"');
    const argv = submissions(run)[0]?.slice(-6) ?? [];
    expect(argv.slice(1)).toEqual(["modules", "fake/1.0", "--", "fakeprog", "$(id)"]);
    expect(argv[0]).toMatch(new RegExp(`^${stateDir}/scripts/job-[0-9a-f]+\\.sh$`));
    // A login shell reads the profile of a machine, which may have a module command itself.
    await writeFile(
      join(bin, ".bash_profile"),
      `unset -f module\nunset BASH_ENV\nexport LMOD_CMD=${join(bin, "lmod")}\n`,
    );
    const node = createRun();
    const env = { PATH: "/usr/bin:/bin", LMOD_CMD: join(bin, "lmod"), HOME: bin };
    expect(await node(argv, { env })).toMatchObject({ exitCode: 3, stdout: "got $(id)\n" });
    const unknown = await node([...argv.slice(0, 2), "nope", ...argv.slice(3)], { env });
    expect(unknown).toMatchObject({ exitCode: 127, stdout: "" });
    expect(unknown.stderr).toBe("unknown nope\nparley: could not load nope through modules\n");
  });

  test.each<[string, JobSpec]>([
    ["software of a hostile name", { ...job(["true"]), load: [{ via: "modules", name: "a;id" }] }],
    ["fewer tasks than nodes", job(["true"], { resources: { nodes: 4, tasks: 2 } })],
    ["GPUs that cannot be shared out", job(["true"], { resources: { nodes: 1, tasks: 2, gpusPerNode: 1 } })],
    ["a queue that is an option", job(["true"], { queue: "--x" })],
    ["a command that is an option", job(["--flags=waitable"])],
    ["a variable that is no name", job(["true"], { environment: { "-*": "" } })],
  ])("refused before Flux is asked: %s", async (_title, spec) => {
    const { run } = broker();
    await expect(engineOf(run).submit(spec, { tag: "t" })).rejects.toMatchObject({
      code: "E_ENGINE_REFUSED",
    });
    expect(submissions(run)).toEqual([]);
  });

  test("values of variables are in no argument", async () => {
    const { run, environments } = broker();
    const environment = { API_KEY: "s3cret", PYTHONPATH: "/x/$HOME" };
    const { spec } = await engineOf(run).submit(job(["true"], { environment }), { tag: "t" });
    expect(spec + JSON.stringify(run.calls)).not.toContain("s3cret");
    expect(submissions(run)[0]).toContain("--env=API_KEY");
    expect(submissions(run)[0]).toContain("--env=PYTHONPATH=/x/$$HOME");
    expect(environments.at(-1)).toMatchObject({ API_KEY: "s3cret", PATH: "/usr/bin", LC_ALL: "C" });
  });

  test("one tag is one job: together, one after the other, and after a crash", async () => {
    const { run } = broker();
    const engine = engineOf(run);
    const spec = job(["true"]);
    const both = await Promise.all([engine.submit(spec, { tag: "a" }), engine.submit(spec, { tag: "a" })]);
    expect(new Set(both.map(({ siteJobId }) => siteJobId)).size).toBe(1);
    const other = engineOf(run);
    expect(await other.find("a")).toBe("fB2");
    expect((await other.submit(spec, { tag: "a" })).siteJobId).toBe("fB2");
    expect(await other.find("b")).toBeUndefined();
    expect(submissions(run)).toHaveLength(1);
    await expect(engine.find("../a")).rejects.toMatchObject({ code: "E_ARGUMENT_INVALID" });
  });

  test("a submission whose answer was lost is found", async () => {
    const { run } = broker(true);
    expect((await engineOf(run).submit(job(["true"]), { tag: "lost" })).siteJobId).toBe("fB2");
    expect(submissions(run)).toHaveLength(1);
  });

  test("a job that Flux has purged keeps its last status", async () => {
    const stateDir = join(root, "purged");
    const { run } = broker();
    await engineOf(run, stateDir).submit(job(["true"]), { tag: "p" });
    const ended = answering({ stdout: '{"state":"INACTIVE","result":"FAILED","returncode":3}' });
    const gone = answering({ exitCode: 1, stderr: "flux-jobs: ERROR: JobID fB2 unknown\n" });
    expect(await engineOf(gone, stateDir).status("fB2")).toMatchObject({ state: "UNKNOWN" });
    await engineOf(ended, stateDir).status("fB2");
    expect(await engineOf(gone, stateDir).status("fB2")).toMatchObject({ state: "FAILED", exitCode: 3 });
  });
});

const flux = await which("flux");
describeEngine("flux, a real instance", {
  skip: flux === undefined ? "no flux on PATH" : undefined,
  create: () => {
    counter += 1;
    const stateDir = join(root, `${counter}`);
    return { engine: createFluxEngine({ run: createRun(), stateDir }) };
  },
  unknownJobId: "fzzzz",
  jobs: {
    succeeds: job(["echo", "hello"]),
    fails: job(["sh", "-c", "exit 7"]),
    sleeps: job(["sleep", "100"]),
    echoes: (args) =>
      job([process.execPath, "-e", "console.log(JSON.stringify(process.argv.slice(1)))", "--", ...args]),
    refused: { "no such queue": job(["true"], { queue: "nope" }) },
  },
});
