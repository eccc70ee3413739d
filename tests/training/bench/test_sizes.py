from pathlib import Path

import pytest

from studio.domain import SettingsError
from training.bench.shapes import SD15, SDXL, SMALL
from training.bench.sizes import (
    PUBLISHED_WEIGHTS,
    PUBLISHED_WEIGHTS_XL,
    SizesBench,
    as_lines,
    counted,
    run,
)
from training.results import read_results


def test_the_models_at_full_size_have_as_many_weights_as_the_published_ones():
    figures = counted(SD15)

    for name, published in PUBLISHED_WEIGHTS.items():
        assert figures[f"{name}_weights"] == published, name
    assert figures["adaptive_network_copied_blocks"] == 12
    user_layers = figures["adaptive_network_weights"] - figures["adaptive_network_copies_weights"]
    assert 0 < user_layers < 3e6


def test_so_have_stable_diffusion_xls_and_the_network_on_it_is_counted():
    figures = counted(SDXL)

    for name, published in PUBLISHED_WEIGHTS_XL.items():
        assert figures[f"{name}_weights"] == figures[f"{name}_published"] == published, name
    assert figures["adaptive_network_copied_blocks"] == 9
    assert 1.2e9 < figures["adaptive_network_weights"] < 1.35e9


def test_the_counts_are_printed_in_full_beside_the_published_ones():
    lines = as_lines({"unet_weights": 859_520_964, "unet_published": 859_520_964, "own_weights": 7})

    assert lines == "unet: 859,520,964, published 859,520,964\nown: 7\n"


def test_published_numbers_stand_only_beside_the_published_shapes():
    assert not [name for name in counted(SMALL) if name.endswith("_published")]


@pytest.mark.parametrize("size", ["small", "small-xl"])
def test_a_small_one_draws_scores_trains_and_says_what_that_took(tmp_path: Path, size: str):
    config = SizesBench(size=size, side_px=64, results=tmp_path)

    figures = run(config, f"python -m training.bench sizes --size {size}")

    for part in ("draw", "score", "train"):
        assert figures[f"{part}_s"].value > 0
        assert figures[f"{part}_peak_mib"].value <= figures["peak_mib"].value
    assert read_results(tmp_path / f"{size}.json") == figures


def test_what_does_not_fit_into_memory_is_counted_and_left_out(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr("training.bench.sizes.free_mib", lambda: 0.5)

    figures = run(SizesBench(size="small", side_px=64, results=tmp_path), "")

    assert figures["train_weights_mib"].value > figures["draw_weights_mib"].value > 0.5
    assert not [name for name in figures if name.endswith("_s")]
    assert "train: left out, its weights alone take" in capsys.readouterr().out


def test_an_unknown_size_is_a_sentence(tmp_path: Path):
    with pytest.raises(SettingsError, match="no size 'sd3'"):
        run(SizesBench(size="sd3", results=tmp_path), "")
