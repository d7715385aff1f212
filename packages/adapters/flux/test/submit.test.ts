import {
  createFlux,
  runJob,
  submitBatch,
  submitJob,
  submitJobspec,
  submitScript,
  waitJob,
} from "@parley/flux";
import type { CallOptions } from "@parley/flux";
import { toolContext } from "@parley/tool-registry";
import { describe, expect, test } from "vitest";
import { fakeFlux, schedulers } from "./_fake-flux.ts";
import type { FakeFlux } from "./_fake-flux.ts";

const env = {
  PATH: "/usr/bin",
  HOME: "/home/user",
  USER: "user",
  LANG: "C.UTF-8",
  AWS_SECRET_ACCESS_KEY: "no",
};
const on = (world: FakeFlux, more: CallOptions = {}): CallOptions => ({ run: world.run, env, ...more });

describe.each(schedulers)("%s", (scheduler) => {
  test("[FLX-01] a command, a script, a batch script and a jobspec become jobs", async () => {
    const world = fakeFlux(scheduler);
    const first = await submitJob({ command: ["echo", "hi"], num_nodes: 2, num_tasks: 4, gpus_per_task: 1, duration: "1.5h", queue: "gpu", name: "train", requires: ["h100"], urgency: 20 }, on(world));
    expect(first).toEqual({ success: true, job_id: "fX2", uri: "local" });
    expect(world.jobs[0]).toMatchObject({
      urgency: 20,
      jobspec: {
        resources: [{ type: "node", count: 2, with: [{ type: "slot", count: 2, with: [{ type: "core", count: 1 }, { type: "gpu", count: 1 }] }] }],
        tasks: [{ command: ["echo", "hi"] }],
        attributes: { system: { duration: 5400, queue: "gpu", job: { name: "train" }, constraints: { properties: ["h100"] } } },
      },
    });
    await submitScript({ script: "#!/bin/sh\necho $1\n", args: ["--x"] }, on(world));
    expect(world.jobs[1]?.jobspec.tasks[0]?.command).toEqual(["{{tmpdir}}/script", "--x"]);
    await submitBatch({ script: "#!/bin/sh\n#flux: -N2\nflux run hostname\n", name: "nightly" }, on(world));
    expect(world.jobs[2]?.jobspec.tasks[0]?.command).toEqual(["flux", "broker", "{{tmpdir}}/script"]);
    await submitJobspec({ jobspec: JSON.parse(world.jobs[0]?.raw ?? "") }, on(world));
    expect(world.jobs[3]?.jobspec).toEqual(world.jobs[0]?.jobspec);
  }); // prettier-ignore

  test("[FLX-02] a job is run to its end, with exit code and output", async () => {
    const world = fakeFlux(scheduler);
    expect(await runJob({ command: ["echo", "hi"] }, on(world))).toMatchObject({
      done: true, state: "COMPLETED", exit_code: 0, stdout: "hi\n", stderr: "", truncated: false,
    });
    expect(await runJob({ command: ["sh", "-c", "exit 7"] }, on(world))).toMatchObject({
      done: true, state: "FAILED", exit_code: 7, stderr: "it fails\n",
    });
  }); // prettier-ignore
});

describe("waiting", () => {
  test("[FLX-02] tells progress, and goes on until the job ends", async () => {
    const world = fakeFlux();
    let clock = 0;
    let turns = 0;
    world.onWait = ({ id }) => {
      clock += 5000;
      turns += 1;
      if (turns === 3) world.finish(id, 0);
    };
    const said: string[] = [];
    const progress = (_done: number, _total?: number, message?: string): number => said.push(message ?? "");
    const ran = await runJob({ command: ["sleep", "100"] }, on(world, { now: () => clock, progress }));
    expect(ran).toMatchObject({ done: true, state: "COMPLETED" });
    expect(said).toHaveLength(4);
    expect(said[0]).toMatch(/^fX2: "sleep", RUN/);
  });

  test("[FLX-02] stops when time is up, and leaves the job running", async () => {
    const world = fakeFlux();
    let clock = 0;
    world.onWait = () => (clock += 5000);
    const options = on(world, { now: () => clock, mayOutlive: false });
    const ran = await runJob({ command: ["sleep", "100"], timeout_seconds: 12 }, options);
    expect(ran).toMatchObject({ done: false, state: "ACTIVE", job_id: "fX2" });
    expect(world.jobs[0]?.state).toBe("RUN");
    expect(await waitJob({ job_id: "fX2", timeout_seconds: 1 }, options)).toMatchObject({ done: false });
  });

  test("[FLX-03] a call that is given up takes the job it started with it, and no other", async () => {
    const world = fakeFlux();
    const controller = new AbortController();
    world.onWait = () => controller.abort();
    const options = on(world, { signal: controller.signal });
    await expect(runJob({ command: ["sleep", "100"] }, options)).rejects.toMatchObject({
      code: "E_INTERRUPTED",
      message: "Waiting for job fX2 was given up; it was cancelled.",
    });
    expect(world.jobs[0]).toMatchObject({ state: "INACTIVE", result: "CANCELED" });

    const other = fakeFlux();
    const { job_id } = await submitJob({ command: ["sleep", "9"] }, on(other));
    const gone = new AbortController();
    other.onWait = () => gone.abort();
    await expect(waitJob({ job_id }, on(other, { signal: gone.signal }))).rejects.toMatchObject({ code: "E_INTERRUPTED" });
    expect(other.jobs[0]?.state).toBe("RUN");
  }); // prettier-ignore

  test("[FLX-03] long calls are offered as tasks, and wait to the end only there", async () => {
    const world = fakeFlux();
    let clock = 0;
    world.onWait = ({ id }) => {
      clock += 5000;
      if (clock > 100_000) world.finish(id, 3);
    };
    const { tools } = createFlux({ run: world.run, env, now: () => clock, toolsets: ["jobs", "control"] });
    expect(tools.filter(({ task }) => task === "optional").map(({ name }) => name)).toEqual([
      "flux_run_job", "flux_wait_job", "flux_attach_job",
    ]);
    const run = tools.find(({ name }) => name === "flux_run_job");
    const args = { command: ["sleep", "9"], timeout_seconds: 10 };
    expect((await run?.call(args, toolContext()))?.structuredContent).toMatchObject({ done: false });
    expect((await run?.call(args, toolContext({ mayOutlive: true })))?.structuredContent).toMatchObject({ done: true, exit_code: 3 });
  }); // prettier-ignore
});

describe("batch", () => {
  test("[FLX-01] output stays with the job, unless the script or the caller names a file", async () => {
    const outputOf = async (args: Parameters<typeof submitBatch>[0]): Promise<string> => {
      const world = fakeFlux();
      await submitBatch(args, on(world));
      return JSON.stringify(world.jobs[0]?.jobspec.attributes.system["shell"]);
    };
    const script = "#!/bin/sh\n#flux: -N1\ntrue\n";
    expect(await outputOf({ script })).not.toContain("path");
    expect(await outputOf({ script, output: "mine.txt" })).toContain('"path":"mine.txt"');
    expect(await outputOf({ script: `${script.slice(0, 10)}#flux: -N1\n#flux: --output=theirs.txt\ntrue\n` })).toContain("theirs.txt");
  }); // prettier-ignore

  test("[FLX-01] a script's own urgency counts, and the caller's outranks it", async () => {
    const world = fakeFlux();
    const urgent = "#!/bin/sh\n#flux: -N1\n#flux: --urgency=20\ntrue\n";
    await submitBatch({ script: urgent }, on(world));
    await submitBatch({ script: urgent, urgency: 3 }, on(world));
    await submitBatch({ script: urgent.replace("20", "hold") }, on(world));
    expect(world.jobs.map(({ urgency }) => urgency)).toEqual([20, 3, 0]);
  });

  test("[FLX-01] a script that asks for nothing is refused in Flux's words", async () => {
    await expect(submitBatch({ script: "#!/bin/sh\ntrue\n" }, on(fakeFlux()))).rejects.toMatchObject({
      code: "E_ENGINE_REFUSED",
      message: expect.stringMatching(/Number of slots.*say how many slots or nodes/),
    });
  });
});
