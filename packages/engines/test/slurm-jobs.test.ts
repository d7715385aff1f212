import { mkdir, mkdtemp, readFile, readdir, rm, stat, symlink, writeFile } from "node:fs/promises";
import { readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { JobSpec, JobStatus } from "@parley/core";
import type { Engine } from "@parley/engines";
import { createSlurmEngine } from "@parley/engines/slurm";
import type { SlurmEngineOptions } from "@parley/engines/slurm";
import { createRun } from "@parley/exec";
import { replayRun } from "@parley/testing";
import type { Recording, ReplayRun } from "@parley/testing";
import * as fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

type Answer = Omit<Recording, "argv">;

const fixtures = join(import.meta.dirname, "fixtures");
const job = (command: string[], rest: Record<string, unknown> = {}): JobSpec =>
  JobSpec.parse({ command, ...rest });
const noAccounting: Answer = { exitCode: 1, stderr: "Slurm accounting storage is disabled\n" };
const unknownJob: Answer = { exitCode: 1, stderr: "slurm_load_jobs error: Invalid job id specified\n" };

let root: string;
let counter = 0;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "parley-slurm-jobs-"));
});
afterAll(() => rm(root, { recursive: true, force: true }));

const freshDir = (): string => {
  counter += 1;
  return join(root, `state-${counter}`);
};
const engineOf = (run: ReplayRun, options: Partial<SlurmEngineOptions> = {}): Engine =>
  createSlurmEngine({ run, environment: { PATH: "/usr/bin" }, stateDir: freshDir(), ...options });

/** Answers by program; a controller without jobs where nothing else is said. */
function slurm(answers: Partial<Record<string, Answer | ((argv: readonly string[]) => Answer)>>): ReplayRun {
  return replayRun([], {
    onUnknown: (argv) => {
      const [program = "", first] = argv;
      if (first === "ping") return { stdout: "Slurmctld(primary) at c1 is UP\n" };
      const answer = answers[program];
      if (typeof answer === "function") return answer(argv);
      if (answer !== undefined) return answer;
      const rest: Partial<Record<string, Answer>> = {
        sacct: noAccounting,
        scontrol: unknownJob,
        sinfo: { stdout: "batch*|64|256000|(null)\ngpu|64+|512000+|gpu:nvidia_h100_80gb:4(S:0-1)\n" },
        sbatch: { stdout: "77\n" },
      };
      return rest[program] ?? {};
    },
  });
}

const submissions = (run: ReplayRun): (readonly string[])[] =>
  run.calls.filter(([program]) => program === "sbatch");

describe("slurm submissions", () => {
  test("what is asked for, as options; the command as arguments of a fixed script", async () => {
    const run = slurm({});
    const stateDir = join(freshDir(), "50%");
    const engine = engineOf(run, { stateDir });
    const spec = job(["lmp", "-in", "$(id)", "", "a b"], {
      name: "my job; rm",
      directory: "/data",
      walltimeSeconds: 90_061,
      queue: "gpu",
      account: "phys",
      environment: { KEY: "s3cret" },
      resources: { nodes: 2, tasks: 4, tasksPerNode: 2, coresPerTask: 8, gpusPerNode: 4, gpuModel: "H100", memoryBytesPerNode: 2 ** 30 + 1 },
    });
    const submitted = await engine.submit(spec, { tag: "t-1" });
    expect(submitted.siteJobId).toBe("77");
    const directory = join(stateDir, "jobs", "t-1");
    const [script] = await readdir(join(stateDir, "scripts"));
    const literal = directory.replace("%", "%%");
    expect(submissions(run)).toEqual([[
      "sbatch", "--parsable", "--comment=parley:t-1", "--job-name=my-job-rm", "--nodes=2", "--ntasks=4",
      "--ntasks-per-node=2", "--cpus-per-task=8", "--gres=gpu:nvidia_h100_80gb:4", "--mem=1025M",
      "--time=1-01:01:01", "--partition=gpu", "--account=phys", "--no-requeue", "--export=NONE",
      "--chdir=/data", `--output=${literal}/stdout`, `--error=${literal}/stderr`,
      join(stateDir, "scripts", script ?? ""), directory, "srun", "lmp", "-in", "$(id)", "", "a b",
    ]]);
    expect(submitted.spec + JSON.stringify(run.calls)).not.toContain("s3cret");
    expect((await stat(join(directory, "environment"))).mode & 0o777).toBe(0o600);
    expect((await stat(join(stateDir, "scripts", script ?? ""))).mode & 0o777).toBe(0o700);
    expect((await stat(directory)).mode & 0o777).toBe(0o700);
  }); // prettier-ignore

  test("what to load goes before the command, and takes another script than a plain job's", async () => {
    const run = slurm({});
    const stateDir = freshDir();
    const engine = engineOf(run, { stateDir });
    const load = [
      { via: "modules", name: "lammps/2023.08" },
      { via: "conda", name: "/opt/conda" },
    ];
    const submitted = await engine.submit(job(["lmp", "--"], { load }), { tag: "loading" });
    await engine.submit(job(["lmp", "--"]), { tag: "plain" });
    const [loading = [], plain = []] = submissions(run);
    const words = ["modules", "lammps/2023.08", "conda", "/opt/conda", "--", "lmp", "--"];
    expect(loading.slice(-8)).toEqual(["direct", ...words]);
    expect(submitted.spec.endsWith(`-- ${words.join(" ")}`)).toBe(true);
    expect(plain.slice(-3)).toEqual(["direct", "lmp", "--"]);
    expect(await readFile(loading.at(-10) ?? "", "utf8")).toMatch(/^#!\/bin\/bash -l\n/);
    expect(await readFile(plain.at(-5) ?? "", "utf8")).toMatch(/^#!\/bin\/sh\n(?!.*load)/s);
  });

  test.each<[Record<string, unknown>, string[]]>([
    [{}, ["--nodes=1", "--mem-per-cpu=4000M", "direct"]],
    [{ queue: "gpu" }, ["--nodes=1", "--mem-per-cpu=8000M", "--partition=gpu", "direct"]],
    [{ resources: { exclusive: true } }, ["--nodes=1", "--mem=0", "--exclusive", "direct"]],
    [{ resources: { tasks: 3 } }, ["--ntasks=3", "--mem-per-cpu=4000M", "srun"]],
    [{ resources: { gpusPerNode: 1 } }, ["--nodes=1", "--gres=gpu:1", "--mem-per-cpu=4000M", "direct"]],
    [{ walltimeSeconds: 59 }, ["--nodes=1", "--mem-per-cpu=4000M", "--time=0-00:00:59", "direct"]],
  ])("%j", async (rest, expected) => {
    const run = slurm({});
    await engineOf(run).submit(job(["true"], rest), { tag: "t" });
    const [argv = []] = submissions(run);
    const shape = argv.filter((text) => /^--(nodes|ntasks|gres|mem|time|partition|exclusive)|^(srun|direct)$/.test(text));
    expect(shape).toEqual(expected);
  }); // prettier-ignore

  test.each<[string, JobSpec]>([
    ["a partition that is an option", job(["true"], { queue: "-x" })],
    ["software of a hostile name", { ...job(["true"]), load: [{ via: "spack", name: "--first x" }] }],
    ["an account with a blank", job(["true"], { account: "a b" })],
    ["a GPU model with a comma", job(["true"], { resources: { gpusPerNode: 1, gpuModel: "a,b" } })],
    ["a command that is an option", job(["--wrap=id"])],
    ["a command that is nothing", job([""])],
    ["a NUL", job(["echo", "a\0b"])],
    ["a relative directory", job(["true"], { directory: "here" })],
    ["a variable that is no name", job(["true"], { environment: { "A B": "1" } })],
    ["a NUL in a variable", job(["true"], { environment: { A: "\0" } })],
  ])("refused before Slurm is asked: %s", async (_title, spec) => {
    const run = slurm({});
    await expect(engineOf(run).submit(spec, { tag: "t" })).rejects.toMatchObject({
      code: "E_ENGINE_REFUSED",
    });
    expect(submissions(run)).toEqual([]);
  });

  test.each(["22.05", "24.11", "26.05"].flatMap((version) => [
    [version, "toobig", "Node count specification invalid", "fewer or smaller nodes"],
    [version, "badpart", "invalid partition specified: nope", "sinfo"],
    [version, "badgres", "Invalid generic resource (gres) specification", "what GPUs there are"],
    [version, "too-long", "Requested time limit is invalid (missing or exceeds some limit)", "less walltime"],
  ] as const))("%s refuses in its own words: %s", async (version, name, words, hint) => {
    const stderr = readFileSync(join(fixtures, `slurm-${version}`, `sbatch-${name}.txt.err`), "utf8");
    const refused = engineOf(slurm({ sbatch: { exitCode: 1, stderr } })).submit(job(["true"]), { tag: "t" });
    await expect(refused).rejects.toMatchObject({ code: "E_ENGINE_REFUSED", message: expect.stringContaining(words) });
    await expect(refused).rejects.toMatchObject({ message: expect.stringContaining(hint) });
  }); // prettier-ignore

  test("one tag is one job: together, again, and after a crash before the note", async () => {
    const queue: string[] = [];
    const run = slurm({
      sbatch: (argv) => {
        queue.push(argv.find((text) => text.startsWith("--comment="))?.slice(10) ?? "");
        return { stdout: `${queue.length + 40};alpha\n` };
      },
      squeue: () => ({
        stdout: `7|a|b parley:a\n${queue.map((comment, index) => `${index + 41}|${comment}\n`).join("")}`,
      }),
    });
    const engine = engineOf(run);
    const spec = job(["true"]);
    const both = await Promise.all([engine.submit(spec, { tag: "a" }), engine.submit(spec, { tag: "a" })]);
    expect(both.map(({ siteJobId }) => siteJobId)).toEqual(["41", "41"]);
    const restarted = engineOf(run);
    expect(await restarted.find("a")).toBe("41");
    expect((await restarted.submit(spec, { tag: "a" })).siteJobId).toBe("41");
    expect(await restarted.find("aa")).toBeUndefined();
    expect(queue).toEqual(["parley:a"]);
    for (const tag of ["../a", "", "a b", "-a"]) {
      await expect(engine.submit(spec, { tag })).rejects.toMatchObject({ code: "E_ARGUMENT_INVALID" });
    }
  });

  test("a job purged from the queue is found by what it left, or by accounting", async () => {
    const stateDir = freshDir();
    await mkdir(join(stateDir, "jobs", "left"), { recursive: true });
    await writeFile(join(stateDir, "jobs", "left", "started-as"), "55\n");
    const run = slurm({ sacct: { stdout: "9|\n56|parley:kept\n" } });
    const engine = engineOf(run, { stateDir });
    expect([await engine.find("left"), await engine.find("kept")]).toEqual(["55", "56"]);
    expect((await engine.submit(job(["true"]), { tag: "kept" })).siteJobId).toBe("56");
    expect(submissions(run)).toEqual([]);
  });

  test("sbatch that was cut off: the job is looked for, and only then it failed", async () => {
    let submitted = false;
    const run = slurm({
      sbatch: () => {
        submitted = true;
        return { failure: "timeout" };
      },
      squeue: () => ({ stdout: submitted ? "90|parley:cut\n" : "" }),
    });
    expect((await engineOf(run).submit(job(["true"]), { tag: "cut" })).siteJobId).toBe("90");
    const lost = slurm({ sbatch: { failure: "timeout" } });
    await expect(engineOf(lost).submit(job(["true"]), { tag: "cut" })).rejects.toMatchObject({
      code: "E_ENGINE_UNREACHABLE",
      retryable: true,
    });
  });

  test("nothing is submitted while the queue cannot be asked", async () => {
    const run = slurm({ squeue: { exitCode: 1, stderr: "slurm_load_jobs error: Unable to contact slurm controller (connect failure)\n" } });
    await expect(engineOf(run).submit(job(["true"]), { tag: "t" })).rejects.toMatchObject({ code: "E_ENGINE_UNREACHABLE" });
    expect(submissions(run)).toEqual([]);
  }); // prettier-ignore

  test("an answer that is no job id", async () => {
    const run = slurm({ sbatch: { stdout: "Submitted batch job x\n" } });
    await expect(engineOf(run).submit(job(["true"]), { tag: "t" })).rejects.toMatchObject({
      code: "E_ENGINE_OUTPUT",
    });
  });

  test.each(["22.05", "24.11", "26.05"])("the dry run of %s", async (version) => {
    const stderr = readFileSync(join(fixtures, `slurm-${version}`, "sbatch-test-only.txt.err"), "utf8");
    const estimate = await engineOf(slurm({ sbatch: { stderr } })).estimate?.(job(["true"]));
    expect(estimate).toEqual({ startAt: expect.stringMatching(/^2026-11-20T10:58:(43|50|57).000Z$/), basis: "scheduler" });
  }); // prettier-ignore

  test("times in the machine's own zone where the environment is not ours", async () => {
    const stderr = "sbatch: Job 6 to start at 2026-12-15T08:48:23 using 1 processors\n";
    const engine = engineOf(slurm({ sbatch: { stderr } }), { environment: undefined });
    const expected = new Date("2026-12-15T08:48:23").toISOString();
    expect(await engine.estimate?.(job(["true"]))).toMatchObject({ startAt: expected });
    expect(await engineOf(slurm({ sbatch: {} })).estimate?.(job(["true"]))).toBeUndefined();
  });

  test("the state directory is absolute", () => {
    expect(() => engineOf(slurm({}), { stateDir: "here" })).toThrow(
      expect.objectContaining({ code: "E_CONFIG_INVALID" }),
    );
  });
});

describe("the batch script", () => {
  const run = createRun();

  test("hands on any argument and variable, leaves id and exit status", async () => {
    const stateDir = freshDir();
    const fake = slurm({});
    const engine = engineOf(fake, { stateDir });
    const text = fc.string({ unit: "binary", maxLength: 20 }).filter((value) => !value.includes("\0"));
    let turn = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(text, { maxLength: 4 }), text, async (args, value) => {
        turn += 1;
        const tag = `t${turn}`;
        const program =
          "process.stdout.write(JSON.stringify([process.argv.slice(1), process.env.VALUE])); process.exit(9)";
        const command = [process.execPath, "-e", program, "--", ...args];
        await engine.submit(job(command, { environment: { VALUE: value } }), { tag });
        const argv = fake.calls.at(-1) ?? [];
        const result = await run(argv.slice(argv.findIndex((word) => word.endsWith(".sh"))), {
          env: { PATH: "/usr/bin:/bin", SLURM_JOB_ID: "123" },
        });
        expect([JSON.parse(result.stdout), result.exitCode]).toEqual([[args, value], 9]);
        const left = (name: string): Promise<string> => readFile(join(stateDir, "jobs", tag, name), "utf8");
        expect([await left("started-as"), await left("exit-code")]).toEqual(["123\n", "9\n"]);
      }),
      { numRuns: 12 },
    );
  });

  test("runs no builtin of the shell", async () => {
    const fake = slurm({});
    await engineOf(fake).submit(job(["eval", "echo pwned"]), { tag: "t" });
    const argv = fake.calls.at(-1) ?? [];
    const result = await run(argv.slice(argv.findIndex((word) => word.endsWith(".sh"))));
    expect(result).toMatchObject({ exitCode: 127, stdout: "" });
  });
});

const line = (fields: string): string => `JobId=5 JobName=x UserId=a(1) GroupId=a(1) ${fields} Command=/x \n`;
const statusOf = (fields: string): Promise<JobStatus> =>
  engineOf(slurm({ scontrol: { stdout: line(fields) } })).status("5");

describe("slurm jobs", () => {
  test.each<[string, Partial<JobStatus>, string[]]>([
    ["JobState=PENDING Reason=Nodes_required_are_DOWN,_DRAINED ExitCode=0:0 SubmitTime=2026-11-20T10:00:00 StartTime=2026-11-21T10:00:00 EndTime=Unknown NodeList=",
      { state: "QUEUED", reason: "Nodes required are DOWN, DRAINED", submittedAt: "2026-11-20T10:00:00.000Z", estimatedStartAt: "2026-11-21T10:00:00.000Z" }, ["startedAt", "exitCode", "nodes"]],
    ["JobState=RUNNING Reason=None ExitCode=0:0 StartTime=2026-11-20T10:00:00 EndTime=2026-11-20T11:00:00 NodeList=n[01-02]",
      { state: "ACTIVE", nodes: ["n01", "n02"], startedAt: "2026-11-20T10:00:00.000Z" }, ["finishedAt", "exitCode", "reason"]],
    ["JobState=COMPLETING Reason=None ExitCode=0:0 NodeList=n1", { state: "ACTIVE" }, ["exitCode"]],
    ["JobState=COMPLETED Reason=None ExitCode=0:0 EndTime=2026-11-20T11:00:00 NodeList=n1", { state: "COMPLETED", exitCode: 0, finishedAt: "2026-11-20T11:00:00.000Z" }, ["reason"]],
    ["JobState=FAILED Reason=NonZeroExitCode ExitCode=7:0 NodeList=n1", { state: "FAILED", exitCode: 7, reason: "NonZeroExitCode" }, []],
    ["JobState=FAILED Reason=RaisedSignal:9(Killed) ExitCode=0:9 NodeList=n1", { state: "FAILED", exitCode: 137, reason: "RaisedSignal:9(Killed), ended by signal 9" }, []],
    ["JobState=TIMEOUT Reason=TimeLimit ExitCode=0:0 NodeList=n1", { state: "FAILED", reason: "its time limit was reached" }, ["exitCode"]],
    ["JobState=CANCELLED Reason=None ExitCode=0:0 StartTime=2026-11-20T11:00:00 EndTime=2026-11-20T11:00:00 NodeList=(null)", { state: "CANCELED" }, ["startedAt", "exitCode"]],
    ["JobState=CANCELLED Reason=None ExitCode=0:15 NodeList=n1", { state: "CANCELED", exitCode: 143 }, []],
    ["JobState=NODE_FAIL Reason=NodeDown ExitCode=0:0 NodeList=n1", { state: "FAILED", reason: "a node failed" }, ["exitCode"]],
    ["JobState=OUT_OF_MEMORY Reason=OutOfMemory ExitCode=0:125 NodeList=n1", { state: "FAILED", exitCode: 253 }, []],
    ["JobState=PREEMPTED Reason=None ExitCode=0:0 NodeList=n1", { state: "FAILED" }, []],
    ["JobState=REQUEUED Reason=None ExitCode=0:0 NodeList=", { state: "QUEUED" }, []],
    ["JobState=SOMETHING_NEW Reason=None NodeList=", { state: "UNKNOWN", nativeState: "SOMETHING_NEW" }, []],
  ])("%s", async (fields, expected, missing) => {
    const status = await statusOf(fields);
    expect(JobStatus.parse(status)).toEqual(status);
    expect(status).toMatchObject(expected);
    for (const key of missing) expect(status).not.toHaveProperty(key);
  }); // prettier-ignore

  test.each(["22.05", "24.11", "26.05"])("every recorded job of %s", async (version) => {
    const stdout = readFileSync(join(fixtures, `slurm-${version}`, "scontrol-job.txt"), "utf8");
    const ids = [...stdout.matchAll(/^JobId=(\d+)/gm)].map(([, id = ""]) => id);
    const engine = engineOf(slurm({ scontrol: { stdout } }));
    const states = await Promise.all(ids.map(async (id) => (await engine.status(id)).state));
    const words = [...stdout.matchAll(/ JobState=(\w+)/g)].map(([, word = ""]) => word);
    const table: Record<string, string> = { PENDING: "QUEUED", RUNNING: "ACTIVE", CANCELLED: "CANCELED" };
    expect(states).toEqual(words.map((word) => table[word] ?? word));
    expect(states).toContain("FAILED");
  });

  test.each([
    ["FAILED|7:0", "FAILED", 7],
    ["COMPLETED|0:0", "COMPLETED", 0],
    ["CANCELLED by 0|0:0", "CANCELED", undefined],
    ["CANCELLED+|0:15", "CANCELED", 143],
    ["TIMEOUT|0:0", "FAILED", undefined],
  ])("forgotten by the controller, known to accounting: %s", async (row, state, exitCode) => {
    const stdout = `5|${row}|2026-11-20T10:00:00|2026-11-20T10:00:01|2026-11-20T10:00:02|None assigned\n`;
    const status = await engineOf(slurm({ sacct: { stdout } })).status("5");
    expect(status).toMatchObject({ state, finishedAt: "2026-11-20T10:00:02.000Z" });
    expect(status.exitCode).toBe(exitCode);
  });

  test("forgotten by both: the last status, then the exit status the job left, then UNKNOWN", async () => {
    const stateDir = freshDir();
    const gone = engineOf(slurm({}), { stateDir });
    await gone.submit(job(["true"]), { tag: "t" });
    expect(await gone.status("77")).toMatchObject({ state: "UNKNOWN" });
    await writeFile(join(stateDir, "jobs", "t", "exit-code"), "4\n");
    expect(await gone.status("77")).toMatchObject({ state: "FAILED", exitCode: 4 });
    const seen = line("JobState=TIMEOUT Reason=TimeLimit ExitCode=0:0 NodeList=n1").replace(
      "JobId=5",
      "JobId=77",
    );
    await engineOf(slurm({ scontrol: { stdout: seen } }), { stateDir }).status("77");
    expect(await gone.status("77")).toMatchObject({ state: "FAILED", nativeState: "TIMEOUT" });
  });

  test("an id that belongs to another job by now", async () => {
    const stateDir = freshDir();
    await engineOf(slurm({}), { stateDir }).submit(job(["true"]), { tag: "mine" });
    const stdout = "JobId=77 JobState=RUNNING Reason=None NodeList=n1 Comment=parley:other StdOut=/x\n";
    const engine = engineOf(slurm({ scontrol: { stdout } }), { stateDir });
    expect(await engine.status("77")).toMatchObject({ state: "UNKNOWN" });
  });

  test.each<[string, Answer, string]>([
    ["no controller", { exitCode: 1, stderr: "slurm_load_jobs error: Unable to contact slurm controller (connect failure)\n" }, "E_ENGINE_UNREACHABLE"],
    ["no answer", { failure: "timeout" }, "E_ENGINE_UNREACHABLE"],
    ["no command", { failure: "not-found" }, "E_ENGINE_MISSING"],
    ["no permission", { exitCode: 1, stderr: "slurm_load_jobs error: Access/permission denied\n" }, "E_ENGINE_FORBIDDEN"],
    ["no such job", unknownJob, "E_ENGINE_JOB_UNKNOWN"],
    ["no sense", { exitCode: 1, stderr: "Bus error\n" }, "E_ENGINE_OUTPUT"],
  ])("status without an answer: %s", async (_title, scontrol, code) => {
    await expect(engineOf(slurm({ scontrol })).status("5")).rejects.toMatchObject({ code });
  }); // prettier-ignore

  test("cancel tells denied from ended", async () => {
    const running = { stdout: line("JobState=RUNNING Reason=None ExitCode=0:0 NodeList=n1") };
    const cancelWith = (scancel: Answer): Promise<void> => engineOf(slurm({ scontrol: running, scancel })).cancel("5");
    await cancelWith({ exitCode: 1, stderr: "scancel: error: Kill job error on job id 5: Job/step already completing or completed\n" });
    await expect(cancelWith({ exitCode: 210, stderr: "scancel: error: Kill job error on job id 5: Access/permission denied\n" })).rejects.toMatchObject({ code: "E_ENGINE_FORBIDDEN" });
    const ended = slurm({ scontrol: { stdout: line("JobState=COMPLETED Reason=None ExitCode=0:0 NodeList=n1") } });
    await engineOf(ended).cancel("5");
    expect(ended.calls.some(([program]) => program === "scancel")).toBe(false);
  }); // prettier-ignore
});

async function withOutput(
  bytes: Uint8Array | undefined,
  state: string,
): Promise<{ engine: Engine; stdout: string }> {
  const stateDir = freshDir();
  const stdout = `JobId=77 JobState=${state} Reason=None ExitCode=0:0 NodeList=n1\n`;
  const engine = engineOf(slurm({ scontrol: { stdout } }), { stateDir });
  await engine.submit(job(["true"]), { tag: "t" });
  const path = join(stateDir, "jobs", "t", "stdout");
  if (bytes !== undefined) await writeFile(path, bytes);
  return { engine, stdout: path };
}

describe("slurm output", () => {
  test("any text, in pieces of any size, is whole again", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.string({ unit: "grapheme" }),
        fc.integer({ min: 1, max: 9 }),
        async (text, maxBytes) => {
          const { engine } = await withOutput(Buffer.from(text), "COMPLETED");
          let read = "";
          let cursor: string | undefined;
          for (;;) {
            const chunk = await engine.logs("77", { cursor, maxBytes });
            read += chunk.text;
            cursor = chunk.cursor;
            if (chunk.complete) break;
          }
          expect(read).toBe(text);
        },
      ),
      { numRuns: 25 },
    );
  });

  test("half a character waits while the job runs, and is shown as such once it has ended", async () => {
    const half = Uint8Array.from([0x68, 0x69, 0xf0, 0x9f]);
    const running = await withOutput(half, "RUNNING");
    expect(await running.engine.logs("77")).toMatchObject({ text: "hi", cursor: "2", complete: false });
    const ended = await withOutput(half, "FAILED");
    expect(await ended.engine.logs("77")).toMatchObject({ text: "hi\uFFFD", cursor: "4", complete: true });
  });

  test("no output yet, none at all, and a link in its place", async () => {
    const pending = await withOutput(undefined, "PENDING");
    expect(await pending.engine.logs("77")).toMatchObject({ text: "", cursor: "0", complete: false });
    const ended = await withOutput(undefined, "CANCELLED");
    expect(await ended.engine.logs("77", { stream: "stderr" })).toMatchObject({ text: "", complete: true });
    await symlink("/etc/hostname", ended.stdout);
    await expect(ended.engine.logs("77")).rejects.toMatchObject({ code: "E_ENGINE_OUTPUT" });
  });

  test("cursors and jobs that are not ours", async () => {
    const { engine } = await withOutput(Buffer.from("x"), "RUNNING");
    for (const cursor of ["-1", "1e3", "x", " "]) {
      await expect(engine.logs("77", { cursor })).rejects.toMatchObject({ code: "E_ARGUMENT_INVALID" });
    }
    expect(await engine.logs("77", { cursor: "999" })).toMatchObject({ text: "", cursor: "999" });
    const stdout = "JobId=5 JobState=RUNNING Reason=None NodeList=n1\n";
    await expect(engineOf(slurm({ scontrol: { stdout } })).logs("5")).rejects.toMatchObject({ code: "E_ENGINE_JOB_UNKNOWN" });
  }); // prettier-ignore
});
