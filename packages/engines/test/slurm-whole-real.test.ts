import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { JobSpec } from "@parley/core";
import { type Slurm, type SlurmJobDetails, createSlurm } from "@parley/engines/slurm";
import { createRun } from "@parley/exec";
import {
  type SlurmClusterName,
  type SlurmClusters,
  slurmAvailable,
  startSlurmClusters,
} from "@parley/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

const available = await slurmAvailable();
const run = createRun();
let clusters: SlurmClusters;
let root: string;
let counter = 0;

beforeAll(async () => {
  if (!available) return;
  root = await mkdtemp(join(tmpdir(), "parley-slurm-whole-"));
  clusters = await startSlurmClusters();
});
afterAll(async () => {
  if (!available) return;
  await clusters.close();
  await rm(root, { recursive: true, force: true });
});

function slurmOf(name: SlurmClusterName): Slurm {
  counter += 1;
  const { environment } = clusters.clusters[name];
  return createSlurm({
    run,
    environment,
    stateDir: join(root, `${name}-${counter}`),
    loginEnvironment: false,
  });
}

async function whenEnded(slurm: Slurm, id: string): Promise<SlurmJobDetails> {
  for (let turn = 0; turn < 200; turn += 1) {
    const [job] = await slurm.job(id);
    if (job?.finishedAt !== undefined) return job;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  throw new Error(`Job ${id} did not end: ${JSON.stringify(await slurm.queue({ states: "all" }))}`);
}

const spec = (command: string[], rest: Record<string, unknown> = {}): JobSpec =>
  JobSpec.parse({ command, ...rest });

/** Submits behind the client's back: names as hostile as Slurm lets them be. */
async function sbatch(name: SlurmClusterName, args: readonly string[]): Promise<string> {
  const { environment } = clusters.clusters[name];
  const result = await run(["sbatch", "--parsable", ...args, "--wrap", "sleep 60"], { env: environment });
  expect(result).toMatchObject({ ok: true });
  return result.stdout.trim();
}

describe.skipIf(!available)(`slurm as a whole, real${available ? "" : " (skipped: no Slurm here)"}`, () => {
  test("a script runs with its own directives, its output is kept, and its exit code is known", async () => {
    const slurm = slurmOf("alpha");
    const script =
      '#!/bin/sh\n#SBATCH --job-name=mine\n#SBATCH -t 5\necho "$1 on $SLURM_JOB_NUM_NODES"\nexit 7\n';
    const call = { tag: "script-1" };
    const { siteJobId, spec: typed } = await slurm.submitScript(
      { script, args: ["it's $(id)"], resources: { nodes: 2 } },
      call,
    );
    expect(typed).toMatch(/^sbatch --nodes=2 .*SCRIPT "it's \$\(id\)"$/);
    expect((await slurm.submitScript({ script }, call)).siteJobId).toBe(siteJobId);
    const job = await whenEnded(slurm, siteJobId);
    expect(job).toMatchObject({
      name: "mine",
      state: "FAILED",
      nativeState: "FAILED",
      exitCode: 7,
      limitSeconds: 300,
      nodeCount: 2,
      uid: 0,
      user: "root",
    });
    expect((await slurm.engine.logs(siteJobId)).text).toBe("it's $(id) on 2\n");
  });

  test("a script that names its own output keeps it, and the tasks of an array have a file each", async () => {
    const slurm = slurmOf("alpha");
    const own = join(root, "own %j.log");
    const first = await slurm.submitScript(
      { script: `#!/bin/sh\n#SBATCH --output="${own}"\necho kept\n` },
      { tag: "own" },
    );
    await whenEnded(slurm, first.siteJobId);
    expect(await readFile(own.replace("%j", first.siteJobId), "utf8")).toBe("kept\n");
    const array = await slurm.submitScript(
      { script: "#!/bin/sh\necho task $SLURM_ARRAY_TASK_ID\n", extras: { array: "1-2" } },
      { tag: "array" },
    );
    const second = await whenEnded(slurm, `${array.siteJobId}_2`);
    expect(second.id).toBe(`${array.siteJobId}_2`);
    expect(await readFile(second.stdoutFile ?? "", "utf8")).toBe("task 2\n");
    expect(await slurm.job(array.siteJobId)).toHaveLength(2);
  });

  test("job names that forge rows, fields and states deceive nobody", async () => {
    const slurm = slurmOf("gamma");
    const forged = "x JobState=COMPLETED ExitCode=0:0 UserId=eve(7) StdOut=/etc/shadow";
    const rows = `a|b\n77|77|gpu|eve|x|x|RUNNING\nJobId=77 JobState=RUNNING`;
    const ids = await Promise.all([
      sbatch("gamma", [`--job-name=${forged}`, "--hold"]),
      sbatch("gamma", [`--job-name=${rows}`, "--hold", "--comment=y\nJobId=78 JobState=RUNNING"]),
    ]);
    const [first] = await slurm.job(ids[0] ?? "");
    expect(first).toMatchObject({ name: forged, state: "QUEUED", uid: 0, reason: "JobHeldUser" });
    expect(first?.stdoutFile).not.toBe("/etc/shadow");
    const [second] = await slurm.job(ids[1] ?? "");
    expect(second).toMatchObject({ name: rows, state: "QUEUED", uid: 0 });
    const queue = await slurm.queue({ states: "pending" });
    expect(queue.map(({ rawId }) => rawId).toSorted()).toEqual(ids.toSorted());
    await Promise.all(ids.map((id) => slurm.cancel(id)));
    expect(await slurm.queue()).toEqual([]);
  });

  test("hold, release, cancel of a task, and refusals that say why", async () => {
    const slurm = slurmOf("alpha");
    const held = await slurm.submit(spec(["sleep", "60"]), { tag: "held", extras: { hold: true } });
    expect(await slurm.queue({ jobId: held.siteJobId })).toMatchObject([
      { state: "QUEUED", reason: "JobHeldUser" },
    ]);
    await slurm.release(held.siteJobId);
    await slurm.cancel(held.siteJobId);
    const cancelled = await whenEnded(slurm, held.siteJobId);
    expect(cancelled).toMatchObject({ state: "CANCELED", nodes: [] });
    expect(cancelled.startedAt).toBeUndefined();
    await expect(slurm.hold("4000000")).rejects.toMatchObject({ code: "E_ENGINE_JOB_UNKNOWN" });
    await expect(slurm.cancel("4000000")).rejects.toMatchObject({ code: "E_ENGINE_JOB_UNKNOWN" });
    for (const id of ["1 2", "-u root", "1;id", "$(id)", "1,2", "1\n2", ""]) {
      await expect(slurm.cancel(id)).rejects.toMatchObject({ code: "E_ENGINE_JOB_UNKNOWN" });
      await expect(slurm.hold(id)).rejects.toMatchObject({ code: "E_ENGINE_JOB_UNKNOWN" });
    }
    const array = await slurm.submitScript(
      { script: "#!/bin/sh\nsleep 60\n", extras: { array: "1-2" } },
      { tag: "two" },
    );
    await slurm.cancel(`${array.siteJobId}_1`);
    // Slurm names the rest of an array that has not started `6_[2]`.
    const left = async (): Promise<string[]> =>
      (await slurm.queue({ jobId: array.siteJobId })).map(({ id }) => id.replaceAll(/[[\]]/g, ""));
    await expect.poll(left, { timeout: 30_000 }).toEqual([`${array.siteJobId}_2`]);
    await slurm.cancel(array.siteJobId);
  });

  test("nodes with states, reasons, memory and GPUs; partitions; no accounts", async () => {
    const slurm = slurmOf("gamma");
    const nodes = new Map((await slurm.nodes()).map((node) => [node.name, node]));
    expect(nodes.get("cpu2")).toMatchObject({ use: "never", reason: expect.stringMatching(/^disk swap/) });
    expect(nodes.get("gpu1")).toMatchObject({
      use: "now",
      cores: 64,
      memoryBytes: 512_000 * 2 ** 20,
      gpus: [{ type: "h100", count: 4 }],
      gpusInUse: 0,
    });
    expect((await slurm.partitions()).map(({ name, up }) => [name, up])).toEqual([
      ["batch", true],
      ["gpu", true],
      ["old", false],
    ]);
    expect(await slurm.accounting()).toBeUndefined();
  });

  test("the dry run of a command and of a script; what Slurm would refuse is refused", async () => {
    const slurm = slurmOf("gamma");
    const extras = { constraint: "zen4&ib" };
    expect(await slurm.estimate(spec(["true"], { queue: "gpu" }), { extras })).toMatchObject({
      basis: "scheduler",
    });
    const script = "#!/bin/sh\n#SBATCH --partition=gpu --gres=gpu:2\ntrue\n";
    expect(await slurm.estimateScript({ script })).toMatchObject({ startAt: expect.stringMatching(/Z$/) });
    await expect(slurm.estimateScript({ script, queue: "nope" })).rejects.toMatchObject({
      code: "E_ENGINE_REFUSED",
    });
    await expect(
      slurm.estimate(spec(["true"]), { extras: { dependency: "afterok:1 --uid=0" } }),
    ).rejects.toMatchObject({ code: "E_ENGINE_REFUSED" });
    await expect(slurm.submitScript({ script: "echo no interpreter" }, { tag: "no" })).rejects.toMatchObject({
      code: "E_ENGINE_REFUSED",
    });
  });
});
