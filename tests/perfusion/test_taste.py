"""A taste as a small record: written, read, and refused where it does not belong."""

import pytest
import torch
from safetensors.torch import save

from studio.domain import TasteError
from studio.perfusion.taste import NO_TASTE, Taste

LEARNT = Taste(torch.arange(4.0), torch.arange(3.0))


def test_a_taste_is_read_as_it_was_written():
    read = Taste.from_bytes(LEARNT.to_bytes())

    assert read.mark == LEARNT.mark
    for found, kept in ((read.reward, LEARNT.reward), (read.generator, LEARNT.generator)):
        assert found is not None
        assert kept is not None
        assert torch.equal(found, kept)
    assert Taste.from_bytes(NO_TASTE.to_bytes()).mark == ""


def test_another_content_has_another_mark():
    assert LEARNT.mark != Taste(LEARNT.reward, None).mark != ""


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"no tensors",
        save({"reward": torch.tensor([float("nan")])}),
        save({"reward": torch.ones(2, 2)}),
        save({"reward": torch.ones(2, dtype=torch.int64)}),
        save({"something": torch.ones(2)}),
    ],
)
def test_what_is_no_taste_is_refused_with_a_sentence(content):
    with pytest.raises(TasteError, match="no taste which this studio can read"):
        Taste.from_bytes(content)


def test_a_taste_of_another_checkpoint_is_refused():
    LEARNT.check_fits(reward=4, generator=3)
    NO_TASTE.check_fits(reward=4, generator=3)
    with pytest.raises(TasteError, match="another checkpoint"):
        LEARNT.check_fits(reward=5)
