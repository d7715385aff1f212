#!/bin/bash
#PBS -N infer
#PBS -l select=1:ncpus=16:ngpus=2:mem=64gb:accelerator_type=h100,walltime=02:30:00
#PBS -P genomics
#PBS -v MODEL=small,BATCH=32,HOME
module load cuda/12.4
python infer.py
