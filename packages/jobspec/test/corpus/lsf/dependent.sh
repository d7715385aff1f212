#!/bin/bash
#BSUB -J merge
#BSUB -w 'done(881) && ended("split")'
#BSUB -b 2026:12:24:18:30
#BSUB -U weekend
#BSUB -sp 80
#BSUB -rn
#BSUB -wa 'USR2' -wt '10'
#BSUB -cwd /scratch/merge
./merge
