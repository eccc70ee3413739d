"""Who looks at generated images: the attribute reader, the reward model, and an image-only head."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from studio.perfusion.profile import Profile
from studio.perfusion.reward_backbone import TwoTowerBackbone
from studio.perfusion.reward_model import PerFusionRM
from training.atelier.attributes import FAMILIES
from training.evaluation.judged import Judged
from training.reader import AttributeReader


@dataclass(frozen=True)
class Judges:
    """All that look at an image; what they say does not depend on the generator.

    Attributes:
        reader: says what an image shows.
        reward_model: scores it for a store; its backbone is CLIP or SigLIP.
        aesthetics: (B, D) image features -> (B,) scores.
    """

    reader: AttributeReader
    reward_model: PerFusionRM
    aesthetics: nn.Module

    @torch.no_grad()
    def judge(self, images: Tensor, prompt: str, profiles: Sequence[Profile]) -> Judged:
        """Judge one group for some stores.

        Args:
            images: (N, 3, H, W) in [0, 1].
            prompt: what was asked for.
            profiles: S stores.

        Returns:
            Judgements (S, N, ...); all but the scores are the same for every store.
        """
        found, _ = self.reader.read(images.to(next(self.reader.parameters()).device))
        readings = [[FAMILIES[f].index(each[f]) for f in FAMILIES] for each in found]
        prepared = self.reward_model.prepare_images(images)
        features = prepared.features
        if features is None:
            raise TypeError("These judgements need a backbone with two towers.")
        scores = [self.reward_model.score(prepared, prompt, each).total for each in profiles]
        stores = len(profiles)
        return Judged(
            _for_each(np.array(readings, np.int16), stores),
            _for_each(_floats(features), stores),
            np.stack([_floats(each) for each in scores]),
            _for_each(_floats(features @ self._text_features(prompt)), stores),
            _for_each(_floats(self.aesthetics(features)), stores),
        )

    def _text_features(self, prompt: str) -> Tensor:
        """(D,) of the frozen text tower."""
        model = self.reward_model
        if not isinstance(model.backbone, TwoTowerBackbone):
            raise TypeError("These judgements need a backbone with two towers.")
        ids, mask = (part.to(model.device) for part in model.processor.prompts([prompt]))
        return model.backbone.text_features(ids, mask, None)[0]


def _floats(values: Tensor) -> NDArray[np.float32]:
    found: NDArray[np.float32] = values.float().cpu().numpy()
    return found


def _for_each(values: NDArray[Any], stores: int) -> NDArray[Any]:
    return np.broadcast_to(values, (stores, *values.shape))
