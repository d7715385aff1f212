#!/bin/bash
#PBS -l procs=48
#PBS -l walltime=00:30:00
#PBS -v THREADS=1,PATHS="/a,/b"
mpirun ./spread
