#!/bin/bash
#SBATCH --begin=now+2hours
#SBATCH --no-requeue
#SBATCH --hold
#SBATCH --priority=2000000
#SBATCH --nodes=1k
#SBATCH --mail-type=ALL,ARRAY_TASKS
#SBATCH --mail-user=ops@example.org
date
