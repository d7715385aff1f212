#!/bin/bash
#PBS -l select=1:ncpus=8:mpiprocs=8+2:ncpus=4:mpiprocs=4
#PBS -l place=scatter
#PBS -l walltime=3600
mpirun ./ring
