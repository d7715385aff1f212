#!/bin/bash
#OAR -l nodes=4/core=4,walltime=1:00:00
#OAR -l nodes=2/core=8,walltime=2:00:00
#OAR -p "wattmeter='YES' or host='a-1'"
#OAR -r "2026-12-24 08:00:00"
#OAR -a 5512
echo go
#OAR --name late-but-read
