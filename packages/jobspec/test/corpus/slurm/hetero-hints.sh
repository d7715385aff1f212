#!/bin/bash
#SBATCH --nodes=2-4
#SBATCH --ntasks=64
#SBATCH --hint=nomultithread
#SBATCH --distribution=block:cyclic
#SBATCH --switches=1@00:30:00
#SBATCH --constraint="skylake&ib"
#SBATCH --exclusive=user
#SBATCH --contiguous
#SBATCH --time=UNLIMITED
#SBATCH --frobnicate=yes
srun ./solver
