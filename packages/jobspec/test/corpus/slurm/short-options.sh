#!/bin/sh
#SBATCH -Jhello -N2 -n 8
#SBATCH -p debug,short -HQ
#SBATCH -t 0:10
#SBATCH -D /scratch/hello
#SBATCH -w node[01-02] -x node07
srun hostname
