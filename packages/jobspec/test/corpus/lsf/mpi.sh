#!/bin/bash
#BSUB -J ocean
#BSUB -P CLIM01
#BSUB -q regular
#BSUB -n 72
#BSUB -R "span[ptile=36] rusage[mem=96GB]"
#BSUB -W 6:00
#BSUB -o ocean.%J.out
#BSUB -e ocean.%J.err
#BSUB -B
#BSUB -N
#BSUB -u marie@example.org

module load openmpi
mpirun ./ocean
