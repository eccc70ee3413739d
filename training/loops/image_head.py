"""Trains a head on frozen image features: what all stores tick, whatever was asked."""

import torch
from torch import Tensor, nn
from torch.optim import AdamW

from studio.perfusion.reward_loss import reward_loss
from training.data.batches import ImageBank, batch_of_step
from training.data.groups import Round, Rounds, informative

STEPS = 400
_HIDDEN_WIDTH = 64
_BATCH_SIZE = 64
_LEARNING_RATE = 2e-3
_WEIGHT_DECAY = 0.05


class ImageHead(nn.Module):
    """Says of an image's features alone how much it is liked (LAION aesthetics' idea).

    Args:
        width: of the features.
    """

    def __init__(self, width: int) -> None:
        super().__init__()
        self.layers = nn.Sequential(
            nn.Linear(width, _HIDDEN_WIDTH), nn.GELU(), nn.Linear(_HIDDEN_WIDTH, 1)
        )

    def forward(self, image_features: Tensor) -> Tensor:
        """(..., D) unit-length features -> (...) scores."""
        scores: Tensor = self.layers(image_features * image_features.shape[-1] ** 0.5)
        return scores.squeeze(-1)


def train_image_head(
    rounds: Rounds, bank: ImageBank, seed: int = 0, steps: int = STEPS
) -> ImageHead:
    """A head that orders the images of a round as the average store does.

    Args:
        rounds: to learn from; those that compare nothing, or whose images can't be used, are
            passed over.
        bank: features of their images.
        seed: of weights and order.
        steps: optimiser updates.

    Raises:
        ValueError: the backbone has a single tower, or there is nothing to learn from.
    """
    usable = [
        each
        for each in informative(rounds).rounds
        if all(name in bank.rows for name in each.images)
    ]
    if bank.features is None or not usable:
        raise ValueError("An image head needs image features, and rounds that compare something.")
    sizes = sorted({len(each.images) for each in usable})
    tables = [_table([each for each in usable if len(each.images) == n], bank) for n in sizes]
    torch.manual_seed(seed)
    head = ImageHead(bank.features.shape[1])
    optimiser = AdamW(head.parameters(), _LEARNING_RATE, weight_decay=_WEIGHT_DECAY)
    for step in range(steps):
        number, rows = batch_of_step([len(t[1]) for t in tables], _BATCH_SIZE, seed, step)
        features, labels = tables[number]
        optimiser.zero_grad(set_to_none=True)
        torch.autograd.backward(reward_loss(head(features[rows]), labels[rows]).mean())
        optimiser.step()
    return head.eval()


def _table(rounds: list[Round], bank: ImageBank) -> tuple[Tensor, Tensor]:
    """(R, N, D) features and (R, N) labels of rounds with N images each."""
    rows = torch.tensor([[bank.rows[name] for name in each.images] for each in rounds])
    return bank.features_of(rows), torch.tensor([each.labels for each in rounds])
