#!/bin/bash
#SBATCH --job-name=post
#SBATCH --dependency=afterok:1201:1202,afterany:1300
#SBATCH --begin=2026-12-24T18:00:00
#SBATCH --signal=B:USR1@300
#SBATCH --requeue
#SBATCH --nice=50
#SBATCH --licenses=ansys:4,matlab:1
#SBATCH --reservation=maint-window
trap 'echo caught; ./checkpoint.sh' USR1
./post.sh &
wait
