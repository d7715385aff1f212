#!/bin/bash
#SBATCH --job-name=pyxis
#SBATCH --container-image=nvcr.io/nvidia/pytorch:24.05-py3
#SBATCH --gpus-per-node=2
#SBATCH --export=NONE
#SBATCH --open-mode=append
python train.py
