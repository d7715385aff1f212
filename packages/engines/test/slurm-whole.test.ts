import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createSlurm } from "@parley/engines/slurm";
import { loadRecordings, replayRun } from "@parley/testing";
import type { ReplayRun } from "@parley/testing";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";

const fixtures = join(import.meta.dirname, "fixtures");
const mark = "5e0ff6d1";
const gib = 2 ** 30;

/** Columns of the recordings, in their order. */
const recordedColumns = "%i|%P|%j|%u|%T|%M|%l|%D|%C|%b|%R|%V|%S".split("|");

/** Prints recorded rows of squeue in the columns asked for; raw ids are those `scontrol` recorded. */
function squeueOf(version: string, argv: readonly string[]): string {
  const wanted = (argv.at(-1) ?? "").split("|");
  const only = argv.find((arg) => arg.startsWith("--jobs="))?.slice(7);
  const lines = readFileSync(join(fixtures, `slurm-${version}`, "squeue-o.txt"), "utf8")
    .trim()
    .split("\n");
  const scontrol = readFileSync(join(fixtures, `slurm-${version}`, "scontrol-job.txt"), "utf8");
  return lines
    .map((line) => {
      const fields = new Map(line.split("|").map((value, index) => [recordedColumns[index] ?? "", value]));
      const id = fields.get("%i") ?? "";
      const [, array, task] = /^(\d+)_(\d+)$/.exec(id) ?? [];
      const raw =
        array === undefined
          ? id
          : new RegExp(`^JobId=(\\d+) ArrayJobId=${array} ArrayTaskId=${task} `, "m").exec(scontrol)?.[1];
      const where = fields.get("%R") ?? "";
      const reason = where.startsWith("(") ? where.slice(1, -1) : "None";
      const more = { "%A": raw ?? id, "%N": where.startsWith("(") ? "" : where, "%r": reason, "%e": "N/A" };
      const all = new Map([...fields, ...Object.entries(more)]);
      return [
        id,
        wanted.map((column) => (column.startsWith("%") ? (all.get(column) ?? "") : column)).join("|"),
      ];
    })
    .filter(([id]) => only === undefined || id === only || id?.startsWith(`${only}_`))
    .map(([, line]) => `${line}\n`)
    .join("");
}

const replaying = (version: string): ReplayRun =>
  replayRun(loadRecordings(fixtures, `slurm-${version}`), {
    onUnknown: (argv) => {
      if (argv[0] === "squeue") return { stdout: squeueOf(version, argv) };
      if (argv[0] === "scontrol" && argv[3] === "job") {
        return { stdout: readFileSync(join(fixtures, `slurm-${version}`, "scontrol-job.txt"), "utf8") };
      }
      if (argv[0] === "sacct") return { stderr: "Slurm accounting storage is disabled\n", exitCode: 1 };
      if (argv[0] === "sinfo") return { stdout: "gpu1|gpu:h100:2(IDX:0-1)|\n" };
      throw new Error(`Nothing is recorded for ${argv.join(" ")}`);
    },
  });

const slurmOf = (run: ReplayRun): ReturnType<typeof createSlurm> =>
  createSlurm({ run, stateDir: "/var/lib/parley", environment: { PATH: "/usr/bin" }, mark: () => mark });

/** Ids of like jobs in the recordings. */
describe.each([
  ["22.05", { train: "11", ex7: "12", waits: "15", gres: "gres:gpu:2" }],
  ["24.11", { train: "10", ex7: "11", waits: "14", gres: "gres/gpu:2" }],
  ["26.05", { train: "8", ex7: "9", waits: "12", gres: "gres/gpu:2" }],
])("[HPC-13] slurm %s as a whole, recorded", (version, { train, ex7, waits, gres }) => {
  test("reads the queue", async () => {
    const queue = await slurmOf(replaying(version)).queue({ states: "all" });
    const jobs = new Map(queue.map((job) => [job.id, job]));
    expect(jobs.get(train)).toMatchObject({
      name: "train",
      user: "root",
      partition: "gpu",
      state: "ACTIVE",
      nodes: ["gpu1"],
      nodeCount: 1,
      cores: 8,
      gresPerNode: gres,
      limitSeconds: 3600,
    });
    expect(jobs.get(waits)).toMatchObject({
      state: "QUEUED",
      nodes: [],
      reason: expect.stringMatching(/\w/),
    });
    expect(jobs.get(ex7)).toMatchObject({ state: "FAILED", reason: "NonZeroExitCode" });
  });

  test("reads a job's exit code, resources and files", async () => {
    const [failed] = await slurmOf(replaying(version)).job(ex7);
    expect(failed).toMatchObject({ uid: 0, tasks: 1, exitCode: 7, stdoutFile: "/dev/null" });
    const [running] = await slurmOf(replaying(version)).job(train);
    expect(running?.resources).toMatch(/^cpu=8,mem=1000M,node=1/);
    expect(running?.exitCode).toBeUndefined();
  });

  test("reads nodes with their reasons", async () => {
    const nodes = new Map((await slurmOf(replaying(version)).nodes()).map((node) => [node.name, node]));
    expect(nodes.get("cpu2")).toMatchObject({
      use: "never",
      reason: expect.stringMatching(/^disk swap \[root@/),
      memoryBytes: 250 * gib,
    });
    expect(nodes.get("gpu1")).toMatchObject({
      use: "now",
      gpus: [{ type: "h100", count: 4 }],
      gpusInUse: 2,
      load: expect.any(Number),
      freeMemoryBytes: expect.any(Number),
    });
    expect(nodes.get("dead1")?.use).toBe("never");
  });

  test("tells a site without accounts from one that has no jobs", async () => {
    expect(await slurmOf(replaying(version)).accounting()).toBeUndefined();
  });
});

describe("[HPC-13] accounts", () => {
  const recorded = readFileSync(join(fixtures, "slurm-22.05", "sacct-P.txt"), "utf8");
  const names = "JobID,JobName,Partition,State,ExitCode,Elapsed,Start,End,AllocTRES,NodeList".split(",");

  /** The recorded rows in the columns asked for; names may be replaced. */
  const accountsOf = (rename: (name: string) => string): ReplayRun =>
    replayRun([], {
      onUnknown: (argv) => {
        const delimiter = argv.find((arg) => arg.startsWith("--delimiter="))?.slice(12) ?? "";
        const wanted = (argv.at(-1) ?? "").split(",");
        const rows = recorded
          .trim()
          .split("\n")
          .map((line) => {
            const row = new Map(line.split("|").map((value, index) => [names[index] ?? "", value]));
            row.set("JobIDRaw", row.get("JobID") ?? "");
            row.set("JobName", rename(row.get("JobName") ?? ""));
            return wanted.map((column) => row.get(column) ?? "").join(delimiter);
          });
        return { stdout: `${rows.join("\n")}\n` };
      },
    });

  test("reads states, exit codes and nodes", async () => {
    const jobs =
      (await slurmOf(accountsOf((name) => name)).accounting({ since: "2026-11-20T00:00:00Z" })) ?? [];
    expect(jobs.find(({ name }) => name === "bad")).toMatchObject({
      state: "FAILED",
      exitCode: 7,
      nodes: ["delta2"],
    });
    const cancelled = jobs.find(({ nativeState }) => nativeState.startsWith("CANCELLED"));
    expect(cancelled).toMatchObject({ state: "CANCELED", nodes: [] });
    expect(cancelled?.exitCode).toBeUndefined();
  });

  test("whatever a job is called, rows and fields stay whole", async () => {
    const plain = (await slurmOf(accountsOf((name) => name)).accounting()) ?? [];
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: fc.constantFrom("|", "\n", "a", " ", "=", "7") }), async (text) => {
        const jobs = (await slurmOf(accountsOf(() => text)).accounting()) ?? [];
        expect(jobs.map(({ rawId, state }) => [rawId, state])).toEqual(
          plain.map(({ rawId, state }) => [rawId, state]),
        );
      }),
      { numRuns: 60 },
    );
  });
});

test("filters become options and never more than that", async () => {
  const run = replaying("24.11");
  const slurm = slurmOf(run);
  await slurm.queue({ user: "ada", partition: "gpu", states: "pending", mine: true });
  expect(run.calls.at(-1)?.slice(0, -2)).toEqual([
    "squeue",
    "-h",
    "--states=PENDING",
    "--me",
    "--user=ada",
    "--partition=gpu",
  ]);
  await fc.assert(
    fc.asyncProperty(fc.string({ minLength: 1 }), async (text) => {
      const before = run.calls.length;
      await slurm.queue({ user: text, account: text }).catch((error: unknown) => {
        expect(error).toMatchObject({ code: "E_ENGINE_REFUSED" });
      });
      const argv = run.calls.slice(before).find(([program]) => program === "squeue") ?? [];
      const odd = argv.slice(1, -2).filter((arg) => !/^(?:-h|--(?:user|account)=\w[\w.@+-]*)$/.test(arg));
      expect(odd).toEqual([]);
    }),
  );
});
