#!/bin/bash
#OAR -l {nic='ib'}/nodes=2,walltime=00:30:00
#OAR -t inner=90210
#OAR -h
oarsh $(head -1 $OAR_NODEFILE) hostname
