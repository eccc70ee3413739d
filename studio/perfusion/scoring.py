"""The reward model of a checkpoint at work in the studio: found beside the generator, or absent."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image

from studio.perfusion.reward_model import PerFusionRM, PreparedImages
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


def prepared(model: PerFusionRM, pictures: Sequence[Image.Image]) -> PreparedImages:
    """Pictures as a reward model looks at them.

    Eight bits go in: as fp32, 48 pictures of 512 x 1024 would take 300 MB.
    """
    return model.prepare_pixels(model.processor.pictures([np.asarray(each) for each in pictures]))


def similarities(images: PreparedImages) -> list[list[float]] | None:
    """(N, N) cosines between what the frozen vision tower sees; None for a single tower."""
    if images.features is None:
        return None
    features = F.normalize(images.features.float(), dim=-1)
    cosines: list[list[float]] = (features @ features.T).tolist()
    return cosines
