#!/bin/bash
#PBS -l nodes=1:ppn=8:gpus=2:exclusive_process:bigmem
#PBS -l walltime=1:12:00:00
#PBS -A bio
#PBS -d /work/run
#PBS -n
./train
