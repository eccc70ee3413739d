import logging

import pytest
import torch

from studio.domain import GenerationRequest, SettingsError
from studio.perfusion.generator import Generator
from studio.perfusion.placement import Placement, Room, place, room_on, weights_in_bytes
from tests.tiny_models import TINY_DEFAULTS, tiny_pipeline

GB = 10**9
SD15_HALVES = {"unet": 1_720_000_000, "text_encoder": 246_000_000, "vae": 167_000_000}
CPU = torch.device("cpu")


@pytest.mark.parametrize(
    ("free_gb", "expected"),
    [(80, "none"), (4, "none"), (3, "models"), (2, "layers"), (1, "layers")],
)
def test_the_fastest_way_that_fits_is_chosen(free_gb, expected):
    assert Room(free_gb * GB, SD15_HALVES, 786_000_000).offload() == expected


@pytest.mark.parametrize(("free_gb", "expected"), [(80, 8), (6, 4), (4, 1), (2, 1)])
def test_as_many_candidates_are_drawn_at_once_as_fit(free_gb, expected):
    assert Room(free_gb * GB, SD15_HALVES, 786_000_000).candidates_at_once(8) == expected


def test_a_cpu_has_no_room_to_plan():
    assert room_on(CPU, tiny_pipeline(), 64 * 64) is None


def test_weights_are_counted_in_bytes():
    pipeline = tiny_pipeline()
    numbers = sum(weight.numel() for weight in pipeline.unet.parameters())

    assert weights_in_bytes(pipeline)["unet"] == 4 * numbers
    assert weights_in_bytes(pipeline.to(torch.float16))["unet"] == 2 * numbers


@pytest.mark.parametrize("decoder", ["codec", "vae"])
def test_sliced_attention_draws_the_same_up_to_rounding(decoder):
    request = GenerationRequest(prompt="red dress", num_candidates=2)
    pictures = []
    for placement in (Placement(), Placement(attention="sliced")):
        pipeline = tiny_pipeline(decoder=decoder)
        place(pipeline, CPU, placement, None)
        group = Generator(pipeline, TINY_DEFAULTS).generate(request)
        pictures.append(torch.tensor(list(group.candidates[0].image.tobytes())))

    assert (pictures[0] - pictures[1]).abs().max() <= 1


def test_compiling_is_left_to_the_library():
    pipeline = tiny_pipeline()

    place(pipeline, CPU, Placement(compiled=True), None)

    assert pipeline.unet._compiled_call_impl is not None


@pytest.mark.parametrize(
    ("placement", "sentence"),
    [
        (Placement(offload="models"), "there is none in use"),
        (Placement(offload="layers"), "there is none in use"),
        (Placement(attention="xformers"), "needs the package xformers"),
    ],
)
def test_what_this_machine_cannot_do_is_a_sentence(placement, sentence):
    with pytest.raises(SettingsError, match=sentence):
        place(tiny_pipeline(), CPU, placement, None)


def test_what_was_chosen_is_logged(caplog):
    with caplog.at_level(logging.INFO):
        assert place(tiny_pipeline(), CPU, Placement(), None) == "none"

    assert "offloaded: none" in caplog.text
