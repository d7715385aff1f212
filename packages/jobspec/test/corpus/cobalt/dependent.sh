#!/bin/bash
#COBALT --dependencies 1001:1002 -h
#COBALT --cwd /projects/run
#COBALT --attrs location=101,102:filesystems=home,eagle:gpu_type=a100
#COBALT -n 2
#COBALT --debuglog debug.txt
./run.sh
