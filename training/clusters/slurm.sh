#!/usr/bin/env bash
# Slurm: sbatch training/clusters/slurm.sh --rounds EXPORT --from CHECKPOINT --to CHECKPOINT ...
# Submit from the repository's folder, on a disk that all machines see.
#SBATCH --job-name=perfusion
#SBATCH --nodes=2
#SBATCH --ntasks-per-node=1
#SBATCH --gpus-per-node=8
#SBATCH --cpus-per-task=32
#SBATCH --time=24:00:00
#SBATCH --signal=TERM@120
#SBATCH --requeue
set -euo pipefail

main="$(scontrol show hostnames "$SLURM_JOB_NODELIST" | head -n 1)"
gpus="${GPUS_PER_NODE:-8}"
srun --kill-on-bad-exit=1 bash -c '
    exec .venv/bin/accelerate launch --config_file training/clusters/nodes.yaml \
        --num_machines "$SLURM_NNODES" --num_processes "$((SLURM_NNODES * '"$gpus"'))" \
        --machine_rank "$SLURM_NODEID" \
        --main_process_ip '"$main"' --main_process_port 29500 \
        -m training.finetune "$@"
' bash "$@"
