#!/bin/bash
#BSUB -J "train"
#BSUB -n 4
#BSUB -gpu "num=2:mode=exclusive_process:gmodel=NVIDIAA100_SXM4_80GB:j_exclusive=yes"
#BSUB -R "affinity[core(8)] span[hosts=1]"
#BSUB -R "rusage[mem=8GB/task]"
#BSUB -env "all, OMP_NUM_THREADS=8"
#BSUB -x
python train.py
