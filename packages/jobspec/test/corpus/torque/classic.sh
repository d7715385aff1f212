#!/bin/bash
#PBS -N blast
#PBS -q batch
#PBS -l nodes=2:ppn=16
#PBS -l walltime=04:00:00
#PBS -l pmem=2gb
#PBS -l vmem=40gb
#PBS -j oe
#PBS -o blast.$PBS_JOBID.log

cd $PBS_O_WORKDIR
mpirun -np $PBS_NP -machinefile $PBS_NODEFILE ./blast
