#!/bin/bash
#MSUB -N sphere
#MSUB -A hydro
#MSUB -q pbatch
#MSUB -l nodes=16:ppn=36
#MSUB -l walltime=1:00:00:00
#MSUB -l qos=standby
#MSUB -l gres=lscratch:1
#MSUB -j oe
#MSUB -o /p/run/sphere.out
#MSUB -V
srun -n 576 ./sphere
