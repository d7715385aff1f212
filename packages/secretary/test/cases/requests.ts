import type { Case } from "./case.ts";

/** A second set of requests, over every part of the format. */
export const requests: readonly Case[] = [
  {
    prompt: "I need to run a LAMMPS simulation using 4 nodes with a budget of $100",
    expected: {
      budget: { amount: 100, unit: "USD", per: "job" },
      compute: { nodes: { min: 4, max: 4 } },
      software: [{ name: "lammps" }],
    },
  },
  {
    prompt: "We'd like 32 cores and 128 gigabytes of memory for 45 minutes",
    expected: {
      time: { walltimeSec: 2700 },
      compute: { cores: { min: 32, max: 32 } },
      memory: { totalGb: 128 },
    },
  },
  {
    prompt: "Submit a GROMACS job with 2 GPUs for 24 hours on the gpu partition",
    expected: {
      scheduler: { queue: "gpu" },
      time: { walltimeSec: 86400 },
      gpu: { need: "required", total: { min: 2, max: 2 } },
      software: [{ name: "gromacs" }],
    },
  },
  {
    prompt: "Could you check whether you can host vllm with 4 H100s (80GB)?",
    expected: {
      intent: "check",
      gpu: { need: "required", models: ["h100"], vendor: "nvidia", vramGb: 80, total: { min: 4, max: 4 } },
      software: [{ name: "vllm" }],
    },
  },
  {
    prompt: "Do you have MI300X GPUs available?",
    expected: { intent: "check", gpu: { need: "required", models: ["mi300x"], vendor: "amd" } },
  },
  { prompt: "How many nodes are free?", expected: { intent: "check" } },
  {
    prompt: "Run bwa-mem2 on 16 threads with 64GB of memory",
    expected: { compute: { coresPerTask: 16 }, memory: { totalGb: 64 }, software: [{ name: "bwa" }] },
  },
  {
    prompt: "Deploy a triton inference server on Kubernetes with 2 L40S",
    expected: {
      gpu: { need: "required", models: ["l40s"], vendor: "nvidia", total: { min: 2, max: 2 } },
      scheduler: { managers: ["kubernetes"] },
      software: [{ name: "triton" }],
    },
  },
  {
    prompt: "I want 10 nodes, InfiniBand, no GPUs, finishing before 17:30",
    expected: {
      time: { deadlineAt: "2026-11-20T17:30:00.000Z" },
      gpu: { need: "none" },
      network: { fabrics: ["infiniband"] },
      compute: { nodes: { min: 10, max: 10 } },
    },
  },
  { prompt: "Use at least 4 but no more than 8 nodes", expected: { compute: { nodes: { min: 4, max: 8 } } } },
  { prompt: "Anywhere between 100 and 200 cores", expected: { compute: { cores: { min: 100, max: 200 } } } },
  {
    prompt: "train resnet with pytorch lightning on 2x8 A100",
    expected: {
      gpu: { need: "required", models: ["a100"], vendor: "nvidia" },
      software: [{ name: "pytorch-lightning" }],
      unresolved: ["on 2x8"],
    },
  },
  {
    prompt: "pytorch-lightning on 1 GPU",
    expected: {
      gpu: { need: "required", total: { min: 1, max: 1 } },
      software: [{ name: "pytorch-lightning" }],
    },
  },
  {
    prompt: "run nwchem 7.2.x on sixty-four cores",
    expected: {
      compute: { cores: { min: 64, max: 64 } },
      software: [{ name: "nwchem", op: "~", version: "7.2" }],
    },
  },
  {
    prompt: "one hundred and twenty-eight MPI ranks",
    expected: { compute: { tasks: { min: 128, max: 128 } } },
  },
  {
    prompt: "two hundred cores for one and a half days",
    expected: { time: { walltimeSec: 129600 }, compute: { cores: { min: 200, max: 200 } } },
  },
  {
    prompt: "give me 1 TB of RAM and 64 cores on a single machine",
    expected: {
      compute: { nodes: { min: 1, max: 1 }, cores: { min: 64, max: 64 } },
      memory: { totalGb: 1024 },
    },
  },
  {
    prompt: "we need 200GB RAM/node and 2 nodes",
    expected: { compute: { nodes: { min: 2, max: 2 } }, memory: { perNodeGb: 200 } },
  },
  {
    prompt: "3 hrs max, 2 nodes, <= $20",
    expected: {
      budget: { amount: 20, unit: "USD", per: "job" },
      time: { walltimeSec: 10800 },
      compute: { nodes: { min: 2, max: 2 } },
    },
  },
  {
    prompt: "Total budget: 300 EUR, 6 nodes, 5 hours",
    expected: {
      budget: { amount: 300, unit: "EUR", per: "job" },
      time: { walltimeSec: 18000 },
      compute: { nodes: { min: 6, max: 6 } },
    },
  },
  { prompt: "spend less than £75.50", expected: { budget: { amount: 75.5, unit: "GBP", per: "job" } } },
  { prompt: "cost cap of 40 USD", expected: { budget: { amount: 40, unit: "USD", per: "job" } } },
  { prompt: "maximum price $0.50 per hour", expected: { budget: { amount: 0.5, unit: "USD", per: "hour" } } },
  {
    prompt: "Minimise the time to solution for quantum espresso 7.3 on 4 nodes",
    expected: {
      compute: { nodes: { min: 4, max: 4 } },
      objectives: [{ metric: "time_to_completion", goal: "min", weight: 1 }],
      software: [{ name: "quantum-espresso", op: "~", version: "7.3" }],
    },
  },
  {
    prompt: "I want the best performance for hpcg on 16 nodes",
    expected: {
      compute: { nodes: { min: 16, max: 16 } },
      objectives: [{ metric: "performance", goal: "max", weight: 1 }],
      software: [{ name: "hpcg" }],
    },
  },
  {
    prompt: "lowest cost, GPU with 48GB",
    expected: {
      gpu: { need: "required", vramGb: 48 },
      objectives: [{ metric: "cost", goal: "min", weight: 1 }],
    },
  },
  {
    prompt: "Use singularity image /images/gromacs_2023.sif on 2 nodes",
    expected: {
      container: { image: "/images/gromacs_2023.sif", runtimes: ["singularity"] },
      compute: { nodes: { min: 2, max: 2 } },
    },
  },
  {
    prompt: "use podman with docker.io/library/python:3.12-slim",
    expected: { container: { image: "docker.io/library/python:3.12-slim", runtimes: ["podman"] } },
  },
  {
    prompt: "start no later than 14:00 and run 2 hours",
    expected: { time: { startWithinSec: 14400, walltimeSec: 7200 } },
  },
  {
    prompt: "must be completed by Monday morning",
    expected: { time: { deadlineAt: "2026-11-23T09:00:00.000Z" } },
  },
  { prompt: "I have until 8pm tonight", expected: { time: { deadlineAt: "2026-11-20T20:00:00.000Z" } } },
  {
    prompt: "It takes 10 minutes on 1 node",
    expected: { time: { walltimeSec: 600 }, compute: { nodes: { min: 1, max: 1 } } },
  },
  {
    prompt: "run for a week on 2 nodes",
    expected: { time: { walltimeSec: 604800 }, compute: { nodes: { min: 2, max: 2 } } },
  },
  {
    prompt: "job runs overnight on 4 nodes with 8 tasks per node",
    expected: {
      time: { urgency: "relaxed" },
      compute: { tasksPerNode: { min: 8, max: 8 }, nodes: { min: 4, max: 4 } },
    },
  },
  {
    prompt: "Execute `mpirun -np 4 ./hello` on 2 nodes",
    expected: {
      mpi: { required: true },
      compute: { tasks: { min: 4, max: 4 }, nodes: { min: 2, max: 2 } },
      execution: { command: "./hello" },
    },
  },
  { prompt: "Please run: ./my_app --size 100", expected: { execution: { command: "./my_app --size 100" } } },
  {
    prompt: "salloc -N 1 -t 10 --gpus=1",
    expected: {
      scheduler: { managers: ["slurm"] },
      compute: { nodes: { min: 1, max: 1 } },
      time: { walltimeSec: 600 },
      gpu: { need: "required", total: { min: 1, max: 1 } },
    },
  },
  {
    prompt: "srun --mem-per-cpu=2G -c 4 python train.py",
    expected: {
      scheduler: { managers: ["slurm"] },
      memory: { perCoreGb: 2 },
      compute: { coresPerTask: 4 },
      execution: { command: "python train.py" },
    },
  },
  {
    prompt: "run lmp -in in.lj -sf gpu on 2 nodes with 1 GPU each",
    expected: {
      execution: { command: "lmp -in in.lj -sf gpu" },
      software: [{ name: "lammps" }],
      gpu: { need: "required", perNode: { min: 1, max: 1 } },
      compute: { nodes: { min: 2, max: 2 } },
    },
  },
  { prompt: "Run 'date' everywhere", expected: { execution: { command: "date" } } },
  {
    prompt: "I need a Windows machine with matlab R2023b",
    expected: { platform: { os: "windows" }, software: [{ name: "matlab", op: "~", version: "R2023b" }] },
  },
  {
    prompt: "Ubuntu 22.04 nodes with gcc 12.3 and cmake",
    expected: {
      platform: { os: "ubuntu 22.04" },
      software: [{ name: "gcc", op: "~", version: "12.3" }, { name: "cmake" }],
    },
  },
  {
    prompt: "needs julia 1.10, 8 threads",
    expected: { compute: { coresPerTask: 8 }, software: [{ name: "julia", op: "~", version: "1.10" }] },
  },
  {
    prompt: "anything with rocm 5.7 or newer and 4 MI210",
    expected: {
      gpu: { need: "required", models: ["mi210"], vendor: "amd", total: { min: 4, max: 4 }, runtime: "rocm" },
      software: [{ name: "rocm", op: ">=", version: "5.7" }],
    },
  },
  { prompt: "SGE or PBS only", expected: { scheduler: { managers: ["sge", "pbs"] } } },
  {
    prompt: "nodes with 512GB RAM and 2 A40 each, 3 of these",
    expected: {
      gpu: { need: "required", models: ["a40"], vendor: "nvidia", perNode: { min: 2, max: 2 } },
      memory: { perNodeGb: 512 },
      unresolved: ["3 of these"],
    },
  },
  {
    prompt: "Run at 3am tomorrow for 2 hours",
    expected: { time: { notBeforeAt: "2026-11-21T03:00:00.000Z", walltimeSec: 7200 } },
  },
  { prompt: "50 node hours maximum", expected: { budget: { amount: 50, unit: "node-hours", per: "job" } } },
  {
    prompt: "4 nodes x 8 GPUs",
    expected: {
      gpu: { need: "required", perNode: { min: 8, max: 8 } },
      compute: { nodes: { min: 4, max: 4 } },
    },
  },
  {
    prompt: "8 GPUs across 2 nodes",
    expected: {
      gpu: { need: "required", total: { min: 8, max: 8 } },
      compute: { nodes: { min: 2, max: 2 } },
    },
  },
  {
    prompt: "2 nodes each with 4 V100 32GB GPUs and 384 GB RAM",
    expected: {
      gpu: { need: "required", models: ["v100"], vendor: "nvidia", vramGb: 32, perNode: { min: 4, max: 4 } },
      compute: { nodes: { min: 2, max: 2 } },
      memory: { perNodeGb: 384 },
    },
  },
  {
    prompt: "low latency network and fast storage please",
    expected: { network: { importance: "preferred" }, unresolved: ["and fast storage please"] },
  },
  { prompt: "100 Gb Ethernet is enough", expected: { network: { minGbps: 100, fabrics: ["ethernet"] } } },
  { prompt: "10 Gbit/s or more", expected: { network: { minGbps: 10 } } },
  {
    prompt: "I need openfoam but version 10 not 11",
    expected: { software: [{ name: "openfoam" }], unresolved: ["but version 10 not 11"] },
  },
  { prompt: "Don't use spot instances", expected: { unresolved: ["Don't use spot instances"] } },
  {
    prompt: "with hyperthreading off, 64 cores",
    expected: { compute: { cores: { min: 64, max: 64 } }, unresolved: ["with hyperthreading off"] },
  },
  {
    prompt: "use account=abc123 and qos=high",
    expected: { scheduler: { account: "abc123" }, unresolved: ["and qos=high"] },
  },
  {
    prompt: "LAMMPS on 3 nodes, done in 3 hours, at most $200",
    expected: {
      budget: { amount: 200, unit: "USD", per: "job" },
      time: { finishWithinSec: 10800 },
      compute: { nodes: { min: 3, max: 3 } },
      software: [{ name: "lammps" }],
    },
  },
  { prompt: "I need GPUs, 24GB each", expected: { gpu: { need: "required", vramGb: 24 } } },
  { prompt: "2 GPU nodes", expected: { compute: { nodes: { min: 2, max: 2 } }, gpu: { need: "required" } } },
  {
    prompt: "this job requires good network, completed in 2 hours, under $50, storage does not matter",
    expected: {
      budget: { amount: 50, unit: "USD", per: "job" },
      time: { finishWithinSec: 7200 },
      storage: [{ importance: "ignore" }],
      network: { importance: "preferred" },
    },
  },
];
