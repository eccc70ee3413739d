"""User features -> user embedding: field tables, then crossing layers (Eq. 2)."""

from collections.abc import Sequence
from typing import Literal

import torch
from torch import Tensor, nn

from studio.domain import CheckpointError
from studio.perfusion.profile import UNKNOWN_ID, EncodedProfile, ProfileSchema

NO_VALUE = -1
"""Fills the places of `user_features` where a field has fewer values than the widest one."""

CrossKind = Literal["vector", "matrix"]


def stack_profiles(profiles: Sequence[EncodedProfile]) -> Tensor:
    """Encoded profiles of one schema as one tensor.

    Returns:
        (B, F, V) int64 table ids; V is the largest number of values in any field, and places
        without a value hold NO_VALUE.
    """
    width = max(len(ids) for profile in profiles for ids in profile.ids)
    rows = [
        [list(ids) + [NO_VALUE] * (width - len(ids)) for ids in profile.ids] for profile in profiles
    ]
    return torch.tensor(rows, dtype=torch.int64)


def rows_for(old: ProfileSchema, new: ProfileSchema) -> Tensor:
    """For every row of the new schema's table the row of the old one that it starts from.

    Raises:
        CheckpointError: the schemas ask different questions.
    """
    rows: list[int] = []
    first = 0
    if [(field.name, field.kind) for field in old.fields] != [
        (field.name, field.kind) for field in new.fields
    ]:
        raise CheckpointError(
            "The model was trained on profiles with other fields than these rounds have. Train "
            "from a checkpoint without it."
        )
    for before, after in zip(old.fields, new.fields, strict=True):
        place = {answer: first + number for number, answer in enumerate(before.answers, 1)}
        rows += [first + UNKNOWN_ID, *(place.get(a, first + UNKNOWN_ID) for a in after.answers)]
        first += before.table_size
    return torch.tensor(rows)


def forget_fields(user_features: Tensor, probability: Tensor, generator: torch.Generator) -> Tensor:
    """Make fields *unknown* by chance, so that the model learns to do without them.

    Args:
        user_features: (B, F, V) int64, as `stack_profiles` gives it.
        probability: (F,) chance of each field to be forgotten, in [0, 1].
        generator: source of chance, on the CPU.

    Returns:
        (B, F, V) int64, a new tensor.
    """
    batch, fields, _ = user_features.shape
    lot = torch.rand((batch, fields), generator=generator).to(user_features.device)
    forgotten = (lot < probability.to(user_features.device)).unsqueeze(-1)
    unknown = torch.full_like(user_features, NO_VALUE)
    unknown[..., 0] = UNKNOWN_ID
    return torch.where(forgotten, unknown, user_features)


class CrossLayer(nn.Module):
    """u_{l+1} = u_0 (u_l . w) + b + u_l: one more degree of products between fields.

    Source: PerFusion (arXiv 2503.22182), Eq. 2, which is DCN v1. `matrix` is DCN v2's
    u_0 * (W u_l + b) + u_l, a choice the paper does not make.

    Args:
        width: length U of the user vector.
        kind: `vector` or `matrix`.
    """

    def __init__(self, width: int, kind: CrossKind = "vector") -> None:
        super().__init__()
        self.kind = kind
        rows = 1 if kind == "vector" else width
        self.weight = nn.Parameter(torch.randn(rows, width) * width**-0.5)
        self.bias = nn.Parameter(torch.zeros(width))

    def forward(self, first: Tensor, current: Tensor) -> Tensor:
        """u_0 (B, U) and u_l (B, U) -> u_{l+1} (B, U)."""
        product = current @ self.weight.T  # (B, 1) or (B, U)
        if self.kind == "vector":
            return first * product + self.bias + current
        return first * (product + self.bias) + current


class UserEncoder(nn.Module):
    """What a store tells about itself as one vector in which the fields have met each other.

    Source: PerFusion (arXiv 2503.22182), Eq. 2 and the embedding of fields before it.

    Args:
        table_sizes: ids of each field, *unknown* included.
        field_width: length of one field's embedding.
        cross_layers: crossing layers; 0 leaves the plain concatenation.
        cross: kind of the crossing layers.
    """

    def __init__(
        self,
        table_sizes: Sequence[int],
        field_width: int = 16,
        cross_layers: int = 3,
        cross: CrossKind = "vector",
    ) -> None:
        super().__init__()
        self.table = nn.Embedding(sum(table_sizes), field_width)
        nn.init.normal_(self.table.weight, std=field_width**-0.5)
        offsets = torch.tensor([sum(table_sizes[:index]) for index in range(len(table_sizes))])
        self.offsets = nn.Buffer(offsets, persistent=False)
        self.width = len(table_sizes) * field_width
        self.cross_layers = nn.ModuleList(
            CrossLayer(self.width, cross) for _ in range(cross_layers)
        )

    @classmethod
    def for_schema(
        cls,
        schema: ProfileSchema,
        field_width: int = 16,
        cross_layers: int = 3,
        cross: CrossKind = "vector",
    ) -> "UserEncoder":
        """An encoder with a table for each field of the schema."""
        sizes = [field.table_size for field in schema.fields]
        return cls(sizes, field_width, cross_layers, cross)

    def forward(self, user_features: Tensor) -> Tensor:
        """(B, F, V) int64 ids, NO_VALUE where there is none -> (B, U) user embeddings.

        A field with several values is the mean of their embeddings.
        """
        given = (user_features != NO_VALUE).unsqueeze(-1)  # (B, F, V, 1)
        rows = user_features.clamp(min=0) + self.offsets.view(1, -1, 1)
        embedded = self.table(rows) * given  # (B, F, V, E)
        fields = embedded.sum(dim=2) / given.sum(dim=2).clamp(min=1)  # (B, F, E)
        first = fields.flatten(1)  # (B, U)
        crossed: Tensor = first
        for layer in self.cross_layers:
            crossed = layer(first, crossed)
        return crossed
