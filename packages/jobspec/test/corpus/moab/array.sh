#!/bin/bash
#MSUB -t batch.[1-10]%3
#MSUB -l nodes=1:ppn=2,walltime=900
#MSUB -r n
#MSUB -m b -M lise@example.org
echo $MOAB_JOBARRAYINDEX in $PBS_O_WORKDIR
