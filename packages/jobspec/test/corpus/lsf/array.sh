#!/bin/bash
#BSUB -J "frames[1-200:2]%20"
#BSUB -n 1
#BSUB -M 2000
#BSUB -W 15
#BSUB -oo frames.%J.%I.log
./render $LSB_JOBINDEX
