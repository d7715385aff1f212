#!/bin/bash
#SBATCH -J sweep
#SBATCH -a 0-99:2%10
#SBATCH -n 1 -c 4
#SBATCH --mem-per-cpu 2000
#SBATCH -t 45
#SBATCH -o sweep_%A_%a.out

python3 run.py --seed "$SLURM_ARRAY_TASK_ID"
