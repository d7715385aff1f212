#!/usr/bin/env python3
#SBATCH --job-name=train
#SBATCH --gpus=8
#SBATCH --gpus-per-task=1
#SBATCH --ntasks=8
#SBATCH --mem-per-gpu=32G
#SBATCH --time=12:00:00

import os

print(os.environ["SLURM_JOB_ID"], f"rank {os.environ.get('SLURM_PROCID')}")
