#!/bin/bash -l
#SBATCH --job-name=md-argon
#SBATCH --account=chem042
#SBATCH --partition=gpu
#SBATCH --qos=normal
#SBATCH --nodes=4
#SBATCH --ntasks-per-node=4
#SBATCH --cpus-per-task=16
#SBATCH --gres=gpu:a100:4
#SBATCH --mem=480G
#SBATCH --time=1-06:30:00
#SBATCH --output=logs/%x-%j.out
#SBATCH --error=logs/%x-%j.err
#SBATCH --mail-type=BEGIN,END,FAIL
#SBATCH --mail-user=ada@example.org

module purge
module load gcc/12.3 openmpi/4.1
export OMP_NUM_THREADS=$SLURM_CPUS_PER_TASK
cd "$SLURM_SUBMIT_DIR"
srun --cpu-bind=cores gmx_mpi mdrun -deffnm argon
