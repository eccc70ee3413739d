"""A store's taste: what its ticks have taught since the models were trained, as one small record.

The weights stay as they are. What a profile says becomes a user embedding in each model, and a
correction is added to it; so a taste belongs to the very weights that it was fitted to.
"""

import hashlib
from dataclasses import dataclass
from functools import cached_property

import torch
from safetensors import SafetensorError
from safetensors.torch import load, save
from torch import Tensor

from studio.domain import TasteError

_REWARD, _GENERATOR = "reward", "generator"
_MARK_LENGTH = 16


@dataclass(frozen=True)
class Taste:
    """The corrections that are added to a store's embeddings; None adds nothing.

    Attributes:
        reward: (U,) fp32 for the reward model, see `PerFusionRM.user_width`.
        generator: (U,) fp32 for the adaptive network.
    """

    reward: Tensor | None = None
    generator: Tensor | None = None

    @cached_property
    def mark(self) -> str:
        """What tells it from other corrections; empty for one that adds nothing."""
        return hashlib.sha256(self.to_bytes()).hexdigest()[:_MARK_LENGTH] if self._parts else ""

    def to_bytes(self) -> bytes:
        """A file of safetensors."""
        written: bytes = save(self._parts)
        return written

    @classmethod
    def from_bytes(cls, content: bytes) -> "Taste":
        """What `to_bytes` wrote; it may come from anybody.

        Raises:
            TasteError: it is something else, or its numbers can't be used.
        """
        try:
            parts = load(content)
        except (SafetensorError, ValueError, KeyError) as error:
            raise TasteError(_UNREADABLE) from error
        sound = all(
            each.dtype == torch.float32 and each.dim() == 1 and bool(each.isfinite().all())
            for each in parts.values()
        )
        if not sound or not parts.keys() <= {_REWARD, _GENERATOR}:
            raise TasteError(_UNREADABLE)
        return cls(parts.get(_REWARD), parts.get(_GENERATOR))

    def check_fits(self, reward: int | None = None, generator: int | None = None) -> None:
        """Refuse a taste of other models.

        Args:
            reward: width of a store's embedding in the reward model; None to leave that out.
            generator: the same in the adaptive network.

        Raises:
            TasteError: it has another width.
        """
        for part, width in ((self.reward, reward), (self.generator, generator)):
            if part is not None and width is not None and part.shape != (width,):
                raise TasteError(
                    "This taste was learnt with another checkpoint, so it means nothing here. "
                    "Save a round, and it is learnt again."
                )

    @property
    def _parts(self) -> dict[str, Tensor]:
        parts = {_REWARD: self.reward, _GENERATOR: self.generator}
        return {name: part.contiguous() for name, part in parts.items() if part is not None}


NO_TASTE = Taste()
"""What the profile says, and nothing else."""

_UNREADABLE = "That is no taste which this studio can read. Save a round, and it is learnt again."
