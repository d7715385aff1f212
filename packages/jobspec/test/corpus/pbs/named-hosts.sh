#!/bin/bash
#PBS -l select=1:ncpus=2:host=alpha+1:ncpus=2:host=beta
#PBS -l place=shared
#PBS -e host1:/home/ada/err.txt
#PBS -o host1:/home/ada/out.txt
#PBS -m n
pbsdsh -- hostname
