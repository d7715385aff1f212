import {
  createAmdGpuProvider,
  createCpuProvider,
  createEthernetProvider,
  createInfinibandProvider,
  createMemoryProvider,
  createNvidiaGpuProvider,
  createOmniPathProvider,
  type Provider,
} from "@parley/providers";
import { type FakeAnswer, fakeHost } from "@parley/testing";
import { describe, expect, test } from "vitest";
import { parseCpuInfo } from "../src/hardware/_cpuinfo.ts";
import { parseMigSlices } from "../src/hardware/_nvidia-smi.ts";
import * as machines from "./machines.ts";

const hostScope = "compute-node" as const;
const nothing = { software: [], paths: [] };
const call = async (provider: Provider, tool: string, args = {}): Promise<unknown> =>
  provider.tools.find(({ name }) => name === tool)?.handler(args, {});

const x86 = (index: number, socket: number, core: number): string =>
  `processor\t: ${index}\nvendor_id\t: AuthenticAMD\nmodel name\t: AMD EPYC 7763\nphysical id\t: ${socket}\ncore id\t: ${core}\nflags\t\t: fpu avx2\n`;

describe("cpu", () => {
  test("counts cores once, not threads, over sockets", () => {
    const info = parseCpuInfo([x86(0, 0, 0), x86(1, 0, 0), x86(2, 1, 0), x86(3, 1, 0)].join("\n"));
    expect(info).toMatchObject({
      physicalCores: 2,
      logicalCores: 4,
      sockets: 2,
      vendor: "amd",
      model: "AMD EPYC 7763",
    });
  });

  test("reads aarch64, whose kernels number what others name", () => {
    const block = "processor\t: 0\nFeatures\t: fp asimd sve\nCPU implementer\t: 0x41\nCPU part\t: 0xd0c\n";
    expect(parseCpuInfo(`${block}\n${block}`)).toMatchObject({
      vendor: "arm",
      model: "Neoverse N1",
      flags: ["fp", "asimd", "sve"],
      logicalCores: 2,
    });
    expect(parseCpuInfo(`${block}\n`).physicalCores).toBeUndefined();
  });

  test("reads ppc64le", () => {
    const text =
      "processor\t: 0\ncpu\t\t: POWER9, altivec supported\n\ntimebase\t: 512000000\nplatform\t: PowerNV\n";
    expect(parseCpuInfo(text)).toMatchObject({ vendor: "ibm", model: "POWER9", logicalCores: 1 });
  });

  test("falls back to the operating system", async () => {
    const host = fakeHost({
      machine: { arch: "arm64", platform: "darwin", cpuModel: "Apple M3", logicalCores: 8 },
    });
    const { hardware } = await createCpuProvider(host, { hostScope }).facts(nothing);
    expect(hardware).toMatchObject([{ arch: "aarch64", os: "darwin", cpuModel: "Apple M3", cores: 8 }]);
  });

  test("tells load and instruction sets", async () => {
    const files = {
      "/proc/cpuinfo": x86(0, 0, 0),
      "/proc/loadavg": "0.50 0.25 0.10 1/100 42\n",
      "/etc/os-release": 'ID="rocky"\nVERSION_ID="9.4"\n',
    };
    const provider = createCpuProvider(fakeHost({ files }), { hostScope });
    expect(await call(provider, "get_current_load")).toMatchObject({
      loadAverage: [0.5, 0.25, 0.1],
      loadPerCore: 0.5,
    });
    expect(await call(provider, "check_instruction_support", { feature: "AVX2" })).toMatchObject({
      supported: true,
    });
    expect(await call(provider, "check_instruction_support", { feature: "avx5" })).toMatchObject({
      supported: false,
    });
    expect(await provider.metadata()).toMatchObject({ os: "linux rocky 9.4", physical_cores: 1 });
  });
});

describe("memory", () => {
  const files = {
    "/proc/meminfo": "MemTotal:  16777216 kB\nMemFree: 1 kB\nMemAvailable:  8388608 kB\nHugePages_Total: 0\n",
  };

  test("reads kilobytes as bytes", async () => {
    const provider = createMemoryProvider(fakeHost({ files }), { hostScope });
    expect(await call(provider, "get_available_memory")).toEqual({
      totalBytes: 16 * 2 ** 30,
      availableBytes: 8 * 2 ** 30,
      usedBytes: 8 * 2 ** 30,
      limitBytes: undefined,
      usedShare: 0.5,
    });
    expect(await provider.metadata()).toMatchObject({ total_gb: 16 });
  });

  test.each([
    ["4294967296\n", 2 ** 32],
    ["max\n", 16 * 2 ** 30],
    ["99999999999999\n", 16 * 2 ** 30],
  ])("promises no more than the control group's limit %j", async (limit, expected) => {
    const host = fakeHost({ files: { ...files, "/sys/fs/cgroup/memory.max": limit } });
    const { hardware } = await createMemoryProvider(host, { hostScope }).facts(nothing);
    expect(hardware?.[0]?.memoryBytes).toBe(expected);
  });
});

const withAnswer = (answer: FakeAnswer): Provider =>
  createNvidiaGpuProvider(fakeHost({ commands: { [machines.nvidiaQuery]: answer } }), { hostScope });

const row = (index: number, mig: string): string =>
  `${index}, NVIDIA A100-SXM4-80GB, 81920, 535.1, ${mig}, 0, 0, 81920\n`;

describe("nvidia-gpu", () => {
  test("groups devices that are alike", async () => {
    const { hardware } = await createNvidiaGpuProvider(fakeHost(machines.nvidia), { hostScope }).facts(
      nothing,
    );
    expect(hardware?.[0]?.gpus).toEqual([
      { vendor: "nvidia", model: "NVIDIA H100 80GB HBM3", count: 2, memoryBytes: 81_559 * 2 ** 20 },
    ]);
  });

  test("leaves out what the driver does not tell", async () => {
    const provider = createNvidiaGpuProvider(fakeHost(machines.nvidia), { hostScope });
    expect(await call(provider, "get_utilization")).toMatchObject({
      gpus: [{ utilizationShare: 0.12 }, { utilizationShare: undefined }],
    });
  });

  test.each<[string, FakeAnswer, string]>([
    ["no devices", { stdout: "No devices were found\n", exitCode: 6 }, "empty"],
    ["no devices, status 0", { stdout: "No devices were found\n" }, "empty"],
    [
      "no driver",
      {
        exitCode: 9,
        stdout: "NVIDIA-SMI has failed because it couldn't communicate with the NVIDIA driver.",
      },
      "unreachable",
    ],
    [
      "driver mismatch",
      { exitCode: 18, stdout: "Failed to initialize NVML: Driver/library version mismatch" },
      "failed",
    ],
    ["no permission", { exitCode: 4, stdout: "Insufficient Permissions" }, "forbidden"],
    ["another format", { stdout: "GPU 0 is fine\n" }, "failed"],
  ])("probes %s", async (_case, answer, status) => {
    expect((await withAnswer(answer).probe()).status).toBe(status);
    expect(await withAnswer(answer).facts(nothing)).toEqual({});
  });

  test("a probe that is late is unreachable", async () => {
    expect((await withAnswer({ hangs: true }).probe({ timeoutMs: 5 })).status).toBe("unreachable");
  });

  test("counts MIG slices instead of the device they are cut from", async () => {
    const listing = `GPU 0: NVIDIA A100-SXM4-80GB (UUID: GPU-1)
  MIG 3g.40gb     Device  0: (UUID: MIG-1)
  MIG 3g.40gb     Device  1: (UUID: MIG-2)
GPU 1: NVIDIA A100-SXM4-80GB (UUID: GPU-2)
`;
    expect(parseMigSlices(listing)).toHaveLength(2);
    const host = fakeHost({
      commands: { [machines.nvidiaQuery]: row(0, "Enabled") + row(1, "Disabled"), "nvidia-smi -L": listing },
    });
    const { hardware } = await createNvidiaGpuProvider(host, { hostScope }).facts(nothing);
    expect(hardware?.[0]?.gpus).toEqual([
      { vendor: "nvidia", model: "NVIDIA A100-SXM4-80GB", count: 1, memoryBytes: 80 * 2 ** 30 },
      { vendor: "nvidia", model: "NVIDIA A100-SXM4-80GB MIG 3g.40gb", count: 2, memoryBytes: 40 * 2 ** 30 },
    ]);
  });
});

describe("amd-gpu", () => {
  test("reads keys of several releases", async () => {
    const { hardware } = await createAmdGpuProvider(fakeHost(machines.amd), { hostScope }).facts(nothing);
    expect(hardware?.[0]?.gpus).toEqual([
      { vendor: "amd", model: "AMD Instinct MI250X", count: 2, memoryBytes: 68_702_699_520 },
    ]);
  });

  test.each<[FakeAnswer | string, string]>([
    ["{}", "empty"],
    ["no json", "failed"],
    ['{"card0": 3}', "failed"],
    [{ stdout: "ERROR:root:Driver not initialized (amdgpu not found in modules)" }, "unreachable"],
    [{ exitCode: 2, stderr: "boom" }, "failed"],
  ])("probes %j as %s", async (answer, status) => {
    const host = fakeHost({ commands: { [machines.rocmQuery]: answer } });
    expect((await createAmdGpuProvider(host, { hostScope }).probe()).status).toBe(status);
  });
});

describe("network", () => {
  test("only hardware and bonds are Ethernet", async () => {
    const provider = createEthernetProvider(fakeHost(machines.ethernet), { hostScope });
    expect(await provider.metadata()).toMatchObject({ interfaces: ["bond0", "eth0", "eth1"] });
    expect((await provider.facts(nothing)).fabrics).toMatchObject([
      { kind: "ethernet", bitsPerSecond: 50e9, rdma: false },
    ]);
  });

  test("an unknown speed is absent", async () => {
    const { files = {} } = machines.ethernet;
    const only = Object.fromEntries(Object.entries(files).filter(([path]) => path.includes("/eth1/")));
    const { fabrics } = await createEthernetProvider(fakeHost({ files: only }), { hostScope }).facts(nothing);
    expect(fabrics?.[0]?.bitsPerSecond).toBeUndefined();
  });

  test("cables that are out are no fabric", async () => {
    const files = {
      "/sys/class/net/eth0/type": "1",
      "/sys/class/net/eth0/operstate": "down",
      "/sys/class/net/eth0/device/x": "",
    };
    const provider = createEthernetProvider(fakeHost({ files }), { hostScope });
    expect((await provider.probe()).status).toBe("unreachable");
    expect(await provider.facts(nothing)).toEqual({});
  });

  test("RDMA ports make fabrics by link layer, and only when active", async () => {
    const { fabrics } = await createInfinibandProvider(fakeHost(machines.rdma), { hostScope }).facts(nothing);
    expect(fabrics?.map(({ kind, bitsPerSecond, devices }) => [kind, bitsPerSecond, devices])).toEqual([
      ["infiniband", 200e9, ["mlx5_0"]],
      ["roce", 100e9, ["mlx5_1"]],
    ]);
    const opa = await createOmniPathProvider(fakeHost(machines.rdma), { hostScope }).facts(nothing);
    expect(opa.fabrics?.map(({ kind }) => kind)).toEqual(["omni-path"]);
  });

  test("a device whose ports are down is unreachable, an empty class absent", async () => {
    const files = { "/sys/class/infiniband/mlx5_0/ports/1/state": "1: DOWN\n" };
    const provider = createInfinibandProvider(fakeHost({ files }), { hostScope });
    expect(await provider.probe()).toMatchObject({
      status: "unreachable",
      detail: expect.stringContaining("mlx5_0/1 DOWN"),
    });
    const bare = createInfinibandProvider(fakeHost({ directories: ["/sys/class/infiniband"] }), {
      hostScope,
    });
    expect((await bare.probe()).status).toBe("absent");
  });
});
