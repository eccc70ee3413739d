from pathlib import Path

import pytest

from studio.design.phrasebook_file import PHRASEBOOK_FILE
from studio.perfusion.checkpoint import DEFAULTS_FILE, INDEX_FILE, PARTS
from studio.perfusion.config import SD15

CHECKPOINTS = Path(__file__).resolve().parents[1] / "checkpoints"
PAGE = (CHECKPOINTS / "README.md").read_text(encoding="utf-8")
CARD = (CHECKPOINTS / "atelier" / "README.md").read_text(encoding="utf-8")
LIMIT_BYTES = 40_000_000


def test_the_page_names_every_part_of_a_checkpoint():
    for name in (INDEX_FILE, DEFAULTS_FILE, PHRASEBOOK_FILE, *(f"{part}/" for part in PARTS)):
        assert f"`{name}`" in PAGE


@pytest.mark.parametrize("model", SD15.hub_models, ids=lambda model: model.role)
def test_every_model_from_the_hub_stands_there_with_its_licence(model):
    [row] = [line for line in PAGE.splitlines() if f"| `{model.repo_id}` |" in line]

    assert model.licence in row


def test_the_card_names_every_part_that_is_there():
    there = {path.name for path in (CHECKPOINTS / "atelier").iterdir() if path.is_dir()}

    assert not {name for name in there - {"scheduler"} if f"`{name}`" not in CARD}


@pytest.mark.parametrize("section", ["Data", "Training so far", "Measured quality", "Limits"])
def test_the_card_has_its_sections(section):
    assert f"\n## {section}\n" in CARD


def test_the_checkpoint_of_the_repository_stays_light():
    mine = (path for path in (CHECKPOINTS / "atelier").rglob("*") if path.is_file())

    assert sum(path.stat().st_size for path in mine) < LIMIT_BYTES
