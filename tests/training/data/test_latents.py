import copy
import random
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from studio.design.spec import DesignSpec
from studio.perfusion.checkpoint_pipeline import CheckpointPipeline
from studio.perfusion.design_codec import DesignCodec, Settled
from tests.tiny_models import HEIGHT_PX, WIDTH_PX, tiny_pipeline
from tests.training.tiny_rounds import write_tiny_rounds
from training.atelier.grammar import build_phrasebook
from training.atelier.world import sample_design, sample_outfit
from training.data.groups import read_rounds, write_rounds
from training.data.kept_rows import RowsOnDisk
from training.data.latents import (
    BAD_DESIGN,
    NOTHING_TOLD,
    WITHOUT_PICTURES,
    ShownLatents,
    designs_of,
    latents_of,
    latents_of_designs,
)

SIZE_PX = (HEIGHT_PX, WIDTH_PX)
BOOK = build_phrasebook()


@pytest.fixture(scope="module")
def codec() -> DesignCodec:
    return DesignCodec.new()


@pytest.fixture(scope="module")
def of_pictures() -> CheckpointPipeline:
    return tiny_pipeline(decoder="vae")


def shown(folder: Path, pipeline: CheckpointPipeline) -> ShownLatents:
    cache = folder.parent / "cache"
    return latents_of(read_rounds(folder), pipeline, SIZE_PX, cache, BOOK)


def all_of(rows: torch.Tensor | RowsOnDisk) -> torch.Tensor:
    return rows[list(range(len(rows)))]


# --- Designs ---------------------------------------------------------------------------------


def test_latents_of_a_round_say_which_designs_it_showed(
    tmp_path: Path, pipeline: CheckpointPipeline, codec: DesignCodec
):
    rounds = write_tiny_rounds(tmp_path / "export")

    found = shown(tmp_path / "export", pipeline)

    assert not found.problems
    for each in rounds:
        designs = [DesignSpec.from_json(text) for text in each.designs]
        latents = found.table[list(found.rows[each.id])]
        torch.testing.assert_close(latents, codec.encode(designs))
        read = codec.decode(latents, [Settled()] * len(designs))
        assert [one.outfit for one in read] == [one.outfit for one in designs]


def test_a_design_that_is_shown_twice_has_one_row(tmp_path: Path, codec: DesignCodec):
    first, *_ = write_tiny_rounds(tmp_path)
    twice = replace(read_rounds(tmp_path), rounds=(first, replace(first, id="again")))

    found = latents_of_designs(twice, codec)

    assert found.rows["again"] == found.rows[first.id]
    assert len(found.table) == len(first.designs)


def test_an_old_round_tells_its_designs_in_phrases(tmp_path: Path):
    first, *_ = write_tiny_rounds(tmp_path)
    outfits = [
        sample_outfit(random.Random(seed), category="dress", colour="red") for seed in range(3)
    ]
    asked = BOOK.parse("frock, scarlet")
    lots = tuple(", ".join(BOOK.beyond(asked, outfit)) for outfit in outfits)
    old = replace(first, prompt="frock, scarlet", designs=(), lots=lots)

    found = designs_of(old, BOOK)

    assert found is not None
    assert [each.outfit for each in found] == outfits
    assert {each.asked for each in found} == {frozenset({"category", "colour"})}


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"designs": ()}, NOTHING_TOLD),
        ({"designs": (), "lots": ("midi", "", "maxi")}, NOTHING_TOLD),
        ({"designs": ("", "", "")}, NOTHING_TOLD),
        ({"designs": ("{", "{", "{")}, BAD_DESIGN),
    ],
)
def test_a_round_that_does_not_tell_its_designs_is_left_out_with_the_reason(
    tmp_path: Path, codec: DesignCodec, changes: dict[str, tuple[str, ...]], reason: str
):
    first, second, *_ = write_tiny_rounds(tmp_path)
    vague = replace(first, prompt="red", **changes)  # type: ignore[arg-type]  # names of texts
    rounds = replace(read_rounds(tmp_path), rounds=(vague, second))

    found = latents_of_designs(rounds, codec, BOOK)

    assert found.problems == {first.id: reason}
    assert found.rows.keys() == {second.id}


def test_where_nothing_is_told_there_are_no_latents(tmp_path: Path, codec: DesignCodec):
    rounds = write_tiny_rounds(tmp_path)
    silent = tuple(replace(each, designs=()) for each in rounds)

    found = latents_of_designs(replace(read_rounds(tmp_path), rounds=silent), codec)

    assert found.table.shape == (0, *codec.latent_shape)
    assert len(found.problems) == len(rounds)


def test_designs_of_the_world_come_back_from_their_latents(codec: DesignCodec):
    designs = [sample_design(random.Random(seed)) for seed in range(20)]

    read = codec.decode(codec.encode(designs), [Settled()] * 20)

    assert [each.outfit for each in read] == [each.outfit for each in designs]


# --- Pictures --------------------------------------------------------------------------------


def test_a_second_run_reads_the_same_latents_from_the_cache(
    tmp_path: Path, of_pictures: CheckpointPipeline
):
    write_tiny_rounds(tmp_path / "export")
    first = shown(tmp_path / "export", of_pictures)
    for image in (tmp_path / "export" / "images").iterdir():
        image.write_bytes(b"")  # only the cache can know them now

    second = shown(tmp_path / "export", of_pictures)

    assert first.table.shape[1:] == (4, 8, 4)
    assert torch.equal(all_of(first.table), all_of(second.table))


@pytest.mark.parametrize(("part", "files"), [("decoder", 1), ("encoder", 2)])
def test_another_decoder_reads_the_same_latents_from_the_cache(
    tmp_path: Path, of_pictures: CheckpointPipeline, part: str, files: int
):
    write_tiny_rounds(tmp_path / "export")
    shown(tmp_path / "export", of_pictures)
    changed = tiny_pipeline(decoder="vae")
    changed.vae = copy.deepcopy(of_pictures.vae)
    with torch.no_grad():
        for weight in getattr(changed.vae, part).parameters():
            weight.add_(0.1)

    shown(tmp_path / "export", changed)

    assert len(list((tmp_path / "cache").glob("latents-*.rows"))) == files


def test_a_half_written_cache_is_made_again(tmp_path: Path, of_pictures: CheckpointPipeline):
    write_tiny_rounds(tmp_path / "export")
    first = shown(tmp_path / "export", of_pictures)
    [cache] = (tmp_path / "cache").glob("latents-*.rows")
    cache.write_bytes(cache.read_bytes()[:100])

    second = shown(tmp_path / "export", of_pictures)

    assert torch.equal(all_of(first.table), all_of(second.table))


def test_rounds_with_damaged_or_without_pictures_are_left_out(
    tmp_path: Path, of_pictures: CheckpointPipeline
):
    rounds = write_tiny_rounds(tmp_path / "export")
    (tmp_path / "export" / rounds[0].images[0]).write_bytes(b"no picture")
    write_rounds(tmp_path / "export", [*rounds[:-1], replace(rounds[-1], images=())])

    found = shown(tmp_path / "export", of_pictures)

    assert found.problems == {
        rounds[0].id: "with a damaged image",
        rounds[-1].id: WITHOUT_PICTURES,
    }
    assert found.rows.keys() == {each.id for each in rounds[1:-1]}
    assert len(found.table) == sum(len(each.images) for each in rounds[1:-1])
