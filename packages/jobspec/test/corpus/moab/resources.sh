#!/bin/bash
#MSUB -l procs=64,mem=256gb,feature=haswell:ib
#MSUB -l advres=demo.12
#MSUB -l naccesspolicy=singlejob
#MSUB -l hostlist=n1+n2
#MSUB -l signal=USR1@120
#MSUB -l depend=afterok:771
#MSUB -l partition=quartz
./app
