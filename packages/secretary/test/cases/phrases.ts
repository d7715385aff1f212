import type { Case } from "./case.ts";

/** One way of saying things each: numbers, units, money, times, devices, software, labels. */
export const phrases: readonly Case[] = [
  {
    prompt: "I need somewhere to run GROMACS on 4 nodes with 2 A100 GPUs per node for 12 hours.",
    expected: {
      time: { walltimeSec: 43200 },
      gpu: { need: "required", models: ["a100"], vendor: "nvidia", perNode: { min: 2, max: 2 } },
      compute: { nodes: { min: 4, max: 4 } },
      software: [{ name: "gromacs" }],
    },
  },
  {
    prompt: "Please run namd 3.0 on a single node with one V100.",
    expected: {
      gpu: { need: "required", models: ["v100"], vendor: "nvidia", perNode: { min: 1, max: 1 } },
      compute: { nodes: { min: 1, max: 1 } },
      software: [{ name: "namd", op: "~", version: "3.0" }],
    },
  },
  {
    prompt: "I want to train a pytorch model on 8 H100 GPUs, at most $500.",
    expected: {
      budget: { amount: 500, unit: "USD", per: "job" },
      gpu: { need: "required", models: ["h100"], vendor: "nvidia", total: { min: 8, max: 8 } },
      software: [{ name: "pytorch" }],
    },
  },
  {
    prompt: "Looking for a cluster with LAMMPS 2Aug2023 and InfiniBand.",
    expected: {
      network: { fabrics: ["infiniband"] },
      software: [{ name: "lammps", op: "~", version: "2Aug2023" }],
    },
  },
  {
    prompt: "We require VASP version 6.4 or later on 10 nodes.",
    expected: {
      compute: { nodes: { min: 10, max: 10 } },
      software: [{ name: "vasp", op: ">=", version: "6.4" }],
    },
  },
  {
    prompt: "Need quantum espresso newer than 7.1 on 512 cores.",
    expected: {
      compute: { cores: { min: 512, max: 512 } },
      software: [{ name: "quantum-espresso", op: ">", version: "7.1" }],
    },
  },
  {
    prompt: "Can I run tensorflow 2.15 with 4 GPUs right now?",
    expected: {
      intent: "check",
      time: { urgency: "immediate", startWithinSec: 0 },
      gpu: { need: "required", total: { min: 4, max: 4 } },
      software: [{ name: "tensorflow", op: "~", version: "2.15" }],
    },
  },
  {
    prompt: "Find me a system with openmpi 5 and at least 32 nodes.",
    expected: {
      compute: { nodes: { min: 32 } },
      mpi: { required: true, impl: "openmpi", op: "~", version: "5" },
    },
  },
  {
    prompt: "Run cp2k using singularity on 2 nodes with lustre storage.",
    expected: {
      container: { runtimes: ["singularity"] },
      storage: [{ kind: "lustre" }],
      compute: { nodes: { min: 2, max: 2 } },
      software: [{ name: "cp2k" }],
    },
  },
  {
    prompt: "I need a machine with 96 cores and 1.5TB of RAM to assemble a genome with flye.",
    expected: {
      compute: { coresPerNode: { min: 96 }, nodes: { min: 1, max: 1 } },
      memory: { perNodeGb: 1536 },
      software: [{ name: "flye" }],
    },
  },
  {
    prompt: "Do you have 16 nodes with 256 GB memory each?",
    expected: { intent: "check", compute: { nodes: { min: 16, max: 16 } }, memory: { perNodeGb: 256 } },
  },
  {
    prompt: "Is it possible to get 3 nodes with AMD MI250X GPUs for 6 hours starting tomorrow at 9am?",
    expected: {
      intent: "check",
      time: { notBeforeAt: "2026-11-21T09:00:00.000Z", walltimeSec: 21600 },
      gpu: { need: "required", vendor: "amd", models: ["mi250x"] },
      compute: { nodes: { min: 3, max: 3 } },
    },
  },
  {
    prompt: "Which cluster can run WRF 4.5 on 64 nodes over slingshot?",
    expected: {
      intent: "check",
      network: { fabrics: ["slingshot"] },
      compute: { nodes: { min: 64, max: 64 } },
      software: [{ name: "wrf", op: "~", version: "4.5" }],
    },
  },
  {
    prompt: "LAMMPS, 3 nodes, 2h, $50",
    expected: {
      budget: { amount: 50, unit: "USD", per: "job" },
      time: { walltimeSec: 7200 },
      compute: { nodes: { min: 3, max: 3 } },
      software: [{ name: "lammps" }],
    },
  },
  {
    prompt: "gromacs@2024.1 on 128 ranks, 2 OpenMP threads per rank",
    expected: {
      compute: { coresPerTask: 2, tasks: { min: 128, max: 128 } },
      software: [{ name: "gromacs", op: "~", version: "2024.1" }],
    },
  },
  {
    prompt: "Run hpl on all nodes",
    expected: { compute: { allAvailable: true }, software: [{ name: "hpl" }] },
  },
  {
    prompt: "Use up to 100 node-hours to run nekrs on 20 nodes with 4 GPUs each.",
    expected: {
      budget: { amount: 100, unit: "node-hours", per: "job" },
      gpu: { need: "required", perNode: { min: 4, max: 4 } },
      compute: { nodes: { min: 20, max: 20 } },
      software: [{ name: "nekrs" }],
    },
  },
  {
    prompt: "I have 20,000 core hours left; run openfoam on 8 nodes for 1 day.",
    expected: {
      budget: { amount: 20000, unit: "core-hours", per: "job" },
      time: { walltimeSec: 86400 },
      compute: { nodes: { min: 8, max: 8 } },
      software: [{ name: "openfoam" }],
    },
  },
  {
    prompt: "Run python3 train.py --epochs 10 on 2 GPUs",
    expected: {
      execution: { command: "python3 train.py --epochs 10" },
      gpu: { need: "required", total: { min: 2, max: 2 } },
    },
  },
  {
    prompt: "Execute './simulate --steps 1000' on 2 nodes of the batch partition",
    expected: {
      execution: { command: "./simulate --steps 1000" },
      scheduler: { queue: "batch" },
      compute: { nodes: { min: 2, max: 2 } },
    },
  },
  {
    prompt: "submit my job to queue long with account phy-204, 4 nodes, walltime=12:00:00",
    expected: {
      scheduler: { queue: "long", account: "phy-204" },
      time: { walltimeSec: 43200 },
      compute: { nodes: { min: 4, max: 4 } },
    },
  },
  {
    prompt: "sbatch --nodes=4 --ntasks-per-node=32 --time=1-12:00:00 --mem=64G run.sh",
    expected: {
      scheduler: { managers: ["slurm"] },
      compute: { nodes: { min: 4, max: 4 }, tasksPerNode: { min: 32, max: 32 } },
      time: { walltimeSec: 129600 },
      memory: { perNodeGb: 64 },
      execution: { command: "run.sh" },
    },
  },
  {
    prompt: "flux submit -N 2 -n 16 -c 4 -g 1 -t 30m ./app --input data.h5",
    expected: {
      scheduler: { managers: ["flux"] },
      compute: { nodes: { min: 2, max: 2 }, tasks: { min: 16, max: 16 }, coresPerTask: 4 },
      gpu: { need: "required", perTask: { min: 1, max: 1 } },
      time: { walltimeSec: 1800 },
      execution: { command: "./app --input data.h5" },
    },
  },
  {
    prompt: "qsub -l select=2:ncpus=32:ngpus=4:mem=256gb -l walltime=01:00:00 -q gpuq job.pbs",
    expected: {
      scheduler: { managers: ["pbs"], queue: "gpuq" },
      compute: { nodes: { min: 2, max: 2 }, coresPerNode: { min: 32 } },
      gpu: { need: "required", perNode: { min: 4, max: 4 } },
      memory: { perNodeGb: 256 },
      time: { walltimeSec: 3600 },
      execution: { command: "job.pbs" },
    },
  },
  {
    prompt: "kubectl run solver --image=ghcr.io/acme/solver:2.0 -n sims",
    expected: {
      scheduler: { managers: ["kubernetes"], namespace: "sims" },
      container: { image: "ghcr.io/acme/solver:2.0" },
    },
  },
  {
    prompt: "one node, 8 GPUs, 2 TB RAM, 10TB nvme",
    expected: {
      gpu: { need: "required", total: { min: 8, max: 8 } },
      storage: [{ kind: "local-scratch", minFreeGb: 10240 }],
      compute: { nodes: { min: 1, max: 1 } },
      memory: { totalGb: 2048 },
    },
  },
  {
    prompt: "Run a 48 hour job on four 64-core nodes",
    expected: {
      time: { walltimeSec: 172800 },
      compute: { nodes: { min: 4, max: 4 }, coresPerNode: { min: 64 } },
    },
  },
  {
    prompt: "Fine-tune llama on 4x A100 (80GB) with deepspeed and 2TB of scratch",
    expected: {
      gpu: { need: "required", models: ["a100"], vendor: "nvidia", vramGb: 80, total: { min: 4, max: 4 } },
      storage: [{ kind: "scratch", minFreeGb: 2048 }],
      software: [{ name: "deepspeed" }],
    },
  },
  {
    prompt: "We need 2 to 4 nodes, each with 128 cores",
    expected: { compute: { coresPerNode: { min: 128 }, nodes: { min: 2, max: 4 } } },
  },
  {
    prompt: "Minimum 8 cores, maximum 16 cores, 64 GB memory",
    expected: { compute: { cores: { min: 8, max: 16 } }, memory: { totalGb: 64 } },
  },
  { prompt: "no more than 8 nodes, at least 2 nodes", expected: { compute: { nodes: { max: 8, min: 2 } } } },
  {
    prompt: "I need the job done by Friday 5pm",
    expected: { time: { deadlineAt: "2026-11-20T17:00:00.000Z" } },
  },
  { prompt: "The deadline is 2026-11-22", expected: { time: { deadlineAt: "2026-11-23T00:00:00.000Z" } } },
  {
    prompt: "Must finish before noon tomorrow",
    expected: { time: { deadlineAt: "2026-11-21T12:00:00.000Z" } },
  },
  { prompt: "results needed in 45 minutes", expected: { time: { finishWithinSec: 2700 } } },
  {
    prompt: "start after 20:00 and finish within 4 hours",
    expected: { time: { finishWithinSec: 14400, notBeforeAt: "2026-11-20T20:00:00.000Z" } },
  },
  { prompt: "Wait at most 15 minutes in the queue", expected: { time: { startWithinSec: 900 } } },
  {
    prompt: "low priority, can wait, cheapest site please",
    expected: { time: { urgency: "relaxed" }, objectives: [{ metric: "cost", goal: "min", weight: 1 }] },
  },
  {
    prompt: "maximise throughput on 32 GPUs",
    expected: {
      gpu: { need: "required", total: { min: 32, max: 32 } },
      objectives: [{ metric: "performance", goal: "max", weight: 1 }],
    },
  },
  {
    prompt: "Fastest turnaround for amber on an RTX 4090",
    expected: {
      gpu: { need: "required", models: ["rtx-4090"], vendor: "nvidia", total: { min: 1, max: 1 } },
      objectives: [{ metric: "time_to_completion", goal: "min", weight: 1 }],
    },
  },
  {
    prompt: "Run blast on 24 cores with 4 GB per core on x86_64 Linux",
    expected: {
      compute: { cores: { min: 24, max: 24 } },
      memory: { perCoreGb: 4 },
      platform: { arch: "x86_64", os: "linux" },
      software: [{ name: "blast" }],
    },
  },
  {
    prompt: "arm nodes only, graviton3, 16 vCPUs",
    expected: { compute: { cores: { min: 16, max: 16 } }, platform: { arch: "aarch64" } },
  },
  {
    prompt: "jax with cuda 12.4 on any nvidia gpu with at least 24GB",
    expected: {
      gpu: { need: "required", vendor: "nvidia", vramGb: 24, runtime: "cuda" },
      software: [{ name: "jax" }, { name: "cuda", op: "~", version: "12.4" }],
    },
  },
  {
    prompt: "conda environment with numpy 2.0 and scipy",
    expected: { software: [{ name: "numpy", op: "~", version: "2.0" }, { name: "scipy" }] },
  },
  {
    prompt: "install via pip: mpi4py 4.0",
    expected: { software: [{ name: "mpi4py", op: "~", version: "4.0", via: "pip" }] },
  },
  {
    prompt: "run lammps through spack with kokkos",
    expected: { software: [{ name: "lammps", via: "spack", with: ["kokkos"] }] },
  },
  {
    prompt: "module load gromacs/2023.3",
    expected: { software: [{ name: "gromacs", op: "~", version: "2023.3" }] },
  },
  {
    prompt: "The job reads /gpfs/projects/bio and needs 5 TB free",
    expected: { storage: [{ path: "/gpfs/projects/bio" }, { minFreeGb: 5120 }] },
  },
  {
    prompt: "store on S3, 100 GB of object storage",
    expected: { storage: [{ kind: "s3", minFreeGb: 100 }] },
  },
  { prompt: "Needs RDMA and 400 Gb/s", expected: { network: { minGbps: 400, rdma: true } } },
  {
    prompt: "NDR infiniband preferred, 4 nodes",
    expected: {
      network: { fabrics: ["infiniband"], minGbps: 400, importance: "preferred" },
      compute: { nodes: { min: 4, max: 4 } },
    },
  },
  {
    prompt: "storage does not matter, network is not important",
    expected: { storage: [{ importance: "ignore" }], network: { importance: "ignore" } },
  },
  { prompt: "not on frontier", expected: { placement: { exclude: ["frontier"] } } },
  { prompt: "only on perlmutter please", expected: { placement: { only: ["perlmutter"] } } },
  { prompt: "anywhere except frontier", expected: { placement: { exclude: ["frontier"] } } },
  {
    prompt: "GPU optional, 16 cores",
    expected: { gpu: { need: "optional" }, compute: { cores: { min: 16, max: 16 } } },
  },
  { prompt: "optionally with 2 GPUs", expected: { gpu: { need: "optional", total: { min: 2, max: 2 } } } },
  {
    prompt: "Does any cluster support intel mpi 2021.10?",
    expected: { intent: "check", mpi: { required: true, impl: "intel-mpi", op: "~", version: "2021.10" } },
  },
  {
    prompt: "mvapich2 or openmpi on 4 nodes",
    expected: {
      compute: { nodes: { min: 4, max: 4 } },
      mpi: { required: true, impl: "mvapich2" },
      unresolved: ["or openmpi on"],
    },
  },
  {
    prompt: "500 independent single-core tasks of 10 minutes each",
    expected: { time: { walltimeSec: 600 }, array: { count: 500 }, compute: { cores: { min: 1, max: 1 } } },
  },
  {
    prompt: "job array of 1000, 1 GPU each, 30 minutes each",
    expected: {
      time: { walltimeSec: 1800 },
      gpu: { need: "required", total: { min: 1, max: 1 } },
      array: { count: 1000 },
    },
  },
  {
    prompt: 'Run "echo hi; rm -rf /" on one node',
    expected: { compute: { nodes: { min: 1, max: 1 } }, unresolved: ['Run "echo hi', 'rm -rf /" on'] },
  },
  { prompt: "run `ls | wc -l` on a node", expected: { unresolved: ["run `ls | wc -l` on a node"] } },
  {
    prompt: "`sleep 60` on 3 nodes",
    expected: { execution: { command: "sleep 60" }, compute: { nodes: { min: 3, max: 3 } } },
  },
  {
    prompt: "please execute echo hello world on 2 nodes",
    expected: { execution: { command: "echo hello world" }, compute: { nodes: { min: 2, max: 2 } } },
  },
  {
    prompt: "run stream on one core",
    expected: { compute: { cores: { min: 1, max: 1 } }, software: [{ name: "stream" }] },
  },
  {
    prompt: "run ./bench.sh on 4 nodes using slurm",
    expected: {
      execution: { command: "./bench.sh" },
      compute: { nodes: { min: 4, max: 4 } },
      scheduler: { managers: ["slurm"] },
    },
  },
  {
    prompt: "Run my_solver on 12 nodes",
    expected: { compute: { nodes: { min: 12, max: 12 } }, software: [{ name: "my_solver" }] },
  },
  {
    prompt: "launch foobar >= 3.2 on 2 nodes",
    expected: {
      compute: { nodes: { min: 2, max: 2 } },
      software: [{ name: "foobar", op: ">=", version: "3.2" }],
    },
  },
  {
    prompt: "Exclusive access to 2 nodes, 56 tasks per node",
    expected: { compute: { exclusive: true, tasksPerNode: { min: 56, max: 56 }, nodes: { min: 2, max: 2 } } },
  },
  {
    prompt: "32 MPI processes on 2 nodes, 16 per node",
    expected: {
      compute: { tasksPerNode: { min: 16, max: 16 }, nodes: { min: 2, max: 2 }, tasks: { min: 32, max: 32 } },
    },
  },
  {
    prompt: "64 tasks with 2 cpus per task",
    expected: { compute: { coresPerTask: 2, tasks: { min: 64, max: 64 } } },
  },
  {
    prompt: "hybrid job: 8 ranks x 16 threads",
    expected: { compute: { coresPerTask: 16, tasks: { min: 8, max: 8 } } },
  },
  {
    prompt: "nodes: 4, gpus: 2, time: 1h",
    expected: {
      time: { walltimeSec: 3600 },
      gpu: { need: "required", total: { min: 2, max: 2 } },
      compute: { nodes: { min: 4, max: 4 } },
    },
  },
  {
    prompt: "cores=64 mem=128G time=04:00:00",
    expected: {
      time: { walltimeSec: 14400 },
      compute: { cores: { min: 64, max: 64 } },
      memory: { totalGb: 128 },
    },
  },
  {
    prompt: "4N 1h lammps",
    expected: { time: { walltimeSec: 3600 }, software: [{ name: "lammps" }], unresolved: ["4N"] },
  },
  {
    prompt: "At a cost of no more than 2 euros per hour",
    expected: { budget: { amount: 2, unit: "EUR", per: "hour" } },
  },
  {
    prompt: "£30 budget, 3 hours, one GPU",
    expected: {
      budget: { amount: 30, unit: "GBP", per: "job" },
      time: { walltimeSec: 10800 },
      gpu: { need: "required", total: { min: 1, max: 1 } },
    },
  },
  {
    prompt: "max 80 cents per node hour",
    expected: { budget: { amount: 0.8, unit: "USD", per: "node-hour" } },
  },
  {
    prompt: "budget is 1000 dollars in total",
    expected: { budget: { amount: 1000, unit: "USD", per: "job" } },
  },
  { prompt: "I can pay 5 USD/h", expected: { budget: { amount: 5, unit: "USD", per: "hour" } } },
  { prompt: "unlimited money, 2 nodes", expected: { compute: { nodes: { min: 2, max: 2 } } } },
  { prompt: "We have 3k GPU hours", expected: { budget: { amount: 3000, unit: "gpu-hours", per: "job" } } },
  { prompt: "I need about 100 cores", expected: { compute: { cores: { min: 100, max: 100 } } } },
  { prompt: "over 100 GB of RAM", expected: { memory: { totalGb: 100 } } },
  { prompt: "fewer than 8 nodes", expected: { compute: { nodes: { max: 7 } } } },
  { prompt: "more than 4 nodes", expected: { compute: { nodes: { min: 5 } } } },
  {
    prompt: "a couple of nodes for a couple of hours",
    expected: { time: { walltimeSec: 7200 }, compute: { nodes: { min: 2, max: 2 } } },
  },
  {
    prompt: "single-node job with 2 GPUs",
    expected: {
      gpu: { need: "required", total: { min: 2, max: 2 } },
      compute: { nodes: { min: 1, max: 1 } },
    },
  },
  { prompt: "Run it across multiple nodes", expected: { compute: { span: "multi-node" } } },
  {
    prompt: "shared memory job, 128 threads",
    expected: { compute: { span: "single-node", coresPerTask: 128 } },
  },
  {
    prompt: "big memory node with 6 TB",
    expected: { memory: { perNodeGb: 6144 }, unresolved: ["big memory node with"] },
  },
  {
    prompt: "Run a 1000x1000x500 grid with wrf",
    expected: { execution: { params: { x: 1000, y: 1000, z: 500 } }, software: [{ name: "wrf" }] },
  },
  {
    prompt: "Analyze 200 GB of data with spark 3.5",
    expected: {
      software: [{ name: "spark", op: "~", version: "3.5" }],
      unresolved: ["Analyze 200 GB of data with"],
    },
  },
  {
    prompt: "Transfer 5 TB then run gatk",
    expected: { software: [{ name: "gatk" }], unresolved: ["Transfer 5 TB then run"] },
  },
];
