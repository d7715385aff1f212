#!/bin/bash
#PBS -N long-line -l select=2:ncpus=4:mpiprocs=4 \
#PBS -l walltime=1:00:00
#PBS -lfilesystems=home
#PBS -l cput=10:00:00
#PBS -S /bin/tcsh
./a.out
