#!/bin/bash
#flux: -n1
#flux: -t inf
#flux: --begin-time="2026-12-24 08:00:00"
#flux: --input=data.txt -o mpi=none
sleep infinity
