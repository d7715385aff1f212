#!/bin/bash
#SBATCH --nodes=1
##SBATCH --exclusive
# SBATCH --partition=big
#  a plain comment
#SBATCH --time=2-12

set -euo pipefail
./prepare.sh
#SBATCH --mem=4G
./run.sh
