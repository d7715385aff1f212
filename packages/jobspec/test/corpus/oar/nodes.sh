#!/bin/bash
#OAR -n heat
#OAR -l /nodes=3/core=8,walltime=2:30:00
#OAR --project diffusion
#OAR -q default
#OAR -O heat.%jobid%.out
#OAR -E heat.%jobid%.err
#OAR --notify mail:sophie@example.org

cd $OAR_WORKING_DIRECTORY
mpirun --machinefile $OAR_NODEFILE ./heat
