import type { Case } from "./case.ts";

/** Requests as people type them. */
export const everyday: readonly Case[] = [
  {
    prompt: "Run hostname on 2 nodes",
    expected: { execution: { command: "hostname" }, compute: { nodes: { min: 2, max: 2 } } },
  },
  {
    prompt: "run cowsay hello?",
    expected: { execution: { command: "cowsay hello" }, software: [{ name: "cowsay" }] },
  },
  {
    prompt:
      "I'd like to run GROMACS 2023.3 or newer on two nodes with 8xH100 each for three hours, budget $1,200.",
    expected: {
      budget: { amount: 1200, unit: "USD", per: "job" },
      time: { walltimeSec: 10800 },
      gpu: { need: "required", models: ["h100"], vendor: "nvidia", perNode: { min: 8, max: 8 } },
      compute: { nodes: { min: 2, max: 2 } },
      software: [{ name: "gromacs", op: ">=", version: "2023.3" }],
    },
  },
  {
    prompt: "Need 4 × A100-80GB for an hour and a half, pytorch >= 2.1",
    expected: {
      time: { walltimeSec: 5400 },
      gpu: { need: "required", models: ["a100"], vendor: "nvidia", vramGb: 80, total: { min: 4, max: 4 } },
      software: [{ name: "pytorch", op: ">=", version: "2.1" }],
    },
  },
  {
    prompt: "Please find me a dozen nodes for WRF by 6pm",
    expected: {
      time: { deadlineAt: "2026-11-20T18:00:00.000Z" },
      compute: { nodes: { min: 12, max: 12 } },
      software: [{ name: "wrf" }],
    },
  },
  {
    prompt: "NAMD on 16, done by tomorrow 9am, EUR 50 max",
    expected: {
      budget: { amount: 50, unit: "EUR", per: "job" },
      time: { deadlineAt: "2026-11-21T09:00:00.000Z" },
      compute: { nodes: { min: 16, max: 16 } },
      software: [{ name: "namd" }],
    },
  },
  {
    prompt: "CPU-only job: 128 cores, 256GiB of RAM, half a terabyte scratch",
    expected: {
      gpu: { need: "none" },
      storage: [{ kind: "scratch", minFreeGb: 512 }],
      compute: { cores: { min: 128, max: 128 } },
      memory: { totalGb: 256 },
    },
  },
  {
    prompt: "at least 40GB VRAM, any NVIDIA GPU, run ollama within the hour",
    expected: {
      time: { finishWithinSec: 3600 },
      gpu: { need: "required", vramGb: 40, vendor: "nvidia" },
      software: [{ name: "ollama" }],
    },
  },
  {
    prompt: "two MI300X GPUs per node on 4 nodes with ROCm 6.1",
    expected: {
      gpu: {
        need: "required",
        models: ["mi300x"],
        vendor: "amd",
        perNode: { min: 2, max: 2 },
        runtime: "rocm",
      },
      compute: { nodes: { min: 4, max: 4 } },
      software: [{ name: "rocm", op: "~", version: "6.1" }],
    },
  },
  {
    prompt: "srun -N 2 -n 64 --gres=gpu:4 -t 02:00:00 -p gpu -A acct ./a.out",
    expected: {
      scheduler: { managers: ["slurm"], queue: "gpu", account: "acct" },
      compute: { nodes: { min: 2, max: 2 }, tasks: { min: 64, max: 64 } },
      gpu: { need: "required", perNode: { min: 4, max: 4 } },
      time: { walltimeSec: 7200 },
      execution: { command: "./a.out" },
    },
  },
  {
    prompt: "sbatch -N 4 --exclusive -t 30 job.sh",
    expected: {
      scheduler: { managers: ["slurm"] },
      compute: { nodes: { min: 4, max: 4 }, exclusive: true },
      time: { walltimeSec: 1800 },
      execution: { command: "job.sh" },
    },
  },
  {
    prompt: "mpirun -np 64 ./a.out",
    expected: {
      mpi: { required: true },
      compute: { tasks: { min: 64, max: 64 } },
      execution: { command: "./a.out" },
    },
  },
  {
    prompt: "mpiexec -n 128 lmp -in in.lj",
    expected: {
      mpi: { required: true },
      compute: { tasks: { min: 128, max: 128 } },
      execution: { command: "lmp -in in.lj" },
      software: [{ name: "lammps" }],
    },
  },
  {
    prompt: "run `hostname` on 2 nodes",
    expected: { execution: { command: "hostname" }, compute: { nodes: { min: 2, max: 2 } } },
  },
  {
    prompt: 'run "python train.py --lr 0.1" on a node with 4 GPUs',
    expected: {
      execution: { command: "python train.py --lr 0.1" },
      gpu: { need: "required", perNode: { min: 4, max: 4 } },
      compute: { nodes: { min: 1, max: 1 } },
    },
  },
  {
    prompt: "command: ./solver -x 3 | tee out",
    expected: { execution: { command: "./solver -x 3" }, unresolved: ["| tee out"] },
  },
  {
    prompt: "2-4 nodes, no more than 3 hours, 4GB per rank",
    expected: {
      time: { walltimeSec: 10800 },
      compute: { nodes: { min: 2, max: 4 } },
      memory: { perTaskGb: 4 },
    },
  },
  {
    prompt: "Could it be possible to run openfoam v2312 on around 16 nodes before midnight?",
    expected: {
      intent: "check",
      time: { deadlineAt: "2026-11-21T00:00:00.000Z" },
      compute: { nodes: { min: 16, max: 16 } },
      software: [{ name: "openfoam", op: "~", version: "2312" }],
    },
  },
  {
    prompt: "Would a 70B llama fit on 2 H100 with vLLM?",
    expected: {
      intent: "check",
      gpu: { need: "required", models: ["h100"], vendor: "nvidia", total: { min: 2, max: 2 } },
      software: [{ name: "vllm" }],
      unresolved: ["a 70B llama fit on"],
    },
  },
  {
    prompt: "python3.11 with numpy, numpy 1.26, gcc 12, on x86 with avx2",
    expected: {
      platform: { arch: "x86_64", cpuFlags: ["avx2"] },
      software: [
        { name: "python", op: "~", version: "3.11" },
        { name: "numpy", op: "~", version: "1.26" },
        { name: "gcc", op: "~", version: "12" },
      ],
    },
  },
  {
    prompt: "docker://nvcr.io/nvidia/pytorch:24.01-py3 using apptainer on 1 node with HDR InfiniBand",
    expected: {
      container: { image: "docker://nvcr.io/nvidia/pytorch:24.01-py3", runtimes: ["apptainer"] },
      network: { fabrics: ["infiniband"], minGbps: 200 },
      compute: { nodes: { min: 1, max: 1 } },
    },
  },
  {
    prompt: "Use ghcr.io/acme/app@sha256:0123456789abcdef on 3 nodes with a 100GbE network",
    expected: {
      container: { image: "ghcr.io/acme/app@sha256:0123456789abcdef" },
      network: { minGbps: 100, fabrics: ["ethernet"] },
      compute: { nodes: { min: 3, max: 3 } },
    },
  },
  {
    prompt: "I need a fast interconnect and a parallel file system, 1.5 TB scratch",
    expected: {
      storage: [{ kind: "scratch", minFreeGb: 1536 }, { kind: "parallel" }],
      network: { importance: "preferred" },
    },
  },
  {
    prompt: "Get the cheapest option for 1,024 cores for 90 min, up to 200 dollars",
    expected: {
      budget: { amount: 200, unit: "USD", per: "job" },
      time: { walltimeSec: 5400 },
      compute: { cores: { min: 1024, max: 1024 } },
      objectives: [{ metric: "cost", goal: "min", weight: 1 }],
    },
  },
  {
    prompt: "lowest energy site for lammps, arm64",
    expected: {
      platform: { arch: "aarch64" },
      objectives: [{ metric: "energy", goal: "min", weight: 1 }],
      software: [{ name: "lammps" }],
    },
  },
  {
    prompt: "run lammps on perlmutter, avoid frontier",
    expected: { placement: { exclude: ["frontier"], only: ["perlmutter"] }, software: [{ name: "lammps" }] },
  },
  {
    prompt: "overnight run of cp2k on 8 nodes, next 2 days",
    expected: {
      time: { urgency: "relaxed", finishWithinSec: 172800 },
      compute: { nodes: { min: 8, max: 8 } },
      software: [{ name: "cp2k" }],
    },
  },
  {
    prompt: "spend 1.5k USD at most, or €200? ",
    expected: { budget: { amount: 1500, unit: "USD", per: "job" }, unresolved: ["or €200"] },
  },
  {
    prompt: "I need 2 nodes. Actually 4 nodes.",
    expected: { compute: { nodes: { min: 2, max: 2 } }, unresolved: ["Actually 4 nodes"] },
  },
  { prompt: "Give me 0 nodes", expected: { unresolved: ["Give me 0 nodes"] } },
  { prompt: "run on 1e99 nodes", expected: { unresolved: ["run on 1e99 nodes"] } },
  { prompt: "-3 nodes please", expected: { unresolved: ["-3 nodes please"] } },
  {
    prompt: "Is gromacs 2.1.x available?",
    expected: { intent: "check", software: [{ name: "gromacs", op: "~", version: "2.1" }] },
  },
  {
    prompt: "My simulation needs R 4.3 and 64 GB RAM on one machine for 2h30m",
    expected: {
      time: { walltimeSec: 9000 },
      compute: { nodes: { min: 1, max: 1 } },
      memory: { totalGb: 64 },
      software: [{ name: "r", op: "~", version: "4.3" }],
    },
  },
  {
    prompt: "array of 100 tasks, 4 cores each, 2 GB per core",
    expected: { array: { count: 100 }, compute: { cores: { min: 4, max: 4 } }, memory: { perCoreGb: 2 } },
  },
  {
    prompt: "256G memory per node, 4 nodes, slurm, account abc_123, partition gpu",
    expected: {
      scheduler: { queue: "gpu", account: "abc_123", managers: ["slurm"] },
      compute: { nodes: { min: 4, max: 4 } },
      memory: { perNodeGb: 256 },
    },
  },
];
