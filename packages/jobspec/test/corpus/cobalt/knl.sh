#!/bin/bash
#COBALT -A Catalyst
#COBALT -n 128
#COBALT -t 01:10:20
#COBALT -q default
#COBALT --attrs mcdram=cache:numa=quad
#COBALT --jobname stencil
#COBALT -o stencil.$jobid.out
#COBALT -M will@example.org

aprun -n 8192 -N 64 ./stencil
