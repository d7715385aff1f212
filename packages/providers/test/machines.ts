import { readFileSync } from "node:fs";
import type { FakeHostOptions } from "@parley/testing";

const fixture = (name: string): string =>
  readFileSync(new URL(`./fixtures/${name}`, import.meta.url), "utf8");

export const nvidiaQuery =
  "nvidia-smi --query-gpu=index,name,memory.total,driver_version,mig.mode.current,utilization.gpu,memory.used,memory.free --format=csv,noheader,nounits";

export const rocmQuery = "rocm-smi --showproductname --showmeminfo vram --showuse --showdriverversion --json";

const df = (path: string): Record<string, string> => ({
  [`df -Pk -- ${path}`]: `Filesystem 1024-blocks Used Available Capacity Mounted on\n/dev/x 1000 400 600 40% ${path}\n`,
});

export const nvidia: FakeHostOptions = {
  commands: {
    [nvidiaQuery]:
      "0, NVIDIA H100 80GB HBM3, 81559, 535.129.03, Disabled, 12, 1024, 80535\n1, NVIDIA H100 80GB HBM3, 81559, 535.129.03, Disabled, [N/A], 0, 81559\n",
  },
};

export const amd: FakeHostOptions = {
  commands: {
    [rocmQuery]: `WARNING: AMD GPU device(s) is/are in a low-power state\n${JSON.stringify({
      card1: { "Card Series": "AMD Instinct MI250X", "VRAM Total Memory (B)": "68702699520" },
      card0: {
        "Card series": "AMD Instinct MI250X",
        "VRAM Total Memory (B)": "68702699520",
        "VRAM Total Used Memory (B)": "10960896",
        "GPU use (%)": "7",
      },
      system: { "Driver version": "6.3.6" },
    })}`,
  },
};

const physical = (name: string, values: Record<string, string>): Record<string, string> =>
  Object.fromEntries(
    Object.entries({ type: "1\n", mtu: "1500\n", ...values }).map(([file, text]) => [
      `/sys/class/net/${name}/${file}`,
      text,
    ]),
  );

export const ethernet: FakeHostOptions = {
  files: {
    ...physical("eth0", { operstate: "up\n", speed: "25000\n", "device/vendor": "0x15b3\n" }),
    ...physical("eth1", { operstate: "up\n", speed: "-1\n", "device/vendor": "0x15b3\n" }),
    ...physical("bond0", { operstate: "up\n", speed: "50000\n", "bonding/mode": "802.3ad 4\n" }),
    ...physical("lo", { type: "772\n", operstate: "unknown\n" }),
    ...physical("ib0", { type: "32\n", operstate: "up\n", speed: "100000\n", "device/vendor": "0x15b3\n" }),
    ...physical("ifb0", { operstate: "up\n", speed: "400000\n" }),
    ...physical("docker0", { operstate: "up\n", speed: "400000\n", "bridge/id": "8000" }),
    ...physical("veth1a2b", { operstate: "up\n", speed: "10000\n" }),
    ...physical("wlan0", { operstate: "up\n", "device/vendor": "x", "wireless/x": "" }),
  },
};

const port = (device: string, values: Record<string, string>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(values).map(([file, text]) => [
      `/sys/class/infiniband/${device}/ports/1/${file}`,
      `${text}\n`,
    ]),
  );

const active = "4: ACTIVE";

export const rdma: FakeHostOptions = {
  files: {
    ...port("mlx5_0", { state: active, rate: "200 Gb/sec (4X HDR)", link_layer: "InfiniBand" }),
    ...port("mlx5_1", { state: active, rate: "100 Gb/sec (4X EDR)", link_layer: "Ethernet" }),
    ...port("mlx5_2", { state: "1: DOWN", rate: "400 Gb/sec (4X NDR)", link_layer: "InfiniBand" }),
    ...port("hfi1_0", { state: active, rate: "100 Gb/sec (4X EDR)", link_layer: "InfiniBand" }),
  },
};

export const mounts: FakeHostOptions = {
  files: {
    "/proc/mounts": [
      "/dev/sda1 / ext4 rw,relatime 0 0",
      "tmpfs /tmp tmpfs rw 0 0",
      "/dev/nvme0n1 /scratch/local\\040disk xfs rw 0 0",
      "filer:/home /home nfs4 rw 0 0",
      "10.0.0.1@o2ib:/lus /lustre/work lustre rw,flock 0 0",
      "beegfs_nodev /beegfs beegfs rw 0 0",
    ].join("\n"),
  },
  directories: ["/tmp"],
  commands: {
    ...df("/"),
    ...df("/scratch/local disk"),
    ...df("/home"),
    ...df("/lustre/work"),
    ...df("/beegfs"),
    "lfs quota -q /lustre/work": "/lustre/work 2048* 4096 0 - 12 0 0 -\n",
    "lfs getstripe -d /lustre/work":
      "stripe_count:  -1 stripe_size:   1048576 pattern: 0 stripe_offset: -1\n",
  },
};

export const docker: FakeHostOptions = {
  commands: {
    "docker version --format {{json .}}": JSON.stringify({
      Client: { Version: "24.0.7" },
      Server: { Version: "24.0.5" },
    }),
    "docker images --format {{json .}}":
      '{"Repository":"debian","Tag":"12","ID":"abc","Size":"117MB"}\nnoise\n',
  },
};

export const podman: FakeHostOptions = {
  commands: {
    "podman --version": "podman version 4.3.1\n",
    "podman images --format {{json .}}": '{"repository":"localhost/x","tag":"1","Id":"def","Size":12}\n',
  },
};

const cacheList = "NAME DATE CREATED SIZE TYPE\nabc123 2026-01-02 03:04:05 29.13 MiB blob\n";

export const singularity: FakeHostOptions = {
  commands: {
    "singularity --version": "singularity-ce version 3.11.4\n",
    "singularity cache list -v": cacheList,
  },
};

export const apptainer: FakeHostOptions = {
  commands: {
    "apptainer --version": "apptainer version 1.4.5-2.el9\n",
    "apptainer cache list -v": cacheList,
  },
};

export const charliecloud: FakeHostOptions = {
  commands: { "ch-run --version": { stderr: "0.31\n" }, "ch-image list": "debian:12\n" },
};

export const openmpi: FakeHostOptions = {
  commands: {
    "ompi_info --parsable":
      "package:x\nompi:version:full:4.1.4\nmca:pml:ucx:version:mca:2.1.0\nmca:btl:tcp:version:x\n",
  },
  executables: ["mpirun"],
};

export const mpich: FakeHostOptions = {
  commands: { mpichversion: "MPICH Version:    \t4.0.2\nMPICH Device:    \tch4:ofi\n" },
  executables: ["mpiexec"],
};

export const pip: FakeHostOptions = {
  commands: {
    "pip3 --version": "pip 23.2.1 from /usr/lib/python3/pip (python 3.11)\n",
    "pip3 list --format=json --disable-pip-version-check": JSON.stringify([
      { name: "torch", version: "2.1.0+cu121" },
      { name: "pytorch-lightning", version: "2.2" },
      { name: "scikit_learn", version: "1.4" },
    ]),
    "pip3 show --disable-pip-version-check torch":
      "Name: torch\nVersion: 2.1.0+cu121\nSummary: Tensors\nLocation: /usr/lib\nRequires: filelock, sympy\n",
    "pip3 show --disable-pip-version-check nope": {
      exitCode: 1,
      stderr: "WARNING: Package(s) not found: nope\n",
    },
  },
};

export const conda: FakeHostOptions = {
  commands: {
    "mamba --version": "mamba 1.5.1\nconda 23.7.4\n",
    "mamba env list --json": JSON.stringify({ envs: ["/opt/conda", "/opt/conda/envs/md"] }),
    "mamba list --prefix /opt/conda --json": JSON.stringify([{ name: "python", version: "3.11.5" }]),
    "mamba list --prefix /opt/conda/envs/md --json": JSON.stringify([{ name: "GROMACS", version: "2023.1" }]),
  },
};

export const lmod: FakeHostOptions = {
  env: { PATH: "/usr/bin", LMOD_CMD: "/opt/lmod/libexec/lmod", MODULEPATH: "/srv/site/modulefiles" },
  executables: ["/opt/lmod/libexec/lmod"],
  commands: {
    "lmod bash -t avail": { stderr: fixture("modules/lmod-avail.txt.err") },
    "lmod bash --version": { stderr: "\nModules based on Lua: Version 8.6.19  2022-11-22\n" },
    "lmod bash whatis gcc/12.3": { stderr: "gcc/12.3            : GNU compilers\n" },
    "lmod bash whatis gcc": { exitCode: 1, stderr: "unknown\n" },
  },
};

export const spack: FakeHostOptions = {
  env: { PATH: "/usr/bin", SPACK_ROOT: "/opt/spack/" },
  executables: ["/opt/spack/bin/spack"],
  commands: {
    "spack --version": "0.22.0 (abc)\n",
    "spack --color never find --json": fixture("spack-0.22/find.json"),
  },
};
