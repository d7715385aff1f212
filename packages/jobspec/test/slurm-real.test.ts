import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { transform, writeBatchJob } from "@parley/jobspec";
import type { BatchJob } from "@parley/jobspec";
import { createRun } from "@parley/exec";
import { slurmAvailable, startSlurmClusters } from "@parley/testing";
import type { SlurmClusters } from "@parley/testing";
import * as fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { corpus } from "./corpus.ts";
import { anyJob } from "./job-generator.ts";

const available = await slurmAvailable();
const run = createRun({ timeoutMs: 15_000 });
let slurm: SlurmClusters;
let directory: string;

beforeAll(async () => {
  if (!available) return;
  directory = await mkdtemp(join(tmpdir(), "parley-jobspec-"));
  slurm = await startSlurmClusters();
});
afterAll(async () => {
  if (!available) return;
  await slurm.close();
  await rm(directory, { recursive: true, force: true });
});

let counter = 0;
/** What sbatch says to a script: its options are read before the controller is asked. */
async function sbatch(text: string, options: readonly string[]): Promise<{ ok: boolean; said: string }> {
  counter += 1;
  const path = join(directory, `job-${counter}.sh`);
  await writeFile(path, text);
  const { environment } = slurm.clusters.gamma;
  const result = await run(["sbatch", ...options, path], { env: environment });
  return { ok: result.ok, said: `${result.stdout}${result.stderr}` };
}

/** Complaints of sbatch about the script, as against what the controller of this small cluster lacks. */
const misread =
  /^sbatch: (?:error: (?!Batch job submission failed|invalid partition specified|Failed to validate job spec, --gpus|Invalid generic resource)|Warning|fatal|unrecognized|invalid|option)/m;

describe.skipIf(!available)("a real sbatch", () => {
  test("[JSP-06] accepts a job that fits the cluster", async () => {
    const job: BatchJob = {
      name: 'it\'s "quoted" #1',
      queue: "gpu",
      nodes: 2,
      tasksPerNode: 4,
      cpusPerTask: 2,
      gpusPerNode: 2,
      gpuType: "h100",
      memoryBytesPerNode: 1024 ** 3,
      walltimeSeconds: 1800,
      begin: { afterSeconds: 60 },
      environment: { inherit: "all", variables: { GREETING: "hello, world" } },
      output: "out dir/%{jobName}-%{jobId}.txt",
      mail: { events: ["begin", "end"], user: "me@example.org" },
      signal: { name: "USR1", secondsBefore: 60, batchShell: true },
      script: "true\n",
    };
    const { text, report } = writeBatchJob(job, { to: "slurm" });
    expect(report.map(({ field }) => field)).toEqual(["interpreter"]);
    expect(await sbatch(text, ["--test-only"])).toMatchObject({ ok: true });
  });

  test("[JSP-06] keeps name, time, nodes and paths as the job says them", async () => {
    const name = "a 'b' \"c\" $(d) `e` \\f #g";
    const job: BatchJob = {
      name,
      hold: true,
      nodes: 2,
      walltimeSeconds: 1805,
      output: "o %% %{jobId}",
      script: "true\n",
    };
    const { said } = await sbatch(writeBatchJob(job, { to: "slurm" }).text, ["--parsable"]);
    const id = /^\d+/.exec(said)?.[0] ?? said;
    const { environment } = slurm.clusters.gamma;
    const shown = await run(["scontrol", "-o", "show", "job", id], { env: environment });
    expect(shown.stdout).toContain(` JobName=${name} `);
    expect(shown.stdout).toContain("TimeLimit=00:31:00");
    expect(shown.stdout).toContain("NumNodes=2-2 ");
    expect(/StdOut=(.*?) \w+=/.exec(shown.stdout)?.[1]).toMatch(new RegExp(`/o %{1,2} ${id}$`));
    await run(["scancel", id], { env: environment });
  });

  test("[JSP-06] reads every option of the corpus", { timeout: 120_000 }, async () => {
    const complaints: string[] = [];
    for (const { name, text } of corpus) {
      const { said } = await sbatch(transform(text, { to: "slurm" }).text, ["--test-only"]);
      if (misread.test(said)) complaints.push(`${name}: ${said.trim()}`);
    }
    expect(complaints).toEqual([]);
  });

  test("[JSP-06] reads every option of generated jobs", { timeout: 120_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(anyJob, async (job) => {
        const { said } = await sbatch(writeBatchJob(job, { to: "slurm" }).text, ["--test-only"]);
        expect(said).not.toMatch(misread);
      }),
      { numRuns: 40 },
    );
  });

  test("[JSP-06] does not read directives of PBS or LSF in a script", async () => {
    const script = "cat <<E\n#PBS -l nodes=99\nE\n";
    const plain = await sbatch(`#!/bin/sh\n#SBATCH -n1\n${script}`, ["--test-only"]);
    expect(plain.said).toMatch(/99 nodes/);
    const { said } = await sbatch(writeBatchJob({ tasks: 1, script }, { to: "slurm" }).text, ["--test-only"]);
    expect(said).not.toMatch(/99 nodes/);
  });

  test("[JSP-06] would say so of an option it does not know", async () => {
    const { said } = await sbatch("#!/bin/sh\n#SBATCH --frobnicate\ntrue\n", ["--test-only"]);
    expect(said).toMatch(misread);
  });
});
