#!/bin/bash
#COBALT -n 64 --mode c16
#COBALT -i input.dat
#COBALT --umask 022
#COBALT --project Physics
#COBALT --time 15
runjob --np 1024 : ./bgq
