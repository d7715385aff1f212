#!/bin/bash
#PBS -N cfd-wing
#PBS -A ENG_0007
#PBS -q workq
#PBS -l select=8:ncpus=36:mpiprocs=18:ompthreads=2:mem=180gb
#PBS -l place=scatter:excl
#PBS -l walltime=18:00:00
#PBS -j oe
#PBS -o /logs/cfd.out
#PBS -m abe
#PBS -M grace@example.org
#PBS -V

cd $PBS_O_WORKDIR
mpiexec ./wing
