import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createRun } from "@parley/exec";
import { slurm_accounting, slurm_submit_job, slurm_wait_for_job } from "@parley/hpc";
import type { CallOptions } from "@parley/hpc";
import { type AccountedCluster, slurmAccountingAvailable, startAccountedCluster } from "@parley/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

const available = await slurmAccountingAvailable();
let accounted: AccountedCluster;
let stateDir: string;

beforeAll(async () => {
  if (!available) return;
  stateDir = await mkdtemp(join(tmpdir(), "parley-hpc-accounts-"));
  accounted = await startAccountedCluster();
}, 60_000);
afterAll(async () => {
  if (!available) return;
  await accounted.close();
  await rm(stateDir, { recursive: true, force: true });
});

describe.skipIf(!available)("[HPC-01] the accounts of a real slurmdbd (slurmdbd and mariadbd)", () => {
  const site = (): CallOptions => ({ env: accounted.cluster.environment, stateDir, loginEnvironment: false });

  const ended = async (command: string[]): Promise<string> => {
    const { job_id } = await slurm_submit_job({ command }, site());
    await slurm_wait_for_job({ job_id }, site());
    return job_id;
  };

  test("hold each job that ended, with state, and exit code", { timeout: 60_000 }, async () => {
    const good = await ended(["true"]);
    const bad = await ended(["sh", "-c", "exit 7"]);
    await expect
      .poll(async () => (await slurm_accounting({ job_id: bad }, site())).jobs, { timeout: 60_000 })
      .toMatchObject([{ job_id: bad, state: "FAILED", exit_code: 7, finished_at: expect.any(String) }]);
    // Periods are of whole seconds: what has just ended is in the next.
    await expect
      .poll(() => slurm_accounting({ state: "FAILED" }, site()), { timeout: 60_000 })
      .toMatchObject({ source: "accounting", total: 1, jobs: [{ job_id: bad }] });
    const all = async (): Promise<unknown> => {
      const { jobs } = await slurm_accounting({}, site());
      return jobs.map(({ job_id, state }) => [job_id, state]);
    };
    await expect.poll(all, { timeout: 60_000 }).toEqual(
      expect.arrayContaining([
        [good, "COMPLETED"],
        [bad, "FAILED"],
      ]),
    );
  });

  test("are not forged by a job's name", { timeout: 60_000 }, async () => {
    const name = "x|99|COMPLETED|0:0|root";
    const argv = ["sbatch", "--parsable", "-J", name, "-o", "/dev/null", "--wrap", "exit 3"];
    const submitted = await createRun()(argv, { env: accounted.cluster.environment, timeoutMs: 15_000 });
    const job_id = submitted.stdout.trim();
    await expect
      .poll(async () => (await slurm_accounting({ job_id }, site())).jobs, { timeout: 60_000 })
      .toMatchObject([{ job_id, name, state: "FAILED", exit_code: 3 }]);
  });

  test("say nothing of another user's or period's jobs", { timeout: 30_000 }, async () => {
    expect(await slurm_accounting({ user: "nobody" }, site())).toMatchObject({ total: 0 });
    const past = { since: "2020-01-01T00:00:00Z", until: "2020-01-02T00:00:00Z" };
    expect(await slurm_accounting(past, site())).toMatchObject({ source: "accounting", total: 0 });
  });
});
