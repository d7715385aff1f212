#!/bin/bash
#OAR --resource=/nodes=1/cpu=2/core=4,walltime=00:05:00
#OAR --name=sockets
#OAR --stdout=log-%jobname%.txt
#OAR -p "host in ('n1','n2')"
lscpu
