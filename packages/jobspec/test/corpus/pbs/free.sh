#!/bin/sh
#PBS -N free-tasks
#PBS -l select=128:ncpus=1:mpiprocs=1:mem=4gb
#PBS -l place=free
#PBS -l walltime=00:15:00
mpirun ./pi
