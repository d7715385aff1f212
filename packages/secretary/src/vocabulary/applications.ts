/** A program people ask for by name: its canonical name, other spellings, and what it installs as executables. */
export interface Application {
  readonly name: string;
  readonly aliases: readonly string[];
  readonly binaries: readonly string[];
  /** Runs another file (an interpreter, a workflow engine): a command that starts with it names no requirement. */
  readonly runsFiles?: boolean | undefined;
}

/** `name | aliases | binaries`, lists separated by commas; a leading `*` marks an application that runs files. */
const table = `
lammps | lmp, laamps | lmp, lmp_mpi, lmp_serial
gromacs | gmx | gmx, gmx_mpi, mdrun
namd | namd2, namd3 | namd2, namd3
amber | ambertools, pmemd | pmemd, pmemd.cuda, pmemd.mpi, sander
openmm | |
opencv | | opencv_version
stata | stata-mp, stata mp | stata, stata-mp
sas | |
charmm | | charmm
desmond | | desmond
hoomd-blue | hoomd | hoomd
plumed | | plumed
vasp | | vasp_std, vasp_gam, vasp_ncl
quantum-espresso | quantum espresso, quantumespresso, espresso, qe | pw.x, ph.x, cp.x
cp2k | | cp2k, cp2k.psmp, cp2k.popt
siesta | | siesta
abinit | | abinit
nwchem | | nwchem
gaussian | gaussian16, gaussian09, g16 | g16, g09
orca | | orca
gamess | | rungms
qmcpack | | qmcpack
dftb+ | dftbplus, dftb | dftb+
castep | | castep, castep.mpi
elk | | elk
yambo | | yambo
wannier90 | | wannier90.x
bigdft | | bigdft
psi4 | | psi4
wrf | | wrf.exe
mpas | mpas-a | atmosphere_model
cesm | | cesm.exe
e3sm | | e3sm.exe
icon | icon-model | icon
nemo | | nemo.exe
roms | | romsM
fvcom | | fvcom
openfoam | foam, openfoam-org | simpleFoam, icoFoam, pisoFoam, blockMesh, snappyHexMesh
su2 | | SU2_CFD
nek5000 | | nek5000
nekrs | | nekrs
nektar++ | nektar | IncNavierStokesSolver
code_saturne | code-saturne | code_saturne
ansys-fluent | fluent, ansys fluent | fluent
ansys-mechanical | ansys, ansys mechanical | ansys
star-ccm+ | starccm+, starccm, star-ccm | starccm+
comsol | | comsol
abaqus | | abaqus
ls-dyna | lsdyna, ls dyna | ls-dyna, mppdyna
calculix | | ccx
code_aster | code-aster | as_run
elmer | elmerfem | ElmerSolver
openradioss | radioss | engine_linux64_gf_ompi
moose | | moose-opt
fenics | dolfin, dolfinx |
deal.ii | dealii |
mfem | |
palabos | |
alya | | Alya.x
specfem3d | specfem | xspecfem3D
sw4 | | sw4
seissol | | SeisSol
opensees | | OpenSees
flash | flash-x | flash4
enzo | enzo-e | enzo.exe
gadget | gadget-4, gadget4, gadget-2 | Gadget4, Gadget2
athena++ | athena, athenak | athena
castro | |
nyx | |
warpx | | warpx
picongpu | | picongpu
osiris | |
epoch | | epoch2d, epoch3d
gs2 | |
gene | |
orb5 | |
xgc | |
geant4 | |
openmc | | openmc
mcnp | mcnp6 | mcnp6
serpent | serpent2 | sss2
root | cern-root | root
madgraph | madgraph5 | mg5_aMC
milc | |
chroma | | chroma
grid | |
openqcd | |
amg2023 | amg | amg
hpl | linpack, high performance linpack | xhpl
hpcg | | xhpcg
hpcc | hpcchallenge | hpcc
stream | stream benchmark | stream_c.exe
ior | | ior
mdtest | | mdtest
fio | | fio
iperf | iperf3 | iperf3
osu-benchmarks | osu micro-benchmarks, osu micro benchmarks, osu-micro-benchmarks, osu benchmarks, osu_allreduce, osu_latency, osu_bw, osu_bibw, osu_alltoall, osu_bcast, osu | osu_allreduce, osu_latency, osu_bw, osu_bibw, osu_alltoall, osu_bcast
imb | intel mpi benchmarks, imb-mpi1 | IMB-MPI1
nccl-tests | nccl tests | all_reduce_perf
kripke | | kripke.exe
laghos | | laghos
lulesh | | lulesh2.0
minife | | miniFE.x
minimd | | miniMD
comd | | CoMD-mpi
nekbone | | nekbone
quicksilver | | qs
pennant | | pennant
snap | | gsnap
cloverleaf | | clover_leaf
xsbench | | XSBench
graph500 | | graph500_reference_bfs
mlperf | |
spades | | spades.py
blast | blast+, ncbi-blast | blastn, blastp, tblastn
diamond | | diamond
bwa | bwa-mem2 | bwa, bwa-mem2
bowtie2 | bowtie | bowtie2
samtools | | samtools
bcftools | | bcftools
star | | STAR
hisat2 | | hisat2
salmon | | salmon
kallisto | | kallisto
gatk | | gatk
megahit | | megahit
trinity | trinityrnaseq | Trinity
canu | | canu
flye | | flye
kraken2 | kraken | kraken2
hmmer | | hmmsearch, hmmscan
mafft | | mafft
muscle | | muscle
raxml | raxml-ng | raxml-ng
iqtree | iq-tree, iqtree2 | iqtree2
beast2 | beast | beast
mrbayes | | mb
cellranger | | cellranger
plink | plink2 | plink, plink2
relion | | relion_refine, relion_refine_mpi
cryosparc | | cryosparcw
alphafold | alphafold2, alphafold3 | run_alphafold.py
colabfold | | colabfold_batch
rosettafold | |
rosetta | | rosetta_scripts
autodock | autodock-vina, vina, autodock vina | vina
freesurfer | | recon-all
fsl | | fsl
pytorch | torch |
pytorch-lightning | lightning, pytorch lightning |
tensorflow | |
jax | |
keras | |
mxnet | |
deepspeed | | deepspeed
megatron-lm | megatron, megatron lm |
nemo-framework | nvidia nemo |
horovod | | horovodrun
transformers | hugging face transformers, huggingface transformers |
vllm | | vllm
sglang | |
tensorrt-llm | tensorrt llm |
tensorrt | | trtexec
triton | triton inference server | tritonserver
ollama | | ollama
llama.cpp | llama-cpp, llamacpp | llama-cli, llama-server
onnxruntime | onnx runtime |
stable-diffusion | stable diffusion, stablediffusion |
ray | | ray
dask | | dask, dask-scheduler
spark | apache spark, pyspark | spark-submit
xgboost | |
lightgbm | | lightgbm
scikit-learn | sklearn |
rapids | cudf |
numpy | |
scipy | |
pandas | |
matplotlib | |
mpi4py | |
h5py | |
petsc4py | |
numba | |
cupy | |
*python | python3, cpython | python3, python
*r | rstats, r-base, rscript | Rscript, R
*julia | | julia
*octave | gnu octave | octave
*matlab | | matlab
mathematica | | wolframscript
*perl | | perl
*java | openjdk | java
*nodejs | node.js |
*bash | | bash
*nextflow | | nextflow
*snakemake | | snakemake
*cwltool | | cwltool
*cromwell | | cromwell
*jupyter | jupyterlab, jupyter notebook, jupyter lab, jupyterhub | jupyter
gcc | gnu compilers, gfortran, g++ | gcc, g++, gfortran
clang | llvm | clang
nvhpc | nvidia hpc sdk, nvc++, pgi | nvc, nvc++, nvfortran
intel-oneapi-compilers | intel compilers, intel compiler, ifort, ifx, icx, icpx | icx, icpx, ifx
aocc | |
cmake | | cmake
rust | rustc | rustc, cargo
golang | | go
chapel | | chpl
cuda | cuda toolkit, cudatoolkit | nvcc
cudnn | |
nccl | |
rocm | |
hip | |
oneapi | |
sycl | dpc++, dpcpp |
openacc | |
kokkos | |
raja | |
hdf5 | phdf5 | h5dump
netcdf | netcdf-c, netcdf-fortran | ncdump
pnetcdf | parallel-netcdf |
adios2 | adios |
petsc | |
slepc | |
trilinos | |
hypre | |
mumps | |
superlu | superlu-dist |
scalapack | |
lapack | |
openblas | |
mkl | intel-oneapi-mkl, intel mkl, onemkl |
fftw | fftw3 |
boost | |
eigen | |
metis | parmetis |
scotch | ptscotch |
sundials | |
gsl | |
paraview | | pvserver, pvbatch, paraview
visit | |
vmd | | vmd
blender | | blender
ffmpeg | | ffmpeg
gdal | | gdalinfo
qgis | | qgis
gurobi | | gurobi_cl
cplex | | cplex
scip | | scip
valgrind | | valgrind
hpctoolkit | | hpcrun
tau | | tau_exec
scorep | score-p | scorep
nsight | nsight systems, nsight compute | nsys, ncu
likwid | | likwid-perfctr
git | | git
cowsay | | cowsay
hostname | | hostname
figlet | | figlet
stress-ng | stress | stress-ng
nvidia-smi | | nvidia-smi
`;

const list = (cell: string | undefined): string[] =>
  (cell ?? "")
    .split(",")
    .map((item) => item.trim())
    .filter((item) => item !== "");

/** Applications of scientific computing and machine learning, with the spellings and executables of each. */
export const applications: readonly Application[] = table
  .trim()
  .split("\n")
  .map((line) => {
    const [head = "", aliases, binaries] = line.split("|");
    const runsFiles = head.startsWith("*");
    const entry = { name: head.replace("*", "").trim(), aliases: list(aliases), binaries: list(binaries) };
    return runsFiles ? { ...entry, runsFiles } : entry;
  });
