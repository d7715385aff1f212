import {
  attachJob, cancelJob, drainStatus, estimateStart, execCommand, feasibilityCheck, getJobEvents, getJobInfo, getJobLogs,
  handleDelegation, instanceInfo, killJob, listJobs, listQueues, resourceList, setUrgency, submitBatch, submitJob,
} from "@parley/flux"; // prettier-ignore
import type { CallOptions } from "@parley/flux";
import { describe, expect, test } from "vitest";
import { fakeFlux, schedulers } from "./_fake-flux.ts";
import type { FakeFlux } from "./_fake-flux.ts";

const env = { PATH: "/usr/bin", FLUX_URI: "local:///run/flux/local" };
const on = (world: FakeFlux, more: CallOptions = {}): CallOptions => ({ run: world.run, env, ...more });
const ids = { "flux-0.88": "ƒNbZ8uuKD", "flux-0.88-fluxion": "ƒGVavqPzF" } as const;

describe.each(schedulers)("%s, recorded", (scheduler) => {
  test("[FLX-10] a job that failed: state, exit code, events, output", async () => {
    const job_id = ids[scheduler];
    const options = on(fakeFlux(scheduler));
    expect(await getJobInfo({ job_id }, options)).toMatchObject({ success: true, info: { state: "FAILED", exit_code: 42 } });
    expect(await getJobLogs({ job_id }, options)).toMatchObject({ lines: ["err", "out"], return_code: 42, complete: true });
    expect(await getJobLogs({ job_id, stream: "stdout" }, options)).toMatchObject({ lines: ["out"] });
    expect(await getJobLogs({ job_id, cursor: "4" }, options)).toMatchObject({ lines: ["out"] });
    expect(await attachJob({ job_id }, options)).toMatchObject({ lines: ["err", "out"], complete: true, return_code: 42 });
    const { events, total } = await getJobEvents({ job_id, limit: 4 }, options);
    expect([events[0]?.name, total]).toEqual(["finish", 10]);
    const { jobs } = await listJobs({ states: "all", limit: 6 }, options);
    expect(jobs.find((job) => job.exit_code === 42)?.name).toBe("ex42");
  }); // prettier-ignore

  test("[FLX-11] resources, queues and the instance", async () => {
    const options = on(fakeFlux(scheduler));
    const { free, up, down } = await resourceList({}, options);
    expect(free).toMatchObject({ nodes: 4, cores: 120, gpus: 4, ranks: [0, 1, 2, 3], properties: { h100: ["gpu0", "gpu1"] } });
    expect([up.cores, down.nodes]).toEqual([128, 0]);
    expect((await resourceList({ queue: "batch" }, options)).up.cores).toBe(64);
    expect((await listQueues({}, options)).queues).toEqual([
      { name: "batch", enabled: true, started: true, default_seconds: 1800, max_seconds: 3600 },
      { name: "gpu", enabled: true, started: true, default_seconds: 1800 },
    ]);
    expect(await instanceInfo({}, options)).toMatchObject({ state: "run", brokers: 4, jobs: { run: 1 } });
    expect(await drainStatus({}, options)).toMatchObject({ drained_nodes: 1, states: [{}, { reason: "broken gpu", hosts: ["gpu1"] }] });
  }); // prettier-ignore

  test("[FLX-12] an estimate: now, later, never, and for a job that waits", async () => {
    const world = fakeFlux(scheduler);
    const options = on(world);
    expect(await estimateStart({ num_tasks: 4 }, options)).toMatchObject({ when: "now" });
    expect(await estimateStart({ num_tasks: 2, num_nodes: 2, gpus_per_task: 3 }, options)).toMatchObject({ when: "later" });
    expect(await estimateStart({ num_tasks: 9, num_nodes: 9 }, options)).toMatchObject({ when: "never", reason: expect.stringContaining("only 4 eligible") });
    const held = await submitJob({ command: ["true"], urgency: 0 }, options);
    expect(await estimateStart({ job_id: held.job_id }, options)).toMatchObject({ when: "unknown", reason: "held: its urgency is 0" });
    expect(await estimateStart({ job_id: (await submitJob({ command: ["sleep", "9"] }, options)).job_id }, options)).toMatchObject({ when: "started" });
    expect(await estimateStart({ job_id: (await submitJob({ command: ["true"] }, options)).job_id }, options)).toMatchObject({ when: "over" });
    const jobspec = JSON.parse(world.jobs[0]?.raw ?? "");
    expect(await feasibilityCheck({ jobspec }, options)).toEqual({ feasible: true });
  }); // prettier-ignore
});

describe("steering", () => {
  test("[FLX-13] cancel, signal and urgency reach the job", async () => {
    const world = fakeFlux();
    const options = on(world);
    const { job_id } = await submitJob({ command: ["sleep", "99"] }, options);
    await setUrgency({ job_id, urgency: "hold" }, options);
    expect(world.jobs[0]?.urgency).toBe(0);
    await killJob({ job_id, signal: "SIGUSR1" }, options);
    await expect(killJob({ job_id }, options)).rejects.toMatchObject({ code: "E_CONFIRM_REQUIRED" });
    expect(world.jobs[0]?.signals).toEqual(["--signal=SIGUSR1"]);
    await expect(cancelJob({ job_id }, options)).rejects.toMatchObject({ code: "E_CONFIRM_REQUIRED" });
    expect(await cancelJob({ job_id, confirm: true, reason: "enough" }, options)).toMatchObject({ success: true, was_over: false });
    expect(world.jobs[0]?.result).toBe("CANCELED");
    expect(await cancelJob({ job_id, confirm: true }, options)).toMatchObject({ was_over: true });
  }); // prettier-ignore

  test("[FLX-13] following a job tells its output as it comes", async () => {
    const world = fakeFlux();
    const options = on(world);
    const { job_id } = await submitJob({ command: ["sleep", "9"] }, options);
    const said: string[] = [];
    let turn = 0;
    world.onWait = (job) => {
      turn += 1;
      job.stdout += `line ${String(turn)}\n`;
      if (turn === 3) world.finish(job.id, 0);
    };
    const progress = (_done: number, _total?: number, message = ""): number => said.push(message);
    expect(await attachJob({ job_id }, { ...options, progress })).toMatchObject({ lines: ["line 1", "line 2", "line 3"], complete: true, return_code: 0 });
    expect(said).toEqual(expect.arrayContaining(["line 1\n", "line 2\n", "line 3\n"]));
  }); // prettier-ignore

  test("[FLX-14] a jobspec goes to a child instance, without what would send it on", async () => {
    const world = fakeFlux();
    const options = on(world);
    const { job_id: child } = await submitBatch({ script: "#!/bin/sh\n", num_slots: 1 }, options);
    const jobspec = {
      version: 1,
      resources: [{ type: "slot", count: 1, label: "task", with: [{ type: "core", count: 1 }] }],
      tasks: [{ command: ["true"], slot: "task", count: { per_slot: 1 } }],
      attributes: { system: { duration: 60, dependencies: [{ scheme: "afterok", value: "f1" }], delegate: "x" }, user: { mine: 1 } },
    };
    const went = await handleDelegation({ child_job_id: child, jobspec_str: JSON.stringify(jobspec), jobid: "f34qAx7Z" }, options);
    expect(went).toEqual({ job_id: "fX3", status: "submit", uri: "local:///tmp/flux-fX2/local-0", removed: ["dependencies", "delegate"], delegated_job_id: "f34qAx7Z" });
    expect(world.calls.at(-1)?.options?.env?.["FLUX_URI"]).toBe("local:///tmp/flux-fX2/local-0");
    expect(JSON.parse(world.jobs[1]?.raw ?? "").attributes).toEqual({ system: { duration: 60 }, user: { mine: 1 } });
    await expect(handleDelegation({ remote_uri: "ssh://n1/tmp/x", jobspec_str: jobspec }, options)).rejects.toMatchObject({ code: "E_ENGINE_FORBIDDEN" });
    expect(await handleDelegation({ remote_uri: "ssh://n1/tmp/x", jobspec_str: jobspec }, { ...options, allowRemote: true })).toMatchObject({ uri: "ssh://n1/tmp/x" });
  }); // prettier-ignore

  test("[FLX-15] a command of flux that fails says its exit code and both outputs", async () => {
    const ran = await execCommand({ command: ["false"], ranks: "0-3", directory: "/tmp", confirm: true }, on(fakeFlux()));
    expect(ran).toEqual({ success: false, exit_code: 3, stdout: "on all\n", stderr: "", truncated: false });
    const absent = { run: (argv: readonly string[]) => Promise.resolve({ ok: false, argv, stdout: "", stderr: "", failure: "not-found" as const, durationMs: 1 }), env };
    await expect(listQueues({}, absent)).rejects.toMatchObject({ code: "E_ENGINE_MISSING" });
    await expect(execCommand({ command: ["x"], confirm: true }, absent)).rejects.toMatchObject({ code: "E_ENGINE_MISSING" });
    await expect(getJobInfo({ job_id: "fzzz" }, on(fakeFlux()))).rejects.toMatchObject({
      code: "E_ENGINE_JOB_UNKNOWN",
      details: { exitCode: 1, stderr: expect.stringContaining("unknown"), stdout: "" },
    });
  }); // prettier-ignore
});
