#!/bin/bash
#flux: --job-name=kripke
#flux: -N 4
#flux: -n 16 -c 8 -g 1
#flux: --exclusive
#flux: -t 2.5h
#flux: --queue=pbatch --bank=lc
#flux: --output=kripke-{{id}}.out
#flux: --cwd=/p/lustre/run
#flux: --requires=mi300a
#flux: --env-remove=*
#flux: --env=PATH
#flux: --env=OMP_NUM_THREADS=8

flux run -N4 -n16 ./kripke
