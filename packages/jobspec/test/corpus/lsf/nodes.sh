#!/bin/bash
#BSUB -nnodes 16
#BSUB -W 120
#BSUB -alloc_flags "smt4 gpumps"
#BSUB -P MAT151
#BSUB -J summit
jsrun -n 96 -a 1 -c 7 -g 1 ./app
