#!/bin/sh
# A corpus of many workstations, one shard for each task of a Slurm array: sbatch slurm-array.sh
#SBATCH --array=1-8
#SBATCH --cpus-per-task=2
srun hasim corpus --out "$SCRATCH/lab" --workstations 800 -j 2 --shard "$SLURM_ARRAY_TASK_ID/8"
