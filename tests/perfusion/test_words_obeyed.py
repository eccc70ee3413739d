"""What people type is obeyed in every design: refusals, exact colours, leanings."""

import pytest
import torch

from studio.design.colours import Lab, hex_of, nearest_colour_name
from studio.design.garment_rules import GARMENT_RULES
from studio.domain import GenerationRequest
from studio.perfusion.design_codec import DesignCodec
from studio.perfusion.settling import Told, tell
from training.atelier.grammar import build_phrasebook

BOOK = build_phrasebook()


def told(prompt: str, seed: int = 5, candidates: int = 6) -> Told:
    request = GenerationRequest(prompt=prompt, num_candidates=candidates, seed=seed)
    return tell(request, BOOK.parse(prompt), BOOK)


@pytest.mark.parametrize(
    "prompt",
    [
        "dress, no belt, no pockets, not red, no floral, no sequins, no long sleeves",
        "top --no lace, bows, buttons, cotton, black",
        "jacket without buttons, no leather",
        "no dress, no coat, no trousers, something blue",
        "大衣，不要腰带、口袋、黑色",
    ],
)
def test_whatever_the_latents_say_a_refused_value_never_comes(prompt: str) -> None:
    codec = DesignCodec.new()
    asked = BOOK.parse(prompt)
    found = told(prompt, candidates=40)
    latents = torch.randn(40, *codec.latent_shape, generator=torch.Generator().manual_seed(7))

    for spec in codec.decode(latents, found.settled):
        spec.check()
        for family, values in asked.ruled_out.items():
            assert spec[family] not in values
        for measure in ("second_colour", "trim_colour"):
            name = nearest_colour_name(getattr(spec.measures, measure))
            assert name not in asked.ruled_out.get("colour", ())


def test_what_is_refused_is_ruled_out_for_every_candidate() -> None:
    found = told("dress, no belt, not red, no long hair, no sneakers", seed=3)

    for settled in found.settled:
        assert settled.ruled_out["colour"] == {"red"}
        assert settled.values["belt"] == "none"
        assert settled.values.get("hair") != "long hair"
        assert settled.values.get("shoes") != "sneakers"


def test_a_named_colour_settles_the_exact_dye() -> None:
    [settled, *_] = told("dress in #c9a0a8, white collar").settled

    colour = settled.measures["colour"]
    assert isinstance(colour, Lab)
    assert hex_of(colour) == "#C9A0A8"
    assert settled.values["colour"] == "pink"
    assert {"colour", "trim_colour"} <= settled.asked


def test_a_style_leans_each_candidate_its_own_way_and_asks_for_nothing() -> None:
    found = told("boho dress, maxi", seed=1)

    assert len(set(found.prompts)) > 1
    for settled in found.settled:
        assert settled.asked == {"category", "length"}
        assert settled.values["length"] == "maxi"
        assert GARMENT_RULES.can_go_together(settled.values)
    assert told("boho dress, maxi", seed=1) == found


def test_what_is_refused_wins_over_a_leaning() -> None:
    for settled in told("boho dress, not tiered, no embroidery, no fringe").settled:
        assert settled.values.get("silhouette") != "tiered"
        assert settled.values.get("trim") != "embroidery"
        assert settled.values.get("hem") != "fringed hem"


def test_a_stand_in_is_told_for_every_candidate() -> None:
    assert all(each.values["fabric"] == "cotton" for each in told("viscose dress").settled)
