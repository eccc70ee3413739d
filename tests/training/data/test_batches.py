from pathlib import Path

import numpy as np
import pytest
import torch

from tests.tiny_reward_models import SCHEMA, tiny_reward_model
from tests.training.tiny_rounds import write_tiny_rounds
from training.data.batches import (
    batch_of_step,
    epoch_batches,
    group_tables,
    load_image_bank,
    with_usable_images,
)
from training.data.groups import read_rounds


@pytest.mark.parametrize("kind", ["clip", "vilt"])
def test_the_bank_holds_what_the_backbone_makes_of_each_image(tmp_path: Path, kind: str):
    write_tiny_rounds(tmp_path, 2)
    model = tiny_reward_model(kind)
    names = read_rounds(tmp_path).rounds[0].images

    bank = load_image_bank(tmp_path, names, model, tmp_path / "bank")

    rows = torch.tensor([[bank.rows[name] for name in names]])
    assert bank.tokens_of(rows).shape[:2] == (1, len(names))
    if kind == "clip":
        assert bank.features_of(rows).norm(dim=-1).allclose(torch.ones(1, len(names)))
    else:
        with pytest.raises(ValueError, match="single-tower"):
            bank.features_of(rows)


def test_a_bank_is_computed_once_and_another_backbone_has_its_own(tmp_path: Path):
    write_tiny_rounds(tmp_path, 2)
    names = read_rounds(tmp_path).rounds[0].images
    first = load_image_bank(tmp_path, names, tiny_reward_model(), tmp_path / "bank")
    files = set((tmp_path / "bank").iterdir())
    for name in names:
        (tmp_path / name).unlink()

    again = load_image_bank(tmp_path, names, tiny_reward_model(), tmp_path / "bank")

    assert set((tmp_path / "bank").iterdir()) == files
    assert np.array_equal(again.tokens, first.tokens)
    other = load_image_bank(tmp_path, names, tiny_reward_model("siglip"), tmp_path / "bank")
    assert other.bad == dict.fromkeys(names, "with a missing image")


def test_rounds_with_a_bad_image_are_left_out_with_the_reason(tmp_path: Path):
    rounds = write_tiny_rounds(tmp_path, 4)
    bad = tmp_path / rounds[1].images[0]
    bad.write_bytes(b"no picture")
    read = read_rounds(tmp_path)
    names = [name for each in read.rounds for name in each.images]

    bank = load_image_bank(tmp_path, names, tiny_reward_model(), tmp_path / "bank")
    usable = with_usable_images(read, bank)

    assert usable.skipped == {"with a damaged image": 1}
    assert [each.id for each in usable.rounds] == ["round-0", "round-2", "round-3"]


def test_rounds_of_one_size_share_a_table(tmp_path: Path):
    write_tiny_rounds(tmp_path, 6)
    model = tiny_reward_model()
    rounds = read_rounds(tmp_path).rounds
    names = [name for each in rounds for name in each.images]
    bank = load_image_bank(tmp_path, names, model, tmp_path / "bank")

    three, four = group_tables(rounds, bank, SCHEMA, model.processor)

    assert three.images.shape == (3, 3)
    assert four.labels.shape == (3, 4)
    inputs = four.inputs(torch.tensor([2, 0]), bank, torch.device("cpu"), frozen_images=True)
    assert inputs.images.shape[:2] == (2, 4)
    assert inputs.prompt_mask.sum(dim=1).max() == inputs.prompt_ids.shape[1]  # no idle padding


def test_an_epoch_visits_every_round_of_every_table_once():
    seen: dict[int, list[int]] = {0: [], 1: []}
    for table, rows in epoch_batches([7, 3], batch_size=2, seed=1, epoch=0):
        assert len(rows) <= 2
        seen[table] += rows.tolist()

    assert sorted(seen[0]) == list(range(7))
    assert sorted(seen[1]) == list(range(3))


def test_a_steps_batch_follows_from_its_number_alone():
    first = [batch_of_step([7, 3], 2, 1, step) for step in range(12)]
    again = [batch_of_step([7, 3], 2, 1, step) for step in range(12)]

    assert all(a == b and torch.equal(x, y) for (a, x), (b, y) in zip(first, again, strict=True))
    epochs = [[rows.tolist() for _, rows in first[start : start + 6]] for start in (0, 6)]
    assert epochs[0] != epochs[1]
