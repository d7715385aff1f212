import { mkdtemp, rm } from "node:fs/promises";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { JobSpec, isTerminal } from "@parley/core";
import type { JobState, JobStatus } from "@parley/core";
import type { Engine } from "@parley/engines";
import { createSlurmEngine } from "@parley/engines/slurm";
import type { SlurmEngineOptions } from "@parley/engines/slurm";
import { createRun } from "@parley/exec";
import type { Run } from "@parley/exec";
import { describeEngine, slurmAvailable, startSlurmClusters } from "@parley/testing";
import type { SlurmClusterName, SlurmClusters } from "@parley/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

const available = await slurmAvailable();
const skip = available ? undefined : "no Slurm daemons on PATH, or not root";
const run = createRun();
const job = (command: string[], rest: Record<string, unknown> = {}): JobSpec =>
  JobSpec.parse({ command, ...rest });

let slurm: SlurmClusters;
let root: string;
let counter = 0;

beforeAll(async () => {
  if (!available) return;
  root = await mkdtemp(join(tmpdir(), "parley-slurm-test-"));
  slurm = await startSlurmClusters();
});
afterAll(async () => {
  if (!available) return;
  await slurm.close();
  await rm(root, { recursive: true, force: true });
});

function engineOf(name: SlurmClusterName, options: Partial<SlurmEngineOptions> = {}): Engine {
  const { environment } = slurm.clusters[name];
  counter += 1;
  const stateDir = join(root, `${name}-${counter}`);
  return createSlurmEngine({ run, environment, stateDir, loginEnvironment: false, ...options });
}

async function settle(engine: Engine, id: string, until: (state: JobState) => boolean): Promise<JobStatus> {
  for (let turn = 0; turn < 400; turn += 1) {
    const status = await engine.status(id);
    if (until(status.state)) return status;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  throw new Error(`Job ${id} did not get there.`);
}

const output = async (engine: Engine, siteJobId: string): Promise<string> =>
  (await engine.logs(siteJobId)).text;

describeEngine("slurm, three real nodes", {
  skip,
  create: () => ({ engine: engineOf("alpha") }),
  jobs: {
    succeeds: job(["echo", "hello"]),
    fails: job(["sh", "-c", "exit 7"]),
    sleeps: job(["sleep", "100"]),
    fills: job(["sleep", "100"], { resources: { nodes: 3, exclusive: true } }),
    echoes: (args) =>
      job([process.execPath, "-e", "console.log(JSON.stringify(process.argv.slice(1)))", "--", ...args]),
    refused: {
      "more nodes than there are": job(["true"], { resources: { nodes: 50 } }),
      "no such partition": job(["true"], { queue: "nope" }),
      "a partition that is an option": job(["true"], { queue: "--uid=0" }),
      "more time than the partition gives": job(["true"], { walltimeSeconds: 9 * 86_400 }),
      "GPUs where there are none": job(["true"], { resources: { gpusPerNode: 1 } }),
      "a variable that is no name": job(["true"], { environment: { "A;id": "1" } }),
    },
  },
});

describe.skipIf(!available)(`slurm, real${available ? "" : ` (skipped: ${skip})`}`, () => {
  test("one task on each of two nodes", async () => {
    const engine = engineOf("alpha");
    const { siteJobId } = await engine.submit(
      job(["sh", "-c", 'echo "$SLURMD_NODENAME"'], { resources: { nodes: 2, tasks: 2 } }),
      { tag: "two-nodes" },
    );
    const status = await settle(engine, siteJobId, isTerminal);
    expect(status).toMatchObject({ state: "COMPLETED", exitCode: 0 });
    expect(status.nodes).toHaveLength(2);
    const nodes = (await output(engine, siteJobId)).trim().split("\n");
    expect(nodes.toSorted()).toEqual(status.nodes?.toSorted());
  });

  test.each([true, false])(
    "a job sees its own variables and none of the worker's (login environment: %s)",
    async (loginEnvironment) => {
      const environment = { ...slurm.clusters.alpha.environment, WORKER_SECRET: "s3" };
      const engine = engineOf("alpha", { environment, loginEnvironment });
      const value = 'it\'s $(id) `id`\nnext \\ "x"';
      const { siteJobId } = await engine.submit(
        job(["sh", "-c", 'printf "%s|%s|%s|%s\\n" "$GREETING" "$WORKER_SECRET" "$TZ" "$HOME"'], {
          environment: { GREETING: value },
          resources: { tasks: 2 },
        }),
        { tag: `environment-${loginEnvironment}` },
      );
      expect((await settle(engine, siteJobId, isTerminal)).state).toBe("COMPLETED");
      expect(await output(engine, siteJobId)).toBe(`${value}|||${homedir()}\n`.repeat(2));
    },
  );

  test("free capacity leaves out drained, dead and DOWN", async () => {
    const workload = await engineOf("gamma").workload();
    expect(workload).toMatchObject({ status: "present", canSubmit: true, pendingJobs: 0, runningJobs: 0 });
    expect(workload.partitions).toEqual([
      { name: "batch", isDefault: true, up: true, maxWalltimeSeconds: 86_400 },
      { name: "gpu", isDefault: false, up: true, maxWalltimeSeconds: 43_200, defaultWalltimeSeconds: 3600 },
      { name: "old", isDefault: false, up: false },
    ]);
    const groups = workload.nodeGroups.map(({ partitions, nodes, availableNodes, idleNodes, idleCores }) =>
      [partitions.join("+"), nodes, availableNodes, idleNodes, idleCores].join(" "),
    );
    expect(groups.toSorted()).toEqual([
      "batch 1 0 0 0",
      "batch 1 0 0 0",
      "batch+old 1 1 1 64",
      "gpu 2 2 2 128",
    ]);
  });

  test("GPUs in use are not idle, and a model is asked for by the site's own name", async () => {
    const engine = engineOf("gamma");
    const resources = { gpusPerNode: 3, gpuModel: "H100" };
    const spec = job(["sleep", "60"], { queue: "gpu", resources });
    const submitted = await engine.submit(spec, { tag: "gpus" });
    expect(submitted.spec).toContain("--gres=gpu:h100:3");
    await settle(engine, submitted.siteJobId, (state) => state === "ACTIVE");
    const { nodeGroups, runningJobs } = await engine.workload();
    const gpu = nodeGroups.find(({ gpusPerNode }) => gpusPerNode > 0);
    expect(gpu).toMatchObject({ gpusPerNode: 4, gpuModel: "h100", gpuVendor: "nvidia" });
    expect(gpu).toMatchObject({ idleGpus: 5, idleNodes: 1 });
    expect(gpu?.idleCores).toBeLessThan(128);
    expect(runningJobs).toBe(1);
    await engine.cancel(submitted.siteJobId);
    expect((await settle(engine, submitted.siteJobId, isTerminal)).state).toBe("CANCELED");
  });

  test("the scheduler's dry run says when, or why not", async () => {
    const engine = engineOf("gamma");
    const estimate = await engine.estimate?.(job(["true"], { queue: "gpu", resources: { gpusPerNode: 1 } }));
    expect(estimate?.basis).toBe("scheduler");
    expect(Math.abs(Date.parse(estimate?.startAt ?? "") - Date.now())).toBeLessThan(600_000);
    await expect(engine.estimate?.(job(["true"], { resources: { nodes: 50 } }))).rejects.toMatchObject({
      code: "E_ENGINE_REFUSED",
    });
  });

  test("a worker that dies between sbatch and its note finds the job and submits no second one", async () => {
    const stateDir = join(root, "crash");
    const { environment } = slurm.clusters.alpha;
    const lost: Run = async (argv, options) => {
      const result = await run(argv, options);
      if (argv[0] === "sbatch") throw new Error("the worker was killed here");
      return result;
    };
    const spec = job(["sleep", "60"], { resources: { nodes: 3, exclusive: true } });
    const filling = await engineOf("alpha").submit(spec, { tag: "filling" });
    const before = engineOf("alpha", { run: lost, stateDir });
    await expect(before.submit(spec, { tag: "crash" })).rejects.toThrow("killed here");
    const after = engineOf("alpha", { stateDir });
    const found = await after.find("crash");
    expect(found).toMatch(/^\d+$/);
    expect((await after.submit(spec, { tag: "crash" })).siteJobId).toBe(found);
    const queue = await run(["squeue", "-h", "--me", "-o", "%k"], { env: environment });
    expect(queue.stdout.split("\n").filter((line) => line === "parley:crash")).toHaveLength(1);
    await after.cancel(found ?? "");
    await after.cancel(filling.siteJobId);
  });

  test("a controller that is down is unreachable, and is back when it is back", async () => {
    const engine = engineOf("gamma", { timeoutMs: 1000 });
    const patient = engineOf("gamma");
    const { siteJobId } = await patient.submit(job(["sh", "-c", "echo over; exit 3"]), { tag: "outage" });
    await settle(patient, siteJobId, isTerminal);
    await slurm.stopController("gamma");
    const workload = await engine.workload();
    expect(workload).toMatchObject({ status: "unreachable", canSubmit: false, nodeGroups: [] });
    expect(workload.reason).toContain("DOWN");
    const calls = [
      engine.status(siteJobId),
      engine.submit(job(["true"]), { tag: "during-outage" }),
      engine.find("never-seen"),
    ];
    for (const call of await Promise.allSettled(calls)) {
      expect(call).toMatchObject({ reason: { code: "E_ENGINE_UNREACHABLE", retryable: true } });
    }
    await slurm.startController("gamma");
    expect(await patient.workload()).toMatchObject({ status: "present" });
    expect(await patient.status(siteJobId)).toMatchObject({ state: "FAILED", exitCode: 3 });
    expect(await output(patient, siteJobId)).toBe("over\n");
  });
});
