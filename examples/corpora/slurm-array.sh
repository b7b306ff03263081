#!/bin/sh
# A corpus of many workstations, one shard for each task of a Slurm array. A task that runs again, after a kill or the loss
# of its node, replaces what it left behind (--force) and makes the same bytes.
# usage: sbatch slurm-array.sh [OPTION OF hasim corpus...]
#SBATCH --array=1-8
#SBATCH --cpus-per-task=2
#SBATCH --requeue
exec hasim corpus --force --out "${SCRATCH:?is to name a folder that all nodes share}/lab" --workstations 800 \
  -j "${SLURM_CPUS_PER_TASK:-2}" --shard "$SLURM_ARRAY_TASK_ID/8" "$@"
