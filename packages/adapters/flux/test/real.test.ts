import { cancelJob, drainStatus, estimateStart, getJobEvents, getJobInfo, getJobLogs, handleDelegation, instanceInfo, killJob, listJobs, listQueues, resourceList, runJob, setUrgency, submitBatch, submitJob, submitJobspec, submitScript, validateJobspec, waitJob } from "@parley/flux"; // prettier-ignore
import type { CallOptions } from "@parley/flux";
import { createRun, which } from "@parley/exec";
import { describe, expect, test } from "vitest";
import { fakeFlux } from "./_fake-flux.ts";

const flux = await which("flux");
const answers = flux !== undefined && (await createRun()(["flux", "uptime"], { timeoutMs: 5000 })).ok;
const real: CallOptions = { env: process.env };

const jobspec = {
  version: 1,
  resources: [{ type: "slot", count: 1, label: "task", with: [{ type: "core", count: 1 }] }],
  tasks: [{ command: ["true"], slot: "task", count: { per_slot: 1 } }],
  attributes: { system: { duration: 60, environment: { PATH: "/usr/bin:/bin" } } },
};

/** What holds of the broker in memory must hold of a real one. */
function suite(open: () => CallOptions): void {
  test("[FLX-20] runs commands, with exit code and output", async () => {
    expect(await runJob({ command: ["echo", "hello"] }, open())).toMatchObject({ done: true, exit_code: 0, stdout: "hello\n" });
    expect(await runJob({ command: ["sh", "-c", "exit 7"] }, open())).toMatchObject({ state: "FAILED", exit_code: 7 });
  }); // prettier-ignore

  test("[FLX-20] takes jobspecs, scripts and batch scripts", async () => {
    const options = open();
    for (const { job_id } of [
      await submitJobspec({ jobspec }, options),
      await submitScript({ script: "#!/bin/sh\ntrue\n" }, options),
    ]) {
      expect(await waitJob({ job_id }, options)).toMatchObject({ done: true, exit_code: 0 });
      expect(await getJobLogs({ job_id }, options)).toMatchObject({ lines: [], complete: true });
      expect((await getJobEvents({ job_id }, options)).events[0]?.name).toBe("submit");
    }
    const { job_id } = await submitBatch(
      { script: "#!/bin/sh\nsleep 60\n", num_slots: 1, name: "b" },
      options,
    );
    expect((await getJobInfo({ job_id }, options)).info.name).toBe("b");
    await cancelJob({ job_id, confirm: true }, options);
  });

  test("[FLX-20] steers jobs", async () => {
    const options = open();
    const held = await submitJob({ command: ["true"], urgency: 0 }, options);
    expect((await getJobInfo({ job_id: held.job_id }, options)).info).toMatchObject({
      state: "QUEUED",
      urgency: 0,
    });
    await setUrgency({ job_id: held.job_id, urgency: 17 }, options);
    await cancelJob({ job_id: held.job_id, confirm: true }, options);
    const { job_id } = await submitJob({ command: ["sleep", "60"] }, options);
    await killJob({ job_id, signal: "SIGCONT" }, options);
    const { jobs } = await listJobs({ states: "all" }, options);
    expect(jobs.map((job) => job.job_id)).toContain(job_id);
    await cancelJob({ job_id, confirm: true }, options);
    expect((await waitJob({ job_id }, options)).state).toBe("CANCELED");
  });

  test("[FLX-20] reads the site, judges and estimates", async () => {
    const options = open();
    expect((await resourceList({}, options)).up.cores).toBeGreaterThan(0);
    expect((await listQueues({}, options)).queues.length).toBeGreaterThan(0);
    expect((await instanceInfo({}, options)).state).toBe("run");
    expect((await drainStatus({}, options)).states.length).toBeGreaterThan(0);
    const content = JSON.stringify(jobspec);
    expect(await validateJobspec({ content, ask: "flux" }, options)).toMatchObject({ valid: true });
    expect((await estimateStart({ num_nodes: 100_000, num_tasks: 100_000 }, options)).when).toMatch(/never|unknown/);
    await expect(submitJob({ command: ["true"], queue: "nope" }, options)).rejects.toMatchObject({ code: "E_ENGINE_REFUSED" });
    await expect(getJobInfo({ job_id: "fzzz" }, options)).rejects.toMatchObject({ code: "E_ENGINE_JOB_UNKNOWN" });
  }); // prettier-ignore
}

describe("the broker in memory", () => {
  suite(() => ({ run: fakeFlux().run, env: { PATH: "/usr/bin" } }));
});

const why = flux === undefined ? "no flux on PATH" : "no instance answers";
describe.skipIf(!answers)(
  `a real instance${answers ? "" : ` (skipped: ${why})`}`,
  { timeout: 120_000 },
  () => {
    suite(() => real);

    test("[FLX-14] a child instance takes a jobspec", async () => {
    const { job_id } = await submitBatch({ script: "#!/bin/sh\nsleep 60\n", num_slots: 1 }, real);
    const deadline = Date.now() + 30_000;
    while ((await getJobInfo({ job_id }, real)).info.uri === undefined && Date.now() < deadline);
    expect(await handleDelegation({ child_job_id: job_id, jobspec_str: jobspec }, real)).toMatchObject({ status: "submit" });
    await cancelJob({ job_id, confirm: true }, real);
  }); // prettier-ignore
  },
);
