#!/bin/bash
#OAR -l host=1/gpu=2,walltime=4
#OAR -p gpu_model = 'A100' AND cluster = 'chifflot'
#OAR -p "gpu_model='A100' AND cluster='chifflot'"
#OAR -t exotic
python3 train.py
