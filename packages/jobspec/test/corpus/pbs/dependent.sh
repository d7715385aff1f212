#!/bin/bash
#PBS -N stage2
#PBS -W depend=afterok:4410.pbs01:4411.pbs01
#PBS -a 202612240830.00
#PBS -p 100
#PBS -h
#PBS -k oed
#PBS -W umask=022,group_list=chem
./stage2
