#!/bin/bash
#SBATCH --mem=0
#SBATCH --constraint="[rack1|rack2]"
#SBATCH --gres=gpu:1,nvme:1
#SBATCH --begin=tomorrow
#SBATCH --array=bad
#SBATCH --dependency=afterok:1?afterok:2
./job
