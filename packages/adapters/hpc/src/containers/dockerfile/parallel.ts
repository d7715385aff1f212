import type { Check, Finding } from "./finding.ts";
import { type DockerfileModel, type Stage, type Step, findStage, lineage } from "./read-dockerfile.ts";

/** Bases that do not fit what is built on them: CUDA, ROCm, MPI, and stages of different systems. */
export const checkParallel: Check = (file) => [
  ...file.stages.flatMap((stage) => [...checkGpu(stage), ...checkMpi(stage)]),
  ...file.stages.flatMap((stage) => checkCopies(file, stage)),
];

const compilesCuda =
  /\bnvcc\b|GPU_API=cuda|(?:ENABLE|USE|WITH|GMX_GPU)\w*[_=]?CUDA(?:=ON|=1|=yes|\b)|-DCUDA_ARCH|Kokkos_ENABLE_CUDA=(?:ON|yes)/i;
const compilesRocm = /\bhipcc\b|GPU_API=hip|Kokkos_ENABLE_HIP=(?:ON|yes)|GMX_GPU=HIP/i;
const bringsCuda = /\bcuda-(?:toolkit|nvcc|compiler)|nvidia-cuda-toolkit|nvhpc/i;
const bringsRocm = /\brocm-(?:dev|hip)|\bhip-dev\b|hipcc(?=\s|$)/i;

function commands(stage: Stage): readonly Step[] {
  return lineage(stage)
    .flatMap(({ steps }) => steps)
    .filter(({ keyword }) => keyword === "RUN" || keyword === "ENV");
}

function own(stage: Stage, pattern: RegExp): Step | undefined {
  return stage.steps.find(({ keyword, text }) => keyword === "RUN" && pattern.test(text));
}

function checkGpu(stage: Stage): Finding[] {
  const { root } = stage;
  const installed = (pattern: RegExp): boolean =>
    commands(stage).some(({ text }) => installs.test(text) && pattern.test(text));
  const cuda = own(stage, compilesCuda);
  const rocm = own(stage, compilesRocm);
  const found: Finding[] = [];
  if (cuda !== undefined && !installed(bringsCuda) && !root.includes("$")) {
    const message = /-(?:base|runtime|cudnn\d*-runtime)\b/.test(root)
      ? `${root} has CUDA's libraries and no compiler: build on its -devel variant.`
      : `CUDA code is compiled on ${root}, which has no CUDA: build on nvidia/cuda:VERSION-devel-...`;
    if (!/cuda.*-devel|nvhpc|\/pytorch|nvcr\.io\/nvidia\//i.test(root))
      found.push({ line: cuda.line, level: "error", rule: "cuda-base", message });
  }
  if (rocm !== undefined && !installed(bringsRocm) && !/rocm|hip/i.test(root) && !root.includes("$")) {
    const message = `HIP code is compiled on ${root}, which has no ROCm: build on rocm/dev-ubuntu-...`;
    found.push({ line: rocm.line, level: "error", rule: "rocm-base", message });
  }
  return found;
}

const installs = /\b(?:install|add|make|configure|spack|conda|mamba)\b/;
const families = {
  "Open MPI": /\b(?:lib)?openmpi(?:-bin|-dev|-devel|\d+|\b)|\bompi\b|hpcx/i,
  MPICH: /\b(?:lib)?mpich(?:-dev|-devel|\d+|\b)|\bmvapich2?|\bintel-oneapi-mpi/i,
} as const;
type Family = keyof typeof families;
const names: readonly Family[] = ["Open MPI", "MPICH"];
const usesMpi =
  /\bmpi(?:cc|cxx|c\+\+|exec|f90|fort|run|icc)\b|(?:BUILD|USE|ENABLE|WITH|GMX)_MPI=(?:ON|yes|1|TRUE)/i;

/** The MPI libraries a stage has, by what its base is called and what it installs. */
function mpiOf(stage: Stage): ReadonlySet<Family> {
  const texts = commands(stage)
    .map(({ text }) => text)
    .filter((text) => installs.test(text));
  return new Set(names.filter((name) => [stage.root, ...texts].some((text) => families[name].test(text))));
}

function checkMpi(stage: Stage): Finding[] {
  const found = mpiOf(stage);
  const use = own(stage, usesMpi);
  const { line } = use ?? stage;
  if (found.size > 1 && own(stage, families.MPICH) !== undefined) {
    const message =
      "Open MPI and MPICH stand side by side here: what is compiled against one fails with the other.";
    return [{ line, level: "warning", rule: "mpi-mixed", message }];
  }
  if (use === undefined || found.size > 0 || /mpi|hpc|\$/i.test(stage.root)) return [];
  const message = `MPI is used on ${stage.root} and installed nowhere above: install libopenmpi-dev and openmpi-bin, or MPICH.`;
  return [{ line, level: "error", rule: "mpi-missing", message }];
}

function checkCopies(file: DockerfileModel, stage: Stage): Finding[] {
  return stage.steps.flatMap((step) => {
    const [name] = step.keyword === "COPY" ? (step.flags.get("from") ?? []) : [];
    const source = name === undefined ? undefined : findStage(file.stages, name);
    if (source === undefined || source.index >= stage.index || stage.root === "scratch") return [];
    return [...compareMpi(source, stage), ...compareBases(source, stage)].map((finding) => ({
      ...finding,
      line: step.line,
    }));
  });
}

type Mismatch = Omit<Finding, "line">;

function compareMpi(from: Stage, to: Stage): Mismatch[] {
  if (own(from, usesMpi) === undefined) return [];
  const [built] = mpiOf(from);
  if (built === undefined || mpiOf(to).has(built)) return [];
  const [has] = mpiOf(to);
  const there = has === undefined ? "which has no MPI" : `which has ${has}`;
  const message = `What was built with ${built} is copied onto ${to.root}, ${there}: install the same MPI there.`;
  return [{ level: "warning", rule: "mpi-runtime", message }];
}

function compareBases(from: Stage, to: Stage): Mismatch[] {
  const [cudaFrom, cudaTo] = [cudaVersion(from.root), cudaVersion(to.root)];
  if (cudaFrom !== undefined && cudaFrom !== cudaTo) {
    const there = cudaTo === undefined ? "no CUDA" : `CUDA ${cudaTo}`;
    const message = `What was built with CUDA ${cudaFrom} is copied onto ${to.root} with ${there}: use the -runtime image of the same version.`;
    return [{ level: "warning", rule: "cuda-mismatch", message }];
  }
  const [systemFrom, systemTo] = [systemOf(from.root), systemOf(to.root)];
  if (systemFrom === undefined || systemTo === undefined || systemFrom === systemTo) return [];
  const message = `What was built on ${systemFrom} is copied onto ${systemTo}, whose C library may be older or another one.`;
  return [{ level: "warning", rule: "system-mismatch", message }];
}

function cudaVersion(image: string): string | undefined {
  return /cuda[:/-]v?(\d+\.\d+)/.exec(image)?.[1];
}

const codenames: Readonly<Record<string, string>> = {
  focal: "ubuntu20.04",
  jammy: "ubuntu22.04",
  noble: "ubuntu24.04",
  bullseye: "debian11",
  bookworm: "debian12",
  trixie: "debian13",
};

function systemOf(image: string): string | undefined {
  const code = Object.entries(codenames).find(([name]) => image.includes(name))?.[1];
  if (code !== undefined) return code;
  const [, system, version] =
    /(ubuntu|debian|rockylinux|almalinux|centos|ubi|alpine)[:_-]?(\d+(?:\.\d+)?)/.exec(image) ?? [];
  if (system !== undefined) return `${system}${version ?? ""}`;
  return /alpine/.test(image) ? "alpine" : undefined;
}
