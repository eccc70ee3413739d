from dataclasses import replace
from pathlib import Path

import pytest
import torch

from studio.perfusion.checkpoint_pipeline import CheckpointPipeline
from tests.tiny_models import HEIGHT_PX, WIDTH_PX, tiny_pipeline
from tests.tiny_reward_models import ANNA, SCHEMA
from tests.training.tiny_rounds import write_tiny_rounds
from training.atelier.grammar import build_phrasebook
from training.data.groups import Rounds, read_rounds, write_rounds
from training.data.kept_rows import RowsOnDisk
from training.data.latent_rounds import (
    LatentGroups,
    ReferenceErrors,
    RoundsUnusableError,
    prepare_groups,
)

SIZE_PX = (HEIGHT_PX, WIDTH_PX)


def prepared(folder: Path, pipeline: CheckpointPipeline) -> tuple[LatentGroups, Rounds]:
    cache = folder.parent / "cache"
    return prepare_groups(read_rounds(folder), pipeline, SCHEMA, SIZE_PX, cache)


def all_of(rows: torch.Tensor | RowsOnDisk) -> torch.Tensor:
    return rows[list(range(len(rows)))]


def test_every_round_finds_its_latents_text_and_store(tmp_path: Path, pipeline: CheckpointPipeline):
    rounds = write_tiny_rounds(tmp_path / "export")

    data, kept = prepared(tmp_path / "export", pipeline)

    assert len(kept.rounds) == len(data.groups) == len(rounds)
    assert data.latents.shape[1:] == (16, 8, 4)
    for each, group in zip(rounds, data.groups, strict=True):
        assert data.prompts[group.prompt] == each.prompt
        assert group.store_id == each.store_id
        assert group.chosen.tolist() == [label == 1 for label in each.labels]
    expected = pipeline.encode_prompts([rounds[0].prompt])[0]
    torch.testing.assert_close(data.prompt_embeds[data.groups[0].prompt], expected)


def test_a_round_is_told_in_plain_phrases_of_what_was_asked_for(
    tmp_path: Path, pipeline: CheckpointPipeline
):
    (first, *_) = write_tiny_rounds(tmp_path / "export")
    rounds = read_rounds(tmp_path / "export")
    asked = replace(first, prompt="scarlet, frock", lots=("midi",) * len(first.images))
    rounds = replace(rounds, rounds=(asked,))

    known, typed = (
        prepare_groups(rounds, pipeline, SCHEMA, SIZE_PX, tmp_path / "cache", book)[0]
        for book in (build_phrasebook(), None)
    )

    assert known.prompts == ("", "dress, red")
    assert typed.prompts == ("", "scarlet, frock")
    assert [group.prompt for group in known.groups] == [1]


@pytest.mark.parametrize("ticks", [0, 4])
def test_an_export_in_which_nothing_is_compared_says_what_to_do(
    tmp_path: Path, pipeline: CheckpointPipeline, ticks: int
):
    write_tiny_rounds(tmp_path / "export", ticks=ticks)

    with pytest.raises(
        RoundsUnusableError, match=r"8 with no candidate ticked more .* Tick what you"
    ):
        prepared(tmp_path / "export", pipeline)


def test_pictures_of_another_size_are_refused_with_the_right_one(tmp_path: Path):
    write_tiny_rounds(tmp_path / "export", size=(32, 32))

    with pytest.raises(RoundsUnusableError, match=r"draws 32 x 64 px"):
        prepared(tmp_path / "export", tiny_pipeline(decoder="vae"))


def test_rounds_that_tell_no_designs_are_refused_with_what_to_use(
    tmp_path: Path, pipeline: CheckpointPipeline
):
    rounds = write_tiny_rounds(tmp_path / "export")
    write_rounds(tmp_path / "export", [replace(each, designs=()) for each in rounds])

    with pytest.raises(
        RoundsUnusableError, match=r"nothing tells what was shown.*drawn as designs"
    ):
        prepared(tmp_path / "export", pipeline)


def test_an_empty_export_says_so(tmp_path: Path, pipeline: CheckpointPipeline):
    write_rounds(tmp_path / "export", [])

    with pytest.raises(RoundsUnusableError, match="holds no rounds"):
        prepared(tmp_path / "export", pipeline)


def test_reference_errors_are_kept_between_processes(tmp_path: Path, pipeline: CheckpointPipeline):
    write_tiny_rounds(tmp_path / "export", stores=(ANNA,))
    groups = prepared(tmp_path / "export", pipeline)[0].groups
    errors = ReferenceErrors(groups, 2, "unet")
    errors.put(1, 0, torch.tensor([0.25, 0.5, 0.75, 1.0]))
    errors.save(tmp_path / "errors.safetensors")

    again, other = ReferenceErrors(groups, 2, "unet"), ReferenceErrors(groups, 2, "another unet")
    again.load(tmp_path / "errors.safetensors")
    other.load(tmp_path / "errors.safetensors")

    known = again.get(1, 0, 4)
    assert known is not None
    assert known.tolist() == [0.25, 0.5, 0.75, 1.0]
    assert again.get(1, 1, 4) is None
    assert other.get(1, 0, 4) is None


def test_a_caption_that_the_text_tower_cannot_read_whole_is_cut(
    tmp_path: Path, pipeline: CheckpointPipeline
):
    rounds = write_tiny_rounds(tmp_path / "export")
    long = "a very long caption " * 40
    write_rounds(tmp_path / "export", [replace(each, prompt=long) for each in rounds])

    data, _ = prepared(tmp_path / "export", pipeline)

    assert data.prompts[1] == long
    assert data.prompt_embeds.shape[1] == pipeline.tokenizer.model_max_length
