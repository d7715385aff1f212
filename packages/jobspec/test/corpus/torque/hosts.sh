#!/bin/csh
#PBS -l nodes=n12:ppn=4+n13:ppn=4
#PBS -W x=NACCESSPOLICY:SINGLEJOB
#PBS -M a@example.org,b@example.org
#PBS -m ae
setenv X 1
./pair
