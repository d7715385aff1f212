#!/bin/bash
#BSUB -n 8,16
#BSUB -R "select[type==X86_64 && avx512 && hname!='bad01' && mem>8000] order[ut] rusage[ansys=2,tmp=100]"
#BSUB -m "nodeA nodeB"
#BSUB -app sim
#BSUB -L /bin/bash
./sim
