"""The attribute reader: a small network that says what a drawing shows.

Two of them are trained, both on drawn images only. One reads generated images back, for
evaluation and for the simulated stores that are shown them; no training learns from what it says.
The other, smaller one is the critic of the U-Net's training (`training.critic`), and judges
nothing.
"""

from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import torch
import torch.nn.functional as F
from diffusers import ConfigMixin, ModelMixin
from diffusers.configuration_utils import register_to_config
from torch import Tensor, nn

from studio.domain import CheckpointError
from training.atelier.attributes import FAMILIES

_STEM_PX = 4


class _Block(nn.Module):
    """Two 3x3 convolutions with batch norms beside the identity."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.body = nn.Sequential(
            nn.Conv2d(channels, channels, 3, padding=1, bias=False),
            nn.BatchNorm2d(channels),
            nn.ReLU(),
            nn.Conv2d(channels, channels, 3, padding=1, bias=False),
            nn.BatchNorm2d(channels),
        )

    def forward(self, features: Tensor) -> Tensor:
        return F.relu(features + self.body(features))


class AttributeReader(ModelMixin, ConfigMixin):
    """Reads one value of every attribute family off a drawing.

    Each family looks where it likes: it has its own attention over the places of the feature
    map, which know where they are, and its own choice from what it gathered there.

    Args:
        families: names of the attribute families.
        values: the values of each of them.
        widths: channels at a quarter, an eighth and so on of the image's size.
        blocks: residual blocks at each of them.
        height_px: height of the images.
        width_px: width of the images.
    """

    config_name = "config.json"

    @register_to_config
    def __init__(
        self,
        families: Sequence[str],
        values: Sequence[Sequence[str]],
        widths: Sequence[int] = (48, 96, 160),
        blocks: Sequence[int] = (1, 1, 2),
        height_px: int = 256,
        width_px: int = 128,
    ) -> None:
        super().__init__()
        layers: list[nn.Module] = [
            nn.PixelUnshuffle(_STEM_PX),
            *_convolution(3 * _STEM_PX**2, widths[0], 1),
            *(_Block(widths[0]) for _ in range(blocks[0])),
        ]
        for (width, wider), count in zip(pairwise(widths), blocks[1:], strict=True):
            layers += _convolution(width, wider, 2)
            layers += [_Block(wider) for _ in range(count)]
        self.body = nn.Sequential(*layers)
        smallest = _STEM_PX * 2 ** (len(widths) - 1)
        places = (height_px // smallest) * (width_px // smallest)
        self.place = nn.Parameter(torch.zeros(len(families), places))
        self.attention = nn.Conv2d(widths[-1], len(families), 1)
        self.choices = nn.ModuleList(nn.Linear(widths[-1] + 2, len(family)) for family in values)

    @property
    def family_sizes(self) -> list[int]:
        """Number of values of each family."""
        return [len(values) for values in self.config.values]

    def forward(self, images: Tensor) -> Tensor:
        """(B, 3, H, W) in [0, 1] -> logits (B, values of all families side by side)."""
        return self.logits(self.feature_maps(images)[-1])

    def feature_maps(self, images: Tensor) -> list[Tensor]:
        """(B, 3, H, W) in [0, 1] -> feature maps (B, D, h, w) at each size, largest first."""
        maps: list[Tensor] = []
        features = images * 2 - 1
        for layer in self.body:
            if isinstance(layer, nn.Conv2d) and layer.stride != (1, 1):
                maps.append(features)
            features = layer(features)
        return [*maps, features]

    def logits(self, features: Tensor) -> Tensor:
        """(B, D, h, w), the smallest of `feature_maps` -> logits (B, values of all families)."""
        attention = (self.attention(features).flatten(2) + self.place).softmax(dim=-1)  # (B, F, hw)
        places = _coordinates(features).flatten(2)  # (1, 2, hw)
        seen = torch.cat([features.flatten(2), places.expand(len(features), -1, -1)], dim=1)
        gathered = attention @ seen.transpose(1, 2)  # (B, F, D + 2)
        chosen = [choice(gathered[:, i]) for i, choice in enumerate(self.choices)]
        return torch.cat(chosen, dim=1)

    @torch.no_grad()
    def read(self, images: Tensor) -> tuple[list[dict[str, str]], Tensor]:
        """What each image shows.

        Args:
            images: (B, 3, H, W) in [0, 1]; any size, resized when it is not the trained one.

        Returns:
            Family -> value of each image, and the logits (B, values of all families).
        """
        size = (self.config.height_px, self.config.width_px)
        if images.shape[2:] != size:
            images = F.interpolate(images, size, mode="bilinear", antialias=True)
        logits = self(images.to(self.dtype)).float()
        split = logits.split(self.family_sizes, dim=1)
        best = torch.stack([choice.argmax(dim=1) for choice in split], dim=1)
        families, values = self.config.families, self.config.values
        readings = [
            {family: named[i] for family, named, i in zip(families, values, row, strict=True)}
            for row in best.tolist()
        ]
        return readings, logits


def load_reader(folder: Path, device: torch.device, command: str = "reader") -> AttributeReader:
    """A trained reader of the drawn world's attributes.

    Args:
        folder: where it lies.
        device: where it is to read.
        command: of `training.pretrain`, which trains it.

    Raises:
        CheckpointError: it isn't there, or reads another world.
    """
    train = f"python -m training.pretrain {command}"
    if not (folder / "config.json").exists():
        raise CheckpointError(f"There is no attribute reader at {folder}. Train it with {train}.")
    reader: AttributeReader = AttributeReader.from_pretrained(folder).float()
    learnt = zip(reader.config.families, map(tuple, reader.config.values), strict=True)
    if tuple(learnt) != tuple(FAMILIES.items()):
        raise CheckpointError(
            f"The attribute reader at {folder} reads other attributes than the world has. "
            f"Train it again with {train}."
        )
    reader.eval().to(device)
    return reader


def _convolution(channels: int, wider: int, stride: int) -> list[nn.Module]:
    convolution = nn.Conv2d(channels, wider, 3, stride=stride, padding=1, bias=False)
    return [convolution, nn.BatchNorm2d(wider), nn.ReLU()]


def _coordinates(features: Tensor) -> Tensor:
    """(1, 2, h, w): each place's height and width, from -1 to 1."""
    height, width = features.shape[2:]
    down = torch.linspace(-1, 1, height).to(features)
    across = torch.linspace(-1, 1, width).to(features)
    return torch.stack(torch.meshgrid(down, across, indexing="ij"))[None]
