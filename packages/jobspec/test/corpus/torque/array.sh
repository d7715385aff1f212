#!/bin/bash
#PBS -t 1-20%4
#PBS -N tiles
#PBS -l nodes=1:ppn=1,walltime=600,mem=1gb
./tile $PBS_ARRAYID
