import { join } from "node:path";
import { Workload } from "@parley/core";
import { createSlurmEngine } from "@parley/engines/slurm";
import { loadRecordings, replayRun } from "@parley/testing";
import type { Recording, ReplayRun } from "@parley/testing";
import { describe, expect, test } from "vitest";

const fixtures = join(import.meta.dirname, "fixtures");
const gib = 2 ** 30;

/** Commands of which not every version has a recording. */
const gpusInUse: Recording = {
  argv: ["sinfo", "-h", "-N", "-O", "NodeList:|,GresUsed:|"],
  stdout: "cpu1|gpu:0|\ncpu1|gpu:0|\ngpu1|gpu:h100:2(IDX:0-1)|\ngpu2|gpu:h100:0(IDX:N/A)|\n",
};
const queue: Recording = {
  argv: ["squeue", "-h", "-t", "PD,R", "-o", "%T"],
  stdout: "PENDING\nPENDING\nRUNNING\n",
};

const workloadOf = (run: ReplayRun): Promise<Workload> =>
  createSlurmEngine({ run, stateDir: "/var/lib/parley" }).workload();

describe.each([
  ["22.05", "22.05.8"],
  ["24.11", "24.11.5"],
  ["26.05", "26.05.5"],
])("slurm %s, recorded", (folder, version) => {
  test("reads one set of facts from every version", async () => {
    const run = replayRun([...loadRecordings(fixtures, `slurm-${folder}`), gpusInUse, queue]);
    const workload = await workloadOf(run);
    expect(Workload.parse(workload)).toEqual(workload);
    expect(workload).toEqual({
      manager: "slurm",
      status: "present",
      version,
      canSubmit: true,
      pendingJobs: 2,
      runningJobs: 1,
      partitions: [
        { name: "batch", isDefault: true, up: true, maxWalltimeSeconds: 86_400 },
        { name: "gpu", isDefault: false, up: true, maxWalltimeSeconds: 43_200, defaultWalltimeSeconds: 3600 },
        { name: "old", isDefault: false, up: false },
      ],
      nodeGroups: [
        {
          partitions: ["batch", "old"],
          nodes: 1,
          availableNodes: 1,
          idleNodes: 1,
          coresPerNode: 64,
          idleCores: 64,
          memoryBytesPerNode: 250 * gib,
          gpusPerNode: 0,
          arch: "x86_64",
          features: ["ib", "zen3"],
        },
        {
          partitions: ["batch"],
          nodes: 1,
          availableNodes: 0,
          idleNodes: 0,
          coresPerNode: 64,
          idleCores: 0,
          memoryBytesPerNode: 250 * gib,
          gpusPerNode: 0,
          arch: "x86_64",
          features: ["ib", "zen3"],
        },
        {
          partitions: ["batch"],
          nodes: 1,
          availableNodes: 0,
          idleNodes: 0,
          coresPerNode: 64,
          idleCores: 0,
          memoryBytesPerNode: 250 * gib,
          gpusPerNode: 0,
          features: [],
        },
        {
          partitions: ["gpu"],
          nodes: 2,
          availableNodes: 2,
          idleNodes: 1,
          coresPerNode: 64,
          idleCores: 116,
          memoryBytesPerNode: 500 * gib,
          gpusPerNode: 4,
          idleGpus: 6,
          gpuModel: "h100",
          gpuVendor: "nvidia",
          arch: "x86_64",
          features: ["ib", "nvme", "zen4"],
        },
      ],
    });
  });

  test("facts that cannot be had are absent, and no fact is lost with them", async () => {
    const run = replayRun(loadRecordings(fixtures, `slurm-${folder}`), {
      onUnknown: () => ({ exitCode: 1 }),
    });
    const { nodeGroups, pendingJobs, runningJobs, status } = await workloadOf(run);
    expect({ status, pendingJobs, runningJobs }).toEqual({ status: "present" });
    expect(nodeGroups.at(-1)).not.toHaveProperty("idleGpus");
    expect(nodeGroups.at(-1)).toMatchObject({ gpusPerNode: 4 });
  });
});

const node = (name: string, rest: string): string =>
  `NodeName=${name} Arch=x86_64 CPUAlloc=0 CPUTot=8 RealMemory=16000 ${rest}\n`;
const cluster = (nodes: string, extra: Recording[] = []): ReplayRun =>
  replayRun(
    [
      { argv: "scontrol ping", stdout: "Slurmctld(primary) at c1 is UP\n" },
      { argv: "scontrol -o show node", stdout: nodes },
      {
        argv: "scontrol -o show partition",
        stdout:
          "PartitionName=main Default=YES MaxNodes=4 MaxTime=30:00 MinNodes=2 State=UP\nPartitionName=closing Default=NO MaxNodes=UNLIMITED MaxTime=2-12 State=DRAIN\n",
      },
      ...extra,
    ],
    { onUnknown: () => ({ exitCode: 1 }) },
  );

describe("slurm nodes", () => {
  test.each([
    ["IDLE", 1, 1],
    ["IDLE+PLANNED", 1, 0],
    ["IDLE+CLOUD", 1, 1],
    ["IDLE+CLOUD+POWERED_DOWN", 1, 0],
    ["IDLE+POWERING_UP", 1, 0],
    ["idle~", 1, 0],
    ["MIXED+COMPLETING", 1, 1],
    ["IDLE*", 0, 0],
    ["IDLE+NOT_RESPONDING", 0, 0],
    ["IDLE+DRAIN", 0, 0],
    ["IDLE+RESERVED", 0, 0],
    ["IDLE+MAINTENANCE", 0, 0],
    ["DOWN", 0, 0],
    ["UNKNOWN*", 0, 0],
    ["INVAL", 0, 0],
    ["IDLE+SOMETHING_NEW", 1, 0],
    ["", 0, 0],
  ])("a node in state %s: %i available, %i idle", async (state, available, idle) => {
    const { nodeGroups } = await workloadOf(
      cluster(node("n1", `Gres=(null) State=${state} Partitions=main `)),
    );
    expect(nodeGroups).toMatchObject([{ nodes: 1, availableNodes: available, idleNodes: idle }]);
  });

  test.each([
    ["gpu:4", { gpusPerNode: 4 }, ["gpuModel"]],
    [
      "gpu:a100:2(S:0-1),nvme:1",
      { gpusPerNode: 2, gpuModel: "a100", gpuVendor: "nvidia" },
      ["gpuMemoryBytes"],
    ],
    ["gpu:a100_80gb:4", { gpusPerNode: 4, gpuModel: "a100", gpuMemoryBytes: 80 * gib }, []],
    ["gpu:nvidia_h100_80gb_hbm3:8", { gpuModel: "h100", gpuMemoryBytes: 80 * gib }, []],
    ["gpu:mi250x:8", { gpuModel: "mi250x", gpuVendor: "amd" }, []],
    ["gpu:a100:2,gpu:v100:4", { gpusPerNode: 6 }, ["gpuModel", "gpuVendor"]],
    ["gpu:a100_1g.5gb:7", { gpusPerNode: 7, gpuModel: "a100_1g.5gb" }, []],
    ["gpu:frobnicator:2", { gpusPerNode: 2, gpuModel: "frobnicator" }, ["gpuVendor"]],
    ["shard:8,nvme:2", { gpusPerNode: 0 }, ["gpuModel", "idleGpus"]],
  ])("Gres=%s", async (gres, expected, missing) => {
    const { nodeGroups } = await workloadOf(cluster(node("n1", `Gres=${gres} State=IDLE Partitions=main`)));
    expect(nodeGroups[0]).toMatchObject(expected);
    for (const key of missing) expect(nodeGroups[0]).not.toHaveProperty(key);
  });

  test("limits of partitions; a draining partition starts nothing", async () => {
    const { partitions, nodeGroups } = await workloadOf(
      cluster(node("n1", "State=IDLE Partitions=closing") + node("n2", "State=IDLE Partitions=closing,main")),
    );
    expect(partitions).toEqual([
      {
        name: "main",
        isDefault: true,
        up: true,
        maxWalltimeSeconds: 1800,
        maxNodesPerJob: 4,
        minNodesPerJob: 2,
      },
      { name: "closing", isDefault: false, up: false, maxWalltimeSeconds: 216_000 },
    ]);
    expect(nodeGroups.map(({ availableNodes }) => availableNodes)).toEqual([0, 1]);
  });

  test("text in a reason or an operating system is no field", async () => {
    const line = node(
      "n1",
      "Gres=(null) OS=Linux 6.1 #1 SMP State=IDLE Partitions=main Reason=x State=DOWN Gres=gpu:9",
    );
    const { nodeGroups } = await workloadOf(cluster(line));
    expect(nodeGroups).toMatchObject([{ idleNodes: 1, gpusPerNode: 0 }]);
  });

  test("memory that a site does not count is unknown", async () => {
    const line = "NodeName=n1 CPUTot=8 CPUEfctv=6 CPUAlloc=8 RealMemory=1 State=ALLOCATED Partitions=main\n";
    const { nodeGroups } = await workloadOf(cluster(line));
    expect(nodeGroups[0]).not.toHaveProperty("memoryBytesPerNode");
    expect(nodeGroups[0]).toMatchObject({ coresPerNode: 6, idleCores: 0, idleNodes: 0 });
  });

  test("many nodes are few groups", async () => {
    const lines = Array.from({ length: 3000 }, (_, index) => node(`n${index}`, "State=IDLE Partitions=main"));
    const { nodeGroups } = await workloadOf(cluster(lines.join("")));
    expect(nodeGroups).toMatchObject([{ nodes: 3000, idleCores: 24_000 }]);
  });
});

describe("slurm without facts", () => {
  test.each<[string, Omit<Recording, "argv">, string, string]>([
    ["not installed", { failure: "not-found" }, "absent", "not found"],
    [
      "not configured",
      {
        exitCode: 1,
        stderr:
          "scontrol: error: resolve_ctls_from_dns_srv\nscontrol: fatal: Could not establish a configuration source\n",
      },
      "absent",
      "SLURM_CONF",
    ],
    [
      "controller down",
      { exitCode: 1, stdout: "Slurmctld(primary) at vm is DOWN\n" },
      "unreachable",
      "is DOWN",
    ],
    ["no answer", { failure: "timeout" }, "unreachable", "did not answer"],
    [
      "munge down",
      {
        exitCode: 1,
        stderr:
          'scontrol: error: Munge encode failed: Failed to access "/run/munge/munge.socket.2"\nslurm_ping: Protocol authentication error\n',
      },
      "unreachable",
      "Munge",
    ],
    [
      "no permission",
      { exitCode: 1, stderr: "slurm_load_node error: Access/permission denied\n" },
      "forbidden",
      "permission denied",
    ],
    ["interrupted", { failure: "aborted" }, "unreachable", "interrupted"],
    ["nonsense", { exitCode: 1, stderr: "Segmentation fault\n" }, "failed", "Segmentation fault"],
    ["an endless answer", { failure: "output-limit" }, "failed", "output-limit"],
  ])("%s", async (_title, answer, status, words) => {
    const workload = await workloadOf(replayRun([], { onUnknown: () => answer }));
    expect(Workload.parse(workload)).toEqual(workload);
    expect(workload).toMatchObject({ manager: "slurm", status, canSubmit: false, nodeGroups: [] });
    expect(workload.reason).toContain(words);
  });

  test("answers and has no nodes", async () => {
    expect(await workloadOf(cluster("\n"))).toMatchObject({ status: "empty", canSubmit: false });
  });

  test("a run that breaks its promise is a failure, not an exception", async () => {
    expect(await workloadOf(replayRun([]))).toMatchObject({ status: "failed" });
  });
});
