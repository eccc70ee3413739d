"""The codes of values, and those of values that came later."""

import pytest
import torch

from studio.design.families import FAMILIES
from studio.domain import CheckpointError
from studio.perfusion.design_codec import CODE_WIDTH, DesignCodec, separated_codes


def generator():
    return torch.Generator().manual_seed(0)


def nearest(codes):
    """The distance of the two codes that are nearest to each other."""
    distances = torch.cdist(codes, codes) + 1e3 * torch.eye(len(codes))
    return float(distances.min())


def older(fewer=1):
    """The families of a studio that had fewer values, and its codes."""
    families = {
        family: list(values[: max(2, len(values) - fewer)]) for family, values in FAMILIES.items()
    }
    codes = torch.zeros_like(DesignCodec.new().codes)
    for row, values in enumerate(families.values()):
        codes[row, : len(values)] = separated_codes(len(values), generator())
    return families, codes


@pytest.mark.parametrize("count", [2, 9, 10, 23, 40])
def test_codes_are_of_mean_square_one_and_far_apart(count):
    codes = separated_codes(count, generator())

    assert torch.allclose(codes.square().mean(1), torch.ones(count), atol=1e-5)
    assert nearest(codes) > (2.9 if count <= 9 else 1.5)


@pytest.mark.parametrize(("before", "count"), [(2, 3), (9, 12), (9, 22), (12, 24), (23, 30)])
def test_codes_that_come_later_are_far_from_the_older_ones_which_stay(before, count):
    first = separated_codes(before, generator())

    codes = separated_codes(count, generator(), first)

    assert torch.equal(codes[:before], first)
    assert torch.allclose(codes.square().mean(1), torch.ones(count), atol=1e-5)
    assert nearest(codes) > 0.8 * nearest(separated_codes(count, generator()))


def test_a_grown_codec_keeps_the_codes_of_the_older_studio():
    families, codes = older(fewer=3)

    grown = DesignCodec.grown(families, codes)

    for row, values in enumerate(FAMILIES.values()):
        known = len(list(families.values())[row])
        assert torch.allclose(grown.codes[row, :known], codes[row, :known], atol=2e-3)
        assert nearest(grown.codes[row, : len(values)]) > 1.0
    assert grown.codes.shape[-1] == CODE_WIDTH


def test_it_grows_alike_each_time():
    assert torch.equal(DesignCodec.grown(*older(3)).codes, DesignCodec.grown(*older(3)).codes)


def test_a_codec_that_lacks_nothing_stays_as_it_is():
    codes = DesignCodec.new().codes

    assert torch.equal(DesignCodec.grown(FAMILIES, codes).codes, codes)


def test_families_and_values_that_were_others_are_refused():
    families, codes = older(0)
    renamed = {("garment" if name == "category" else name): v for name, v in families.items()}
    moved = families | {"fabric": list(reversed(families["fabric"]))}
    further = families | {"fabric": [*families["fabric"], "felted moonlight"]}

    for others in (renamed, moved, further):
        with pytest.raises(CheckpointError, match="from random weights"):
            DesignCodec.grown(others, codes)
