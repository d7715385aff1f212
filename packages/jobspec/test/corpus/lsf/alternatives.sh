#!/bin/sh
#BSUB -w "done(1) || done(2)"
#BSUB -R "fast || large"
#BSUB -K
#BSUB -q "short long"
#BSUB -H
#BSUB -i in.txt
cat
