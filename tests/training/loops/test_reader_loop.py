from dataclasses import replace
from pathlib import Path

import torch

from training.atelier.attributes import FAMILIES
from training.config import load_config
from training.loops import reader
from training.reader import AttributeReader

TINY = Path(__file__).parents[3] / "training" / "recipes" / "tiny.toml"


def config_in(folder, **changes):
    places = {"run": str(folder / "run"), "checkpoint": str(folder / "reader")}
    return replace(load_config("reader", TINY), **{**places, **changes})


def test_practice_makes_a_better_reader(tmp_path, tiles):
    train, _ = tiles
    changes = {"learning_rate": 1e-2, "warmup_steps": 5, "ema_decay": 0.8, "evaluation_tiles": 24}
    few = reader.run(config_in(tmp_path / "few", steps=1, **changes), train, train)

    many = reader.run(config_in(tmp_path / "many", steps=40, **changes), train, train)

    assert many["accuracy"] > few["accuracy"] + 0.1
    assert many["worst"] <= many["accuracy"]
    assert set(many) == {"accuracy", "worst", *(f"accuracy of {name}" for name in FAMILIES)}


def test_the_export_reads_every_family(tmp_path, tiles):
    reader.run(config_in(tmp_path), *tiles)

    loaded = AttributeReader.from_pretrained(tmp_path / "reader").float().eval()

    readings, _ = loaded.read(tiles[1].tensors(range(2)))
    assert [list(reading) for reading in readings] == [list(FAMILIES)] * 2


def test_a_perfect_reader_is_right_in_every_family(tiles):
    def knows(images: torch.Tensor) -> torch.Tensor:
        classes = torch.from_numpy(tiles[1].attributes[: len(images)]).long()
        one_hot = [
            torch.nn.functional.one_hot(column, size)
            for column, size in zip(classes.unbind(1), reader.FAMILY_SIZES, strict=True)
        ]
        return torch.cat(one_hot, dim=1).float()

    figures = reader.family_accuracy(knows, tiles[1], 10, torch.device("cpu"))

    assert set(figures.values()) == {1.0}
