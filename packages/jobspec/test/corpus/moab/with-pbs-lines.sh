#!/bin/csh
#MSUB -N both
#PBS -l nodes=2:ppn=4
#MSUB -l walltime=30:00
#MSUB -d /tmp/both
#MSUB -S /bin/csh
#MSUB -p -100
#MSUB -l gpus=1
hostname
