#!/bin/bash
#PBS -N old
#PBS -l ncpus=4,mem=8gb,walltime=30:00
#PBS -I -X
./serial
