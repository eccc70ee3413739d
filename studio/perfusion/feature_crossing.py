"""The personalised plug-in of the reward model: user embedding -> shifts inside a Transformer.

Each Transformer layer of a tower gets two vectors per user. One is added to all tokens before
attention, the other before the feed-forward network (Eq. 4 and 5).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from studio.perfusion.user_encoder import UserEncoder

ATTENTION, FEED_FORWARD = 0, 1
"""Places of the two shifts of a layer."""

FIELD_START = 0.02
"""Standard deviation of the field tables at the start. Answers begin almost alike and part only as
far as many rounds ask for it, so that stores are not simply learnt by heart."""


@dataclass(frozen=True)
class TowerShape:
    """What the plug-in has to know of a Transformer: its name, depth and token width."""

    name: str
    layers: int
    width: int


class AdaNet(nn.Module):
    """A two-layer network from the user embedding to one shift; it starts by giving zero.

    Because the last layer is zero at the start, the backbone behaves as if there were no
    plug-in until training says otherwise.
    Source: PerFusion (arXiv 2503.22182), section 4.2.

    Args:
        user_width: length U of the user embedding.
        hidden_width: width between the two layers.
        widths: token widths that it serves; more than one only if towers share it.
    """

    def __init__(self, user_width: int, hidden_width: int, widths: Sequence[int]) -> None:
        super().__init__()
        self.hidden = nn.Linear(user_width, hidden_width)
        self.activation = nn.GELU()
        out = {str(width): nn.Linear(hidden_width, width) for width in widths}
        for layer in out.values():
            nn.init.zeros_(layer.weight)
            nn.init.zeros_(layer.bias)
        self.out = nn.ModuleDict(out)

    def forward(self, user_embedding: Tensor, width: int) -> Tensor:
        """(B, U) -> (B, D) with D the given token width."""
        shift: Tensor = self.out[str(width)](self.activation(self.hidden(user_embedding)))
        return shift


class PlugIn(nn.Module):
    """User features -> two shifts for each layer of one tower, or of the towers that share it.

    Args:
        encoder: fields and crossing layers.
        hidden_width: width inside the AdaNets.
        towers: the towers that this plug-in serves.
    """

    def __init__(
        self, encoder: UserEncoder, hidden_width: int, towers: Sequence[TowerShape]
    ) -> None:
        super().__init__()
        self.encoder = encoder
        nn.init.normal_(encoder.table.weight, std=FIELD_START)
        self.towers = {tower.name: tower for tower in towers}
        layers = max(tower.layers for tower in towers)
        widths = sorted({tower.width for tower in towers})
        self.ada_nets = nn.ModuleList(
            AdaNet(encoder.width, hidden_width, widths) for _ in range(2 * layers)
        )

    def forward(self, user_features: Tensor, correction: Tensor | None = None) -> dict[str, Tensor]:
        """(B, F, V) user features -> for each tower (B, layers, 2, D) shifts.

        Args:
            user_features: profile ids.
            correction: (U,) or (B, U), added to the user embeddings, see `taste`.
        """
        user_embedding = self.encoder(user_features)
        if correction is not None:
            user_embedding = user_embedding + correction
        shifts = {}
        for tower in self.towers.values():
            nets = self.ada_nets[: 2 * tower.layers]
            flat = torch.stack([net(user_embedding, tower.width) for net in nets], dim=1)
            shifts[tower.name] = flat.view(-1, tower.layers, 2, tower.width)
        return shifts
