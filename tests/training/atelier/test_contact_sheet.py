import random

import numpy as np
import pytest
from PIL import Image

from studio.design.families import FAMILIES
from studio.design.garment_rules import GARMENT_RULES
from studio.drawing.croquis import GROUND
from training.atelier.contact_sheet import SheetConfig, labelled, main, outfits_of_family, run


def pixels(path):
    with Image.open(path) as image:
        return np.asarray(image)


def test_a_sheet_has_rows_and_columns_of_croquis_of_the_given_height(tmp_path):
    run(SheetConfig(tmp_path / "new" / "sheet.png", rows=2, columns=3, height_px=64))

    assert pixels(tmp_path / "new" / "sheet.png").shape == (2 * 64, 3 * 32, 3)


def test_the_same_seed_gives_the_same_sheet_and_another_seed_another_one(tmp_path):
    for name, seed in (("a.png", 1), ("b.png", 1), ("c.png", 2)):
        run(SheetConfig(tmp_path / name, seed=seed, rows=1, columns=2, height_px=64))

    a, b, c = (pixels(tmp_path / name) for name in ("a.png", "b.png", "c.png"))

    assert np.array_equal(a, b)
    assert not np.array_equal(a, c)


def test_outfits_of_a_family_show_each_value_once_and_break_no_rule():
    outfits = outfits_of_family("neckline", random.Random(0), {"category": "dress"})

    assert list(outfits) == list(FAMILIES["neckline"])
    for value, outfit in outfits.items():
        assert outfit["neckline"] == value
        assert outfit["category"] == "dress"
        assert not GARMENT_RULES.broken(outfit)


def test_outfits_of_a_family_without_rules_differ_in_nothing_else():
    outfits = outfits_of_family("hair", random.Random(0), {})

    assert len({outfit.but(hair="bun") for outfit in outfits.values()}) == 1


def test_values_that_do_not_go_with_what_is_fixed_are_left_out():
    outfits = outfits_of_family("hem", random.Random(0), {"category": "top"})

    assert "high-low hem" not in outfits
    assert "fringed hem" in outfits


def test_a_label_stands_below_the_picture_and_leaves_it_as_it_is():
    picture = np.full((240, 120, 3), 7, dtype=np.uint8)

    tile = labelled(picture, "crew neck")

    assert tile.shape == (260, 120, 3)
    assert np.array_equal(tile[:240], picture)
    assert (tile[240:] != GROUND).any()


def test_the_last_row_of_a_family_is_filled_up_with_the_ground(tmp_path):
    command = ["--family", "fit", "--columns", "2", "--height-px", "96", "--out"]

    assert main([*command, str(tmp_path / "fits.png")]) == 0

    sheet = pixels(tmp_path / "fits.png")
    assert sheet.shape == (2 * (96 + 8), 2 * 48, 3)
    assert (sheet[104:, 48:] == GROUND).all()


def test_a_value_may_be_fixed_with_an_underscore_or_a_space(tmp_path):
    for name, setting in (("a.png", "hair_colour=red hair"), ("b.png", "hair colour=red hair")):
        main(["--rows", "1", "--columns", "1", "--set", setting, "--out", str(tmp_path / name)])

    assert np.array_equal(pixels(tmp_path / "a.png"), pixels(tmp_path / "b.png"))


@pytest.mark.parametrize("setting", ["neckline", "neckline=v neck", "neck=v-neck", ""])
def test_an_unknown_attribute_ends_with_a_sentence(setting, capsys):
    with pytest.raises(SystemExit):
        main(["--set", setting])

    assert "write e.g. neckline=v-neck" in capsys.readouterr().err


def test_attributes_that_do_not_go_together_end_with_a_sentence(capsys, tmp_path):
    settings = ["--set", "category=skirt", "--set", "neckline=v-neck"]

    assert main([*settings, "--out", str(tmp_path / "none.png")]) == 2

    assert "do not go together" in capsys.readouterr().err
    assert not (tmp_path / "none.png").exists()
