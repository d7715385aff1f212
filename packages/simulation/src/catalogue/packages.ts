/** Where a package may be found. */
export type SoftwareSource = "spack" | "modules" | "conda" | "pip";

/** A package as the world publishes it. */
export interface CataloguePackage {
  readonly name: string;
  readonly versions: readonly string[];
  /** Variants it can be built with. */
  readonly variants: readonly string[];
  readonly sources: readonly SoftwareSource[];
  /** Class of module trees: `Apps`, `Libraries` ... */
  readonly group: string;
  /** How many times likelier than others it is to be installed. */
  readonly weight: number;
}

const spellings: Readonly<Record<string, Partial<Record<SoftwareSource, string>>>> = {
  pytorch: { spack: "py-torch", pip: "torch" },
  tensorflow: { spack: "py-tensorflow" },
  jax: { spack: "py-jax" },
  numpy: { spack: "py-numpy" },
  scipy: { spack: "py-scipy" },
  pandas: { spack: "py-pandas" },
  mpi4py: { spack: "py-mpi4py" },
  h5py: { spack: "py-h5py" },
  dask: { spack: "py-dask" },
  "scikit-learn": { spack: "py-scikit-learn" },
  cuda: { conda: "cuda-toolkit" },
  r: { modules: "R", conda: "r-base" },
};

/** The name a source gives a package. */
export function spelling(name: string, source: SoftwareSource): string {
  return spellings[name]?.[source] ?? name;
}

const codes: Readonly<Record<string, SoftwareSource>> = { s: "spack", m: "modules", c: "conda", p: "pip" };

/** Rows are `name versions variants sources [weight]`, lists with commas, `-` for none. */
const table: Readonly<Record<string, string>> = {
  Apps: `
    lammps 20220623,20230802.4,20240829.2,20250722 mpi,openmp,kokkos,cuda,rocm smc 4
    gromacs 2022.6,2023.5,2024.4,2025.2 mpi,openmp,cuda,plumed smc 4
    cp2k 2023.2,2024.3,2025.1 mpi,openmp,cuda,elpa smc 3
    quantum-espresso 7.1,7.2,7.3.1,7.4.1 mpi,openmp,cuda,hdf5 smc 3
    openfoam 2212,2306,2312,2406 mpi,metis smc 3
    wrf 4.3.3,4.4.2,4.5.1,4.6.1 mpi,openmp,netcdf sm 3
    namd 2.14,3.0,3.0.1 mpi,cuda sm 2
    nwchem 7.0.2,7.2.2,7.2.3 mpi,openmp smc
    amber 20,22,24 mpi,cuda sm 2
    vasp 6.3.2,6.4.2,6.4.3 mpi,openmp,cuda m 2
    abinit 9.10.5,10.0.9,10.2.7 mpi,openmp smc
    siesta 4.1.5,5.0.2,5.2.2 mpi smc
    dftbplus 23.1,24.1 mpi,openmp smc
    octopus 13.0,14.1,15.0 mpi,cuda sm
    yambo 5.1.2,5.2.4 mpi,openmp sm
    orca 5.0.4,6.0.1 mpi m
    gaussian 16-b.01,16-c.02 openmp m
    nekrs 23.0,24.0 mpi,cuda sm
    nek5000 19.0 mpi s
    su2 7.5.1,8.0.1,8.1.0 mpi smc
    code-saturne 8.0,8.1 mpi m
    elmerfem 9.0 mpi sm
    mfem 4.5.2,4.6.0,4.7.0 mpi,cuda,rocm sc
    dealii 9.4.2,9.5.2,9.6.2 mpi,petsc smc
    moose 2024.10 mpi,petsc mc
    fds 6.8.0,6.9.1 mpi,openmp sm
    cesm 2.1.5,2.2.2 mpi,netcdf m
    mpas-model 7.3,8.2.2 mpi s
    icon 2024.10,2025.04 mpi,cuda s
    enzo 2.6 mpi,hdf5 s
    gadget 4.0 mpi,hdf5 m
    flash 4.7,4.8 mpi,hdf5 m
    amrex 23.10,24.08,25.03 mpi,cuda,rocm s
    warpx 24.08,25.03 mpi,cuda,openmp sc
    relion 4.0.1,5.0.0 mpi,cuda sm
    blast-plus 2.13.0,2.14.1,2.16.0 - smc 2
    bwa 0.7.17,0.7.18 - smc
    bowtie2 2.5.2,2.5.4 - smc
    samtools 1.17,1.19.2,1.21 - smc 2
    bcftools 1.17,1.19,1.21 - smc
    bedtools2 2.31.0,2.31.1 - smc
    gatk 4.4.0.0,4.5.0.0,4.6.1.0 - smc
    star 2.7.10b,2.7.11a,2.7.11b openmp smc
    salmon 1.10.0,1.10.3 - smc
    spades 3.15.5,4.0.0 openmp smc
    fastqc 0.11.9,0.12.1 - smc
    kallisto 0.48.0,0.51.1 - smc
    iqtree2 2.2.2.7,2.3.6 mpi,openmp smc
    raxml-ng 1.2.0,1.2.2 mpi smc
    alphafold 2.3.1,2.3.2 cuda m
    openmm 8.0.0,8.1.2,8.2.0 cuda,opencl mc
    plumed 2.8.3,2.9.2 mpi smc
    autodock-vina 1.2.3,1.2.6 - smc
    paraview 5.11.2,5.12.1,5.13.2 mpi,egl smc 2
    visit 3.3.3,3.4.1 mpi sm
    vmd 1.9.3,1.9.4a57 cuda m
    ovito 3.10.6,3.11.2 - mc
    matlab R2023b,R2024a,R2024b - m 2
    ansys 2023R2,2024R1,2024R2 mpi m
    comsol 6.1,6.2,6.3 - m
    abaqus 2023,2024 mpi m
    starccm 2310,2406 mpi m
    lsdyna 13.1.1,14.1.0 mpi m
    cowsay 3.04 - sc
    amg2023 1.0,1.2 mpi,cuda s
    hpcg 3.1 mpi,openmp s
    hpl 2.3 mpi,openmp s
    osu-micro-benchmarks 7.3,7.4,7.5 mpi,cuda sm
    laghos 3.1 mpi,cuda s
    kripke 1.2.7 mpi,cuda s
    quicksilver 1.0 mpi,openmp s
    snakemake 7.32.4,8.25.5 - smc
    nextflow 23.10.1,24.04.4,24.10.4 - smc`,
  Compilers: `
    gcc 11.4.0,12.3.0,13.3.0,14.2.0 - smc 4
    llvm 16.0.6,17.0.6,18.1.8,19.1.7 - sm 2
    intel-oneapi-compilers 2023.2.4,2024.2.1,2025.1.0 - sm 3
    nvhpc 23.11,24.7,25.3 cuda sm 2
    aocc 4.1.0,4.2.0,5.0.0 - sm
    rust 1.75.0,1.81.0,1.85.0 - smc
    go 1.21.13,1.22.8,1.23.4 - smc
    julia 1.9.4,1.10.7,1.11.3 - sm 2
    openjdk 11.0.23,17.0.11,21.0.3 - smc`,
  MPI: `
    openmpi 4.1.5,4.1.8,5.0.5,5.0.8 cuda,ucx smc 4
    mpich 4.0.2,4.1.2,4.2.3,4.3.0 ofi,ucx smc 3
    mvapich 3.0,4.0 cuda sm
    intel-oneapi-mpi 2021.11.0,2021.13.1 - sm
    ucx 1.15.0,1.16.0,1.17.0,1.18.0 cuda,rdma sm 2
    libfabric 1.19.1,1.22.0,2.0.0 - sm
    nccl 2.18.5,2.20.3,2.23.4 cuda smc`,
  Libraries: `
    cuda 11.8.0,12.2.1,12.4.0,12.6.3 - smc 4
    cudnn 8.9.7,9.2.0,9.5.1 cuda smc
    rocm 5.7.1,6.1.2,6.2.4,6.3.3 - sm 4
    hdf5 1.12.2,1.14.3,1.14.5 mpi,fortran smc 4
    netcdf-c 4.9.0,4.9.2 mpi smc 3
    netcdf-fortran 4.6.0,4.6.1 - sm 2
    parallel-netcdf 1.12.3,1.14.0 mpi sm
    adios2 2.9.2,2.10.2 mpi,hdf5 smc
    fftw 3.3.9,3.3.10 mpi,openmp smc 3
    openblas 0.3.24,0.3.26,0.3.28 openmp smc 3
    intel-oneapi-mkl 2023.2.0,2024.2.2,2025.1.0 - sm 2
    netlib-scalapack 2.2.0,2.2.2 mpi smc
    petsc 3.19.6,3.20.6,3.21.6,3.22.3 mpi,cuda,hypre smc 2
    slepc 3.19.2,3.22.2 mpi smc
    trilinos 14.4.0,15.1.1,16.0.0 mpi,kokkos,cuda sm
    hypre 2.29.0,2.31.0,2.32.0 mpi,cuda smc
    superlu-dist 8.2.1,9.1.0 mpi smc
    mumps 5.5.1,5.7.3 mpi smc
    elpa 2023.05.001,2024.05.001 mpi,cuda sm
    kokkos 4.1.00,4.3.01,4.5.01 openmp,cuda,rocm smc 2
    raja 2023.06.1,2024.07.0 openmp,cuda s
    boost 1.82.0,1.84.0,1.86.0 mpi smc 2
    eigen 3.4.0 - smc
    gsl 2.7.1,2.8 - smc
    metis 5.1.0 - smc
    parmetis 4.0.3 mpi smc
    scotch 7.0.4,7.0.6 mpi smc
    libxc 6.2.2,7.0.0 - smc
    libint 2.6.0,2.9.0 - smc
    suite-sparse 7.3.1,7.8.3 - smc
    sundials 6.7.0,7.2.1 mpi,cuda smc
    cgal 5.6,6.0.1 - smc
    proj 9.2.1,9.4.1 - smc
    gdal 3.7.3,3.9.2,3.10.2 - smc
    zlib 1.2.13,1.3.1 - smc
    zstd 1.5.5,1.5.6 - smc`,
  "Math/AI": `
    python 3.9.19,3.10.14,3.11.9,3.12.7,3.13.1 - smc 5
    pytorch 2.1.2,2.3.1,2.5.1,2.7.0 cuda,rocm,distributed smcp 4
    tensorflow 2.13.1,2.15.1,2.17.1,2.19.0 cuda,rocm smcp 4
    jax 0.4.28,0.4.35,0.5.3 cuda smcp 2
    numpy 1.24.4,1.26.4,2.0.2,2.2.1 - smcp 4
    scipy 1.11.4,1.13.1,1.14.1,1.15.2 - smcp 4
    pandas 2.0.3,2.1.4,2.2.3 - smcp 3
    scikit-learn 1.3.2,1.4.2,1.5.2,1.6.1 - smcp 3
    mpi4py 3.1.6,4.0.1,4.0.3 mpi smcp 2
    h5py 3.10.0,3.11.0,3.12.1 mpi smcp 2
    dask 2024.1.1,2024.8.2,2025.3.0 - smcp 2
    ray 2.9.3,2.37.0,2.44.1 - cp
    matplotlib 3.7.5,3.8.4,3.9.2,3.10.1 - cp 3
    xarray 2024.1.1,2024.9.0,2025.3.0 - cp 2
    numba 0.58.1,0.60.0,0.61.0 cuda cp
    cupy 12.3.0,13.3.0 cuda cp
    transformers 4.38.2,4.46.3,4.51.0 - cp 2
    accelerate 0.28.0,1.1.1 - cp
    datasets 2.18.0,3.1.0 - cp
    vllm 0.5.5,0.6.6,0.8.2 cuda p
    deepspeed 0.14.4,0.15.4 cuda p
    lightning 2.2.5,2.4.0,2.5.1 - cp
    xgboost 1.7.6,2.0.3,2.1.4 cuda cp
    lightgbm 4.3.0,4.5.0 - cp
    keras 2.15.0,3.6.0 - cp
    onnxruntime 1.17.3,1.20.1 - cp
    opencv 4.8.1,4.10.0 - c
    spacy 3.7.5,3.8.4 - cp
    nltk 3.8.1,3.9.1 - cp
    sympy 1.12.1,1.13.3 - cp
    networkx 3.1,3.3,3.4.2 - cp
    statsmodels 0.14.1,0.14.4 - cp
    seaborn 0.12.2,0.13.2 - cp
    plotly 5.18.0,5.24.1 - cp
    polars 0.20.31,1.17.1 - cp
    pyarrow 14.0.2,17.0.0,19.0.1 - cp
    sqlalchemy 2.0.25,2.0.36 - cp
    requests 2.31.0,2.32.3 - cp
    pydantic 2.7.4,2.10.6 - cp
    fastapi 0.110.3,0.115.8 - cp
    jupyterlab 4.0.13,4.2.6,4.3.5 - cp 2
    ipython 8.18.1,8.29.0 - cp
    ase 3.22.1,3.23.0,3.24.0 - cp
    mdanalysis 2.6.1,2.7.0,2.8.0 - cp
    rdkit 2023.9.6,2024.3.6,2024.9.5 - cp
    pymatgen 2024.2.8,2024.11.13 - cp
    phonopy 2.21.0,2.30.1 - cp
    biopython 1.81,1.83,1.85 - cp
    scanpy 1.9.8,1.10.3 - cp
    astropy 5.3.4,6.1.7,7.0.1 - cp
    netcdf4 1.6.5,1.7.2 - cp
    r 4.2.3,4.3.3,4.4.2 - smc 3`,
  Tools: `
    cmake 3.26.5,3.27.9,3.30.5,3.31.6 - smcp 3
    git 2.41.0,2.43.5,2.47.1 - smc 2
    ninja 1.11.1,1.12.1 - smcp
    tmux 3.3a,3.4 - smc
    vim 9.0.2153,9.1.0437 - smc
    emacs 29.1,29.4 - smc
    gdb 13.2,14.2,15.2 - smc
    valgrind 3.21.0,3.23.0 mpi smc
    hpctoolkit 2023.08.1,2024.01.1 mpi,cuda sm
    tau 2.32.1,2.33.2 mpi,cuda sm
    scorep 8.3,8.4 mpi,cuda sm
    likwid 5.3.0,5.4.1 - sm
    darshan-runtime 3.4.4,3.4.6 mpi sm
    caliper 2.10.0,2.12.1 mpi,cuda s
    linaro-forge 23.1.1,24.0.6 mpi,cuda m
    rclone 1.65.2,1.68.2 - smc
    parallel 20230722,20240822 - smc
    awscli 1.29.73,1.36.7 - scp
    htop 3.2.2,3.3.0 - smc`,
};

const fields = (list: string | undefined): string[] =>
  list === undefined || list === "-" ? [] : list.split(",");

function parseRow(row: string, group: string): CataloguePackage {
  const [name = "", versions, variants, sources = "", weight = "1"] = row.trim().split(" ");
  return {
    name,
    versions: fields(versions),
    variants: fields(variants),
    sources: Array.from(sources).flatMap((code) => codes[code] ?? []),
    group,
    weight: Number(weight),
  };
}

let parsed: readonly CataloguePackage[] | undefined;

/** Every package a site may have; read from the table at first use. */
export function catalogue(): readonly CataloguePackage[] {
  parsed ??= Object.entries(table).flatMap(([group, rows]) =>
    rows
      .split("\n")
      .filter((row) => row.trim() !== "")
      .map((row) => parseRow(row, group)),
  );
  return parsed;
}
