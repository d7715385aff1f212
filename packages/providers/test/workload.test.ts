import { createWorkloadProvider, detectHostScope } from "@parley/providers";
import { describeProvider } from "@parley/testing";
import { describe, expect, test } from "vitest";
import { fakeEngine, workload } from "./fake-engine.ts";

const engine = fakeEngine();

describeProvider("slurm", {
  create: ({ now }) => createWorkloadProvider(engine, { now }),
  present: {},
  always: true,
  acts: () => engine.acted.length,
});

describe("a workload provider", () => {
  const provider = createWorkloadProvider(engine, { now: () => 0 });
  const call = async (tool: string, args = {}): Promise<unknown> =>
    provider.tools.find(({ name }) => name === tool)?.handler(args, {});

  test("states the scheduler's facts for the cluster, and the local machine's for the node", async () => {
    const { workloads, evidence } = await provider.facts({ software: [], paths: [] });
    expect(workloads).toEqual([{ ...workload, evidence: "slurm.get_resource_status#1" }]);
    expect(evidence).toMatchObject([{ scope: "cluster", summary: "2 of 4 nodes idle, 3 jobs pending" }]);
    expect(createWorkloadProvider(fakeEngine({ ...workload, manager: "local" })).scope).toBe("compute-node");
  });

  test("probes an engine that breaks its word as failed", async () => {
    const broken = createWorkloadProvider(fakeEngine(async () => Promise.reject(new Error("no"))));
    expect(await broken.probe()).toEqual({ status: "failed", detail: "no" });
  });

  test("acts only through dispatch tools", async () => {
    expect(provider.tools.filter(({ kind }) => kind === "observe").map(({ name }) => name)).toEqual([
      "get_resource_status",
      "get_queue_status",
    ]);
    expect(await call("get_resource_status")).toMatchObject({
      totals: { nodes: 4, cores: 32, idleCores: 20, gpus: 4 },
    });
    expect(
      await call("submit_job", {
        tag: "t1",
        command: ["lmp", "-in", "x"],
        num_nodes: 2,
        walltime_seconds: 60,
      }),
    ).toEqual({
      job_id: "41",
      spec: "sbatch job.sh",
    });
    expect(engine.acted.at(-1)).toMatchObject({
      tag: "t1",
      spec: { command: ["lmp", "-in", "x"], environment: {}, resources: { nodes: 2 }, walltimeSeconds: 60 },
    });
    expect(await call("cancel_job", { job_id: "41" })).toEqual({ job_id: "41", requested: true });
    expect(await call("get_job_info", { job_id: "41" })).toMatchObject({ state: "ACTIVE" });
    expect(await call("get_job_logs", { job_id: "41" })).toMatchObject({ text: "hello" });
  });

  test.each([
    ["submit_job", { command: ["x"] }],
    ["submit_job", { tag: "a b", command: ["x"] }],
    ["submit_job", { tag: "a", command: [] }],
    ["cancel_job", { job_id: "--all" }],
    ["get_job_info", { job_id: "1 2" }],
  ])("%s refuses %j before the engine hears of it", async (tool, args) => {
    const before = engine.acted.length;
    await expect(call(tool, args)).rejects.toMatchObject({ code: "E_ARGUMENT_INVALID" });
    expect(engine.acted).toHaveLength(before);
  });
});

test.each([
  [[], "compute-node"],
  [[fakeEngine({ ...workload, manager: "local" })], "compute-node"],
  [[fakeEngine({ ...workload, status: "absent" })], "compute-node"],
  [[fakeEngine({ ...workload, status: "unreachable" })], "login-node"],
  [[fakeEngine(async () => Promise.reject(new Error("no")))], "login-node"],
])("the scope of this host, case %#", async (engines, scope) => {
  expect(await detectHostScope(engines)).toBe(scope);
});
