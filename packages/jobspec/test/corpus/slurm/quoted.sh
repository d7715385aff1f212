#!/bin/bash
#SBATCH --job-name="my first job"   # shown by squeue
#SBATCH --comment='it is a "test"'
#SBATCH --output="out dir/run-%j.txt"
#SBATCH --export=ALL,GREETING='hello, world',MODE=fast
echo "$GREETING"
