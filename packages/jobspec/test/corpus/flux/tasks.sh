#!/bin/bash
#flux: --ntasks=12 --tasks-per-node=6
#flux: --gpus-per-node=3
#flux: --error=err-{{id.dec}}.txt
#flux: --env=^vars.txt --env=OMP* --env=HERE=$PWD
#flux: --urgency=hold
#flux: --cc=1-5
#flux: --requires=a|b
./go
