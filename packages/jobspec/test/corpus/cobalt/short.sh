#!/bin/sh
#COBALT -t 30 -n 2 -O quick
#COBALT --env OMP_NUM_THREADS=4:MODE=test
#COBALT --proccount 8
#COBALT --mode script

#COBALT -q late
echo $COBALT_JOBID
