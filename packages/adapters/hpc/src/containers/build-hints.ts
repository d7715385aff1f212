/** What is worth knowing before one builds an application, by its name. Facts of their build systems, not of versions. */
const hints: readonly (readonly [RegExp, readonly string[]])[] = [
  [
    /\blammps\b/i,
    [
      "LAMMPS: cmake -S cmake -B build -C cmake/presets/most.cmake -D BUILD_MPI=on; the binary is lmp.",
      "LAMMPS on GPUs: -D PKG_KOKKOS=on -D Kokkos_ENABLE_CUDA=yes with the architecture, such as Kokkos_ARCH_AMPERE80=yes, or -D PKG_GPU=on -D GPU_API=cuda.",
    ],
  ],
  [
    /\bgromacs\b|\bgmx\b/i,
    [
      "GROMACS: cmake -DGMX_MPI=ON -DGMX_BUILD_OWN_FFTW=ON needs a checked download of FFTW; the binary is gmx_mpi, and GMXRC sets its paths.",
      "GROMACS: name -DGMX_SIMD for the cluster's processor; the build machine's is taken otherwise. On GPUs -DGMX_GPU=CUDA.",
    ],
  ],
  [
    /\bosu\b|micro-?benchmarks?/i,
    ["OSU benchmarks: ./configure CC=mpicc CXX=mpicxx; with GPUs --enable-cuda --with-cuda=/usr/local/cuda."],
  ],
  [/\bamg(?:2023)?\b/i, ["AMG2023 builds on hypre: build hypre first, with the same MPI and GPU options."]],
  [
    /\bkripke\b/i,
    ["Kripke: clone with --recurse-submodules, cmake -DENABLE_MPI=ON; the binary is kripke.exe."],
  ],
  [/\bminife\b/i, ["miniFE: make in ref/src for MPI, cuda/src for CUDA; the binary is miniFE.x."]],
  [
    /\bnekrs\b/i,
    ["nekRS compiles kernels when it runs: keep the compilers in the image, and set NEKRS_HOME."],
  ],
  [
    /\bopenfoam\b/i,
    [
      "OpenFOAM: source its etc/bashrc through BASH_ENV or wrap the solvers; the environment is not set otherwise.",
    ],
  ],
  [
    /\bpytorch\b|\btorch\b/i,
    [
      "PyTorch: install the wheel of the CUDA version of the base; the wheel brings NCCL, MPI support needs a build.",
    ],
  ],
  [
    /\bspack\b/i,
    [
      "Spack: pin its commit, spack env activate with a spack.yaml that names targets, and remove build caches with spack gc and spack clean -a.",
    ],
  ],
];

/** Hints on building an application; none for one nobody has written about here. */
export function buildHints(application: string): readonly string[] {
  return hints.flatMap(([name, said]) => (name.test(application) ? said : []));
}
