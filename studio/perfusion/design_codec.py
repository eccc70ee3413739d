"""Designs as latents and back: what an autoencoder is to pictures."""

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import torch
from diffusers import ConfigMixin, ModelMixin
from diffusers.configuration_utils import register_to_config
from torch import Tensor

from studio.design.colours import NAMED_COLOURS, Lab, nearest_colour_name
from studio.design.families import FAMILIES
from studio.design.garment_rules import GARMENT_RULES
from studio.design.measures import (
    COLOURS,
    MEASURES,
    RANGES,
    Measures,
    in_range,
    lab_in_range,
    named_so,
    seen_beside,
)
from studio.design.outfit import Outfit
from studio.design.repair import likeliest
from studio.design.spec import DesignSpec
from studio.domain import CheckpointError

CODE_WIDTH = 8
"""Numbers of one code, and of one slot."""
SLOTS_PER_PLACE = 2
HEIGHT, WIDTH = 8, 4
_PLACES = HEIGHT * WIDTH
_MEASURE_SLOTS = (28, 29, 30)
_SEED = 20_261_129
_REPULSION_STEPS = 400
_TRIED = 4096
_BEGIN_ANEW = "Train the models of this checkpoint from random weights."
_DYE_SPREAD = 5.0
_SECOND_CENTRE, _SECOND_SPREAD = Lab(62.0, 8.0, 8.0), 28.0
_SHARE_SPREAD = 0.43
_SCALE_SPREAD = 0.3
_ANGLE_SPREAD = 18.0
_STRAIGHT_WITHIN = 4.0
"""Prints turned by less, in degrees, lie straight."""
_COLOUR_PLACE = list(FAMILIES).index("colour")


@dataclass(frozen=True)
class Settled:
    """What of a design is decided before its latents are read.

    Attributes:
        values: family -> value; they go together.
        measures: measure -> number or colour.
        asked: which of the families and measures phrases told.
        fixed: which families and measures a person set by hand.
        ruled_out: family -> values that never come, however likely; they leave some design.
        never_sold: those of them that the store's house rules rule out.
    """

    values: Mapping[str, str] = field(default_factory=dict)
    measures: Mapping[str, float | Lab] = field(default_factory=dict)
    asked: frozenset[str] = frozenset()
    fixed: frozenset[str] = frozenset()
    ruled_out: Mapping[str, frozenset[str]] = field(default_factory=dict)
    never_sold: Mapping[str, frozenset[str]] = field(default_factory=dict)


OPEN = Settled()
"""Nothing is."""


class DesignCodec(ModelMixin, ConfigMixin):
    """Writes designs into latents (16, 8, 4), and reads latents as the likeliest valid designs.

    A latent has 64 slots of 8 numbers: slot s is half s // 32 of the channels at place s % 32. A
    family's slot holds the code of its value: fixed unit vectors, far from each other, of mean
    square 1, so that like a picture's latents they drown in noise at its middle levels. Three
    slots hold the measures, scaled to about unit variance. All others are 0: room to grow.

    Nothing in it learns. The codes lie in the checkpoint, since a U-Net knows only its own.

    Args:
        families: family -> its values, of the studio that wrote the checkpoint.
        measures: the names of the measures.

    Raises:
        CheckpointError: it was written by a studio with other families or measures. Training goes
            on from an older studio's with `grown`.
    """

    codes: Tensor
    config_name = "config.json"

    @register_to_config
    def __init__(
        self,
        families: dict[str, list[str]] | None = None,
        measures: list[str] | None = None,
    ) -> None:
        super().__init__()
        own = {family: list(values) for family, values in FAMILIES.items()}
        if families is None or measures is None:
            self.register_to_config(families=own, measures=list(MEASURES))
        elif families != own or measures != list(MEASURES):
            raise CheckpointError(
                "This checkpoint was made for other families of designs than this studio has. "
                "Use the studio that came with it, or train it again."
            )
        widest = max(map(len, own.values()))
        self.register_buffer("codes", torch.zeros(len(own), widest, CODE_WIDTH))
        counts = torch.tensor([len(values) for values in own.values()])
        self.register_buffer("_counts", counts, persistent=False)
        named = torch.tensor([NAMED_COLOURS[name] for name in own["colour"]])
        self.register_buffer("_named", named, persistent=False)
        slots = _slots_of_families(len(own))
        self.register_buffer("_slots", torch.tensor(slots), persistent=False)

    @classmethod
    def new(cls) -> "DesignCodec":
        """The codec of this studio's families, with codes of its own."""
        codec: DesignCodec = cls()
        generator = torch.Generator().manual_seed(_SEED)
        for row, values in enumerate(FAMILIES.values()):
            found = separated_codes(len(values), generator)
            codec.codes[row, : len(values)] = found.half().float()  # as half precision keeps them
        codec.eval()
        return codec

    @classmethod
    def grown(cls, families: Mapping[str, Sequence[str]], codes: Tensor) -> "DesignCodec":
        """The codec of this studio's families that keeps the codes of an older studio's.

        A U-Net that knows those goes on learning from there: values that came since follow them
        in their family, with codes of their own, far from all others.

        Args:
            families: family -> its values, of the older studio, in any order.
            codes: (F, V, 8) theirs, in this studio's order of families.

        Raises:
            CheckpointError: families were renamed, or values renamed, moved or taken away.
        """
        if families.keys() != FAMILIES.keys():
            others = ", ".join(sorted(families))
            raise CheckpointError(f"The families were {others}. {_BEGIN_ANEW}")
        codec: DesignCodec = cls()
        generator = torch.Generator().manual_seed(_SEED)
        for row, (family, values) in enumerate(FAMILIES.items()):
            known = list(families[family])
            if known != list(values[: len(known)]):
                raise CheckpointError(f"The values of {family} were others. {_BEGIN_ANEW}")
            kept = codes[row, : len(known)]
            found = separated_codes(len(values), generator, kept.float())
            codec.codes[row, : len(values)] = found.half().float()
        codec.eval()
        return codec

    @property
    def latent_shape(self) -> tuple[int, int, int]:
        """(C, H, W) of one design."""
        return SLOTS_PER_PLACE * CODE_WIDTH, HEIGHT, WIDTH

    @property
    def live(self) -> Tensor:
        """(C, H, W) bool: the numbers that carry something."""
        slots = torch.zeros(SLOTS_PER_PLACE * _PLACES, CODE_WIDTH, dtype=torch.bool)
        slots[self._slots.cpu()] = True
        for place in range(_measure_numbers()):
            slots[_MEASURE_SLOTS[place // CODE_WIDTH], place % CODE_WIDTH] = True
        return _as_latents(slots[None])[0]

    def weights(self, families: Tensor) -> Tensor:
        """(B, C, H, W) weights of all numbers, of (B, F) those of families.

        Measures weigh 1, and what carries nothing 0.
        """
        live = self.live.to(families)
        slots = _as_slots(live[None].repeat(len(families), 1, 1, 1))
        slots[:, self._slots] *= families[..., None]
        return _as_latents(slots)

    # --- Designs to latents ------------------------------------------------------------------

    def encode(self, specs: Sequence[DesignSpec]) -> Tensor:
        """(B, C, H, W) fp32 latents of designs, in the scale of the U-Net."""
        places, measures = rows_of(specs)
        return self.encode_rows(places, measures)

    def encode_rows(self, places: Tensor, measures: Tensor) -> Tensor:
        """The same for designs as numbers.

        Args:
            places: (B, F) int64, `Outfit.places`.
            measures: (B, M) fp32, see `rows_of`.
        """
        codes = self.codes.float()
        rows = torch.arange(len(codes), device=codes.device)
        slots = codes.new_zeros(len(places), SLOTS_PER_PLACE * _PLACES, CODE_WIDTH)
        slots[:, self._slots] = codes[rows, places.to(codes.device)]
        scaled = self._scaled(places.to(codes.device), measures.to(codes.device))
        padded = torch.nn.functional.pad(
            scaled, (0, len(_MEASURE_SLOTS) * CODE_WIDTH - scaled.shape[1])
        )
        slots[:, list(_MEASURE_SLOTS)] = padded.view(len(places), -1, CODE_WIDTH)
        return _as_latents(slots)

    # --- Latents to designs ------------------------------------------------------------------

    @torch.no_grad()
    def costs(self, latents: Tensor) -> Tensor:
        """(B, F, V) how much less likely each value is than its family's likeliest, in nats.

        They follow from the squared distances to the codes under noise of variance 1/2; values
        that a family does not have are infinite.
        """
        slots = _as_slots(latents.float())[:, self._slots]  # (B, F, 8)
        codes = self.codes.float()
        distances = (slots[:, :, None] - codes[None]).square().sum(-1)  # (B, F, V)
        missing = torch.arange(codes.shape[1], device=codes.device) >= self._counts[:, None]
        distances = distances.masked_fill(missing, math.inf)
        return distances - distances.amin(-1, keepdim=True)

    @torch.no_grad()
    def decode(self, latents: Tensor, settled: Sequence[Settled]) -> list[DesignSpec]:
        """The likeliest valid designs of latents; what is settled stands.

        Args:
            latents: (B, C, H, W) in the scale of the U-Net.
            settled: one for each.
        """
        costs = self.costs(latents).cpu()
        measures = self._measure_slots(latents).cpu().tolist()
        return [
            _read(table, numbers, known)
            for table, numbers, known in zip(costs, measures, settled, strict=True)
        ]

    def _measure_slots(self, latents: Tensor) -> Tensor:
        slots = _as_slots(latents.float())[:, list(_MEASURE_SLOTS)]
        return slots.flatten(1)[:, : _measure_numbers()]

    def _scaled(self, places: Tensor, measures: Tensor) -> Tensor:
        """(B, M) measures in about unit variance; the main colour beside its name's."""
        colour = (measures[:, :3] - self._named[places[:, _COLOUR_PLACE]]) / _DYE_SPREAD
        centre = measures.new_tensor(_SECOND_CENTRE)
        others = [(measures[:, 3 * i : 3 * i + 3] - centre) / _SECOND_SPREAD for i in (1, 2)]
        rest = measures[:, 9:]
        names = MEASURES[len(COLOURS) :]
        columns = [_scale(name, rest[:, column]) for column, name in enumerate(names)]
        return torch.cat([colour, *others, torch.stack(columns, dim=1)], dim=1)


def rows_of(specs: Sequence[DesignSpec]) -> tuple[Tensor, Tensor]:
    """Designs as numbers: (B, F) int64 places of their values, and (B, M) fp32 measures.

    A row of measures has lightness, a and b of each colour, then the others, as `MEASURES` names
    them.
    """
    places = torch.tensor([spec.outfit.places() for spec in specs])
    rows = []
    for spec in specs:
        colours = [part for name in COLOURS for part in getattr(spec.measures, name)]
        rows.append(colours + [getattr(spec.measures, name) for name in MEASURES[len(COLOURS) :]])
    return places, torch.tensor(rows, dtype=torch.float32)


def separated_codes(count: int, generator: torch.Generator, kept: Tensor | None = None) -> Tensor:
    """(count, 8) vectors of mean square 1, as far from each other as there is room for.

    Up to nine values are the corners of a simplex, all equally far. More are pushed apart.

    Args:
        count: of vectors.
        generator: where they begin.
        kept: (n, 8) the first n, which stay as they are; each further one begins where there is
            most room.
    """
    if kept is not None and len(kept):
        return _beside(kept, count, generator)
    rotation, _ = torch.linalg.qr(torch.randn(CODE_WIDTH, CODE_WIDTH, generator=generator))
    if count <= CODE_WIDTH + 1:
        corners = torch.eye(count) - 1 / count
        flat = torch.linalg.svd(corners).U[:, : max(count - 1, 1)]
        unit = torch.nn.functional.normalize(flat, dim=1) if count > 1 else torch.ones(1, 1)
        padded = torch.nn.functional.pad(unit, (0, CODE_WIDTH - unit.shape[1]))
        placed: Tensor = padded @ rotation * math.sqrt(CODE_WIDTH)
        return placed
    points = torch.nn.functional.normalize(
        torch.randn(count, CODE_WIDTH, generator=generator), dim=1
    )
    return _pushed_apart(points, 0) * math.sqrt(CODE_WIDTH)


def _beside(kept: Tensor, count: int, generator: torch.Generator) -> Tensor:
    points = torch.nn.functional.normalize(kept, dim=1)
    while len(points) < count:
        tried = torch.randn(_TRIED, CODE_WIDTH, generator=generator)
        tried = torch.nn.functional.normalize(tried, dim=1)
        farthest = (tried @ points.T).amax(dim=1).argmin()
        points = torch.cat([points, tried[farthest, None]])
    placed = _pushed_apart(points, len(kept)) * math.sqrt(CODE_WIDTH)
    return torch.cat([kept, placed[len(kept) :]])


def _pushed_apart(points: Tensor, fixed: int) -> Tensor:
    """(n, 8) unit vectors that have moved away from each other; the first `fixed` stay."""
    moving = torch.arange(len(points))[:, None] >= fixed
    for step in range(_REPULSION_STEPS):
        apart = points[:, None] - points[None]
        squared = apart.square().sum(-1) + 4 * torch.eye(len(points))
        push = (apart * (-4.0 * (1 + step / 40) * squared).exp()[..., None]).sum(1) * moving
        stride = 0.1 / push.norm(dim=1).amax().clamp(min=1e-9) * (1 - step / _REPULSION_STEPS)
        points = torch.nn.functional.normalize(points + stride * push, dim=1)
    return points


def _slots_of_families(count: int) -> list[int]:
    """The first families fill the places before the measures, further ones the second half."""
    free = [slot for slot in range(SLOTS_PER_PLACE * _PLACES) if slot not in _MEASURE_SLOTS]
    return free[:count]


def _measure_numbers() -> int:
    return 3 * len(COLOURS) + len(RANGES)


def _as_latents(slots: Tensor) -> Tensor:
    """(B, 64, 8) -> (B, 16, 8, 4)."""
    halves = slots.view(-1, SLOTS_PER_PLACE, HEIGHT, WIDTH, CODE_WIDTH)
    return halves.permute(0, 1, 4, 2, 3).reshape(-1, SLOTS_PER_PLACE * CODE_WIDTH, HEIGHT, WIDTH)


def _as_slots(latents: Tensor) -> Tensor:
    """(B, 16, 8, 4) -> (B, 64, 8)."""
    halves = latents.reshape(-1, SLOTS_PER_PLACE, CODE_WIDTH, HEIGHT, WIDTH)
    return halves.permute(0, 1, 3, 4, 2).reshape(-1, SLOTS_PER_PLACE * _PLACES, CODE_WIDTH)


def _scale(name: str, numbers: Tensor) -> Tensor:
    if name == "print_scale":
        return numbers.log() / _SCALE_SPREAD
    return numbers / (_ANGLE_SPREAD if name == "print_angle" else _SHARE_SPREAD)


def _unscale(name: str, number: float) -> float:
    if name == "print_scale":
        return in_range(name, math.exp(number * _SCALE_SPREAD))
    if name == "print_angle":
        angle = in_range(name, number * _ANGLE_SPREAD)
        return 0.0 if abs(angle) < _STRAIGHT_WITHIN else angle
    return in_range(name, number * _SHARE_SPREAD)


def _read(table: Tensor, numbers: Sequence[float], settled: Settled) -> DesignSpec:
    """One design out of its costs (F, V) and its scaled measures."""
    outfit, repaired = _outfit(table, settled, settled.ruled_out)
    measures = _measures(outfit, numbers, settled)
    by_rules = _changed_by_rules(table, settled)
    return DesignSpec(outfit, measures, settled.asked, repaired - by_rules, settled.fixed, by_rules)


def _outfit(
    table: Tensor, settled: Settled, ruled_out: Mapping[str, frozenset[str]]
) -> tuple[Outfit, frozenset[str]]:
    """The likeliest outfit that can be worn, and where it is not the likeliest value itself."""
    costs = {
        family: {
            value: cost
            for value, cost in zip(options, row, strict=False)
            if value not in ruled_out.get(family, ())
        }
        for (family, options), row in zip(FAMILIES.items(), table.tolist(), strict=True)
    }
    values = {
        family: settled.values.get(family) or min(found, key=found.__getitem__)
        for family, found in costs.items()
    }
    outfit = Outfit(values)
    if not GARMENT_RULES.first_broken(outfit):
        return outfit, frozenset()
    found = likeliest(costs, settled.values)
    return found.outfit, found.changed


def _changed_by_rules(table: Tensor, settled: Settled) -> frozenset[str]:
    """The families that would have a value which the store never sells."""
    never = settled.never_sold
    if not never:
        return frozenset()
    without = {
        family: values - never.get(family, frozenset())
        for family, values in settled.ruled_out.items()
    }
    free, _ = _outfit(table, settled, without)
    return frozenset(
        family
        for family, values in never.items()
        if family not in settled.values and free[family] in values
    )


def _measures(outfit: Outfit, numbers: Sequence[float], settled: Settled) -> Measures:
    typical = NAMED_COLOURS[outfit["colour"]]
    dyed = Lab(*(part + _DYE_SPREAD * n for part, n in zip(typical, numbers[:3], strict=True)))
    colour = named_so(lab_in_range(dyed), outfit["colour"])
    ground = settled.measures.get("colour", colour)
    refused = settled.ruled_out.get("colour", frozenset())
    found: dict[str, Any] = {"colour": colour}
    for index, name in enumerate(COLOURS[1:], start=1):
        parts = zip(_SECOND_CENTRE, numbers[3 * index : 3 * index + 3], strict=True)
        second = lab_in_range(Lab(*(part + _SECOND_SPREAD * n for part, n in parts)))
        second = seen_beside(second, ground) if isinstance(ground, Lab) else second
        found[name] = _not_refused(second, refused)
    for name, number in zip(RANGES, numbers[9:], strict=True):
        found[name] = _unscale(name, number)
    return Measures(**{**found, **settled.measures})


def _not_refused(colour: Lab, refused: Collection[str]) -> Lab:
    """The colour, or the nearest named one that nobody refused."""
    if nearest_colour_name(colour) not in refused:
        return colour
    left = [named for name, named in NAMED_COLOURS.items() if name not in refused]
    return min(left, key=colour.distance, default=colour)
