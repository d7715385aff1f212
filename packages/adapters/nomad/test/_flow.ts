import {
  forceEvaluateJob,
  getAllocationStatus,
  getJobEvaluations,
  getJobLogs,
  getJobScale,
  getJobStatus,
  listJobs,
  type NomadOptions,
  nomadEvents,
  restartJob,
  scaleJob,
  startJob,
  stopJob,
  submitJobFile,
  waitJob,
} from "@parley/nomad";
import { expect } from "vitest";

/** A job of one group and task, as a JSON job file; each version of Nomad since 1.0 takes it. */
function jobFile(
  id: string,
  script: string,
  more: { readonly Type?: string; readonly MemoryMB?: number } = {},
): string {
  const { Type = "batch", MemoryMB = 32 } = more;
  const task = {
    Name: "t",
    Driver: "raw_exec",
    Config: { command: "/bin/sh", args: ["-c", script] },
    Resources: { CPU: 50, MemoryMB },
  };
  const never = { Attempts: 0, Unlimited: false };
  const group = {
    Name: "g",
    Count: 1,
    RestartPolicy: { Attempts: 0, Mode: "fail", Interval: 1_800_000_000_000, Delay: 15_000_000_000 },
    ...(Type === "batch" ? { ReschedulePolicy: never } : {}),
    Tasks: [task],
  };
  return JSON.stringify({ Job: { ID: id, Name: id, Type, Datacenters: ["dc1"], TaskGroups: [group] } });
}

const patience = 60;

/** What every Nomad has to do for us, a real one or the one we made; it wants nothing to be there and leaves nothing. */
export async function nomadFlow(options: NomadOptions): Promise<void> {
  const stop = new AbortController();
  const seen: unknown[] = [];
  const failures: unknown[] = [];
  const sink = {
    signal: stop.signal,
    emit: (event: unknown) => seen.push(event),
    fail: (error: unknown) => failures.push(error),
  };
  await nomadEvents(options).subscribe({}, sink);
  try {
    await batchJobs(options);
    await waitingJob(options);
    await service(options);
    await expect
      .poll(() => seen, { timeout: 30_000 })
      .toContainEqual(expect.objectContaining({ topic: "Job", key: "web" }));
    expect(failures).toEqual([]);
  } finally {
    stop.abort();
  }
}

async function batchJobs(options: NomadOptions): Promise<void> {
  for (const [id, status, outcome] of [
    ["hello", 0, "succeeded"],
    ["bad", 9, "failed"],
  ] as const) {
    const content = jobFile(id, `echo hi nomad; exit ${String(status)}`);
    const { waited } = await submitJobFile({ content, wait: "complete", timeout_seconds: patience }, options);
    expect(waited).toMatchObject({ done: true, outcome, exits: [{ exit_code: status }] });
    const [job] = (await listJobs({ prefix: id }, options)).jobs;
    expect(job).toMatchObject({ job_id: id, status: "dead" });
    expect((await getJobLogs({ job_id: id }, options)).streams[0]?.text).toBe("hi nomad\n");
    await stopJob({ job_id: id, purge: true, confirm: true }, options);
    await expect(getJobStatus({ job_id: id }, options)).rejects.toMatchObject({
      code: "E_ENGINE_JOB_UNKNOWN",
    });
  }
}

async function waitingJob(options: NomadOptions): Promise<void> {
  const content = jobFile("big", "exit 0", { MemoryMB: 900_000 });
  await submitJobFile({ content, wait: "evaluated", timeout_seconds: patience }, options);
  expect(await getJobStatus({ job_id: "big" }, options)).toMatchObject({ outcome: "unplaceable" });
  const evaluations = await getJobEvaluations({ job_id: "big" }, options);
  expect(JSON.stringify(evaluations)).toMatch(/found no node: .*memory/);
  expect(await forceEvaluateJob({ job_id: "big" }, options)).toMatchObject({
    evaluation_id: expect.any(String),
  });
  await stopJob({ job_id: "big", purge: true, confirm: true }, options);
}

async function service(options: NomadOptions): Promise<void> {
  const key = { job_id: "web" };
  const content = jobFile("web", "sleep 1000", { Type: "service" });
  const { waited } = await submitJobFile({ content, wait: "running", timeout_seconds: patience }, options);
  expect(waited).toMatchObject({ done: true, outcome: "running" });
  await scaleJob({ ...key, count: 2 }, options);
  await waitJob({ ...key, until: "running", timeout_seconds: patience }, options);
  expect((await getJobScale(key, options)).groups).toMatchObject({ g: { desired: 2 } });
  await expect.poll(async () => (await runningOf(options)).length, { timeout: 30_000 }).toBe(2);
  const restarted = await restartJob({ ...key, batch_size: 2, timeout_seconds: patience }, options);
  expect(restarted.allocations.map(({ state }) => state)).toEqual(["restarted", "restarted"]);
  await stopJob(key, options);
  await expect
    .poll(async () => (await getJobStatus(key, options)).outcome, { timeout: 30_000 })
    .toBe("stopped");
  await startJob(key, options);
  expect(await waitJob({ ...key, until: "running", timeout_seconds: patience }, options)).toMatchObject({
    done: true,
  });
  await stopJob({ ...key, purge: true, confirm: true }, options);
  await expect(getJobStatus(key, options)).rejects.toMatchObject({ code: "E_ENGINE_JOB_UNKNOWN" });
}

async function runningOf(options: NomadOptions): Promise<readonly unknown[]> {
  const { allocations } = await getAllocationStatus({ job_id: "web" }, options);
  return allocations.filter(({ status }) => status === "running");
}
