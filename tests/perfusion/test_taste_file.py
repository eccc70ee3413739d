import json

import pytest
import torch
from safetensors.torch import load, save

from studio.domain import TasteError
from studio.perfusion.kin import COUNT
from studio.perfusion.profile import Profile
from studio.perfusion.taste_evidence import Evidence
from studio.perfusion.taste_file import LARGEST_FILE, TasteFile


def a_file(designs: int = 3, rounds: int = 2) -> TasteFile:
    torch.manual_seed(0)
    answered = [
        (
            {model: Evidence(torch.randn(designs, COUNT + 1)) for model in ("reward", "generator")},
            [place == 0 for place in range(designs)],
        )
        for _ in range(rounds)
    ]
    profile = Profile.of(style=["minimalist"], store_id="store-12")
    return TasteFile("Anna", profile, "models", "mark", answered)


def changed(content: bytes, **scores: torch.Tensor) -> TasteFile:
    """A file with other numbers, and a checksum that fits them."""
    read = TasteFile.from_bytes(content)
    evidence, ticked = read.rounds[0]
    bad = {**evidence, **{model: Evidence(each) for model, each in scores.items()}}
    return TasteFile(read.name, read.profile, read.checkpoint, read.mark, [(bad, ticked)])


def test_all_of_it_is_read_back_but_for_the_stores_key():
    file = a_file()

    read = TasteFile.from_bytes(file.to_bytes())

    assert (read.name, read.checkpoint, read.mark) == ("Anna", "models", "mark")
    assert read.profile == Profile.of(style=["minimalist"])
    for (evidence, ticked), (other, others) in zip(read.rounds, file.rounds, strict=True):
        assert ticked == others
        for model, each in evidence.items():
            assert torch.equal(each.scores, other[model].scores)


def test_it_is_small():
    assert len(a_file(designs=8, rounds=10).to_bytes()) < 80_000


@pytest.mark.parametrize("place", [3, 40, 700, -1])
def test_a_file_that_lost_a_bit_on_its_way_is_refused(place):
    content = bytearray(a_file().to_bytes())
    content[place] ^= 1

    with pytest.raises(TasteError):
        TasteFile.from_bytes(bytes(content))


@pytest.mark.parametrize("content", [b"", b"PK", b"\xff" * 64, b"\x00" * (LARGEST_FILE + 1)])
def test_other_files_are_refused(content):
    with pytest.raises(TasteError, match="no taste that this studio can read"):
        TasteFile.from_bytes(content)


def test_a_file_cut_short_and_one_without_what_it_has_to_say_are_refused():
    content = a_file().to_bytes()
    for other in (content[:-7], save(load(content)), save(load(content), {"version": "1"})):
        with pytest.raises(TasteError, match="no taste that this studio can read"):
            TasteFile.from_bytes(other)


def test_another_version_is_told():
    content = a_file().to_bytes()
    length = int.from_bytes(content[:8], "little")
    told = json.loads(content[8 : 8 + length])["__metadata__"]

    with pytest.raises(TasteError, match="another version"):
        TasteFile.from_bytes(save(load(content), {**told, "version": "9"}))


@pytest.mark.parametrize(
    "scores",
    [
        torch.full((3, COUNT + 1), float("nan")),
        torch.full((3, COUNT + 1), 1e30),
        torch.zeros(4, COUNT + 1),
        torch.zeros(3, 5),
    ],
)
def test_absurd_numbers_are_refused_though_their_checksum_fits(scores):
    content = changed(a_file().to_bytes(), reward=scores).to_bytes()

    with pytest.raises(TasteError, match="no round of any store"):
        TasteFile.from_bytes(content)


def test_a_file_without_rounds_says_nothing():
    with pytest.raises(TasteError, match="no round of any store"):
        TasteFile.from_bytes(a_file(rounds=0).to_bytes())
