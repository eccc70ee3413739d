from pathlib import Path

import pytest

from training.config import COMMANDS, load_config
from training.pretrain import ON_DESIGNS, ON_TILES, main

# `generators` is a list of trainings, for a command of its own: see test_generators.py
RECIPES = [
    path
    for path in sorted((Path(__file__).parents[2] / "training" / "recipes").glob("*.toml"))
    if path.stem != "generators"
]


def test_an_unknown_setting_is_a_sentence_and_not_a_traceback(capsys):
    status = main(["unet", "--set", "stepps=3"])

    assert status == 2
    assert "Unknown setting 'stepps'" in capsys.readouterr().err


def test_a_missing_part_is_a_sentence_and_not_a_traceback(tmp_path, capsys):
    settings = [f"tiles.folder={tmp_path}", "designs=2", "tiles.held_out=1", "tiles.workers=1"]
    settings += [f"checkpoint={tmp_path / 'nowhere'}"]

    status = main(["unet", *(part for each in settings for part in ("--set", each))])

    assert status == 2
    assert "nowhere" in capsys.readouterr().err


def test_tiles_are_drawn_once(tmp_path):
    settings = [f"folder={tmp_path}", "count=2", "held_out=1", "workers=1"]
    arguments = ["tiles", *(part for setting in settings for part in ("--set", setting))]

    assert main(arguments) == 0
    drawn = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*.npy")}
    assert main(arguments) == 0

    assert drawn == {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*.npy")}
    assert len(drawn) == 4


@pytest.mark.parametrize("recipe", RECIPES, ids=lambda path: path.stem)
@pytest.mark.parametrize("command", sorted(COMMANDS))
def test_every_recipe_can_be_read_by_every_command(command, recipe):
    load_config(command, recipe)


def test_every_loop_is_a_command():
    assert ON_DESIGNS.keys() | ON_TILES.keys() | {"tiles"} == COMMANDS.keys()
