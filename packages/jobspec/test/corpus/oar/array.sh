#!/bin/sh
#OAR --array 12
#OAR -l core=1,walltime=0:10
#OAR -t idempotent
#OAR --checkpoint 120 --signal 12
#OAR -d /home/user/params
./one $OAR_ARRAY_INDEX
