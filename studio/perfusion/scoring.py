"""The reward model of a checkpoint at work in the studio: found beside the generator, or absent."""

from pathlib import Path

import torch

from studio.perfusion.reward_model import PerFusionRM
from studio.perfusion.whole_folders import restore_interrupted

REWARD_FOLDER = "reward_model"


def load_reward_model(folder: Path, *, device: str = "auto") -> PerFusionRM | None:
    """Read the reward model of a checkpoint folder; None where it holds none yet.

    Args:
        folder: the checkpoint folder.
        device: "cpu", "cuda", "cuda:1" ...; "auto" takes a GPU if there is one.

    Raises:
        CheckpointError: it is damaged, or its backbone is missing.
    """
    source = Path(folder) / REWARD_FOLDER
    restore_interrupted(source)
    if not source.is_dir():
        return None
    if device == "auto":
        device = "cuda" if torch.cuda.is_available() else "cpu"
    return PerFusionRM.from_pretrained(source).to(device).eval()
