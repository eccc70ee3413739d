from dataclasses import replace

import pytest
import torch

from studio.domain import GenerationCancelledError, GenerationRequest
from studio.perfusion import leaning
from studio.perfusion.generator import Generator
from studio.perfusion.leaning import SEED, Leanings
from studio.perfusion.noise import NoiseSchedule
from studio.perfusion.phrasebook import Phrasebook
from studio.perfusion.pipeline import PerFusionPipeline
from studio.perfusion.unet_halves import decode, encode
from studio.perfusion.user_encoder import stack_profiles
from tests.tiny_models import TINY_DEFAULTS, tiny_adaptive_network, tiny_phrasebook, tiny_pipeline
from tests.tiny_reward_models import ANNA, BERTA, SCHEMA

COLOURS = ("red", "navy", "mint")
STORES = (ANNA, BERTA)


@pytest.fixture(scope="module")
def personal() -> PerFusionPipeline:
    """A pipeline whose adaptive network says something, as if trained."""
    pipeline = tiny_pipeline()
    pipeline.register_modules(adaptive_network=tiny_adaptive_network(pipeline.unet))
    return pipeline


@pytest.fixture(scope="module")
def book() -> Phrasebook:
    """Lots for a colour, a length and a neckline; stores have a taste in the first two."""
    plain = tiny_phrasebook()
    return replace(
        plain,
        families={**plain.families, "colour": COLOURS},
        phrases={**plain.phrases, "mint": {"colour": "mint"}},
        lots={
            "neckline": {"none": 0.5, "v-neck": 1.0},
            "length": {"midi": 0.5, "maxi": 1.0},
            "colour": {"red": 1 / 3, "navy": 1.0, "mint": 1.0},
        },
        taste=("colour", "length", "neckline"),
    )


def leanings_of(personal: PerFusionPipeline, book: Phrasebook) -> Leanings:
    shape = personal.latent_shape(TINY_DEFAULTS.height_px, TINY_DEFAULTS.width_px)
    return Leanings(personal, book, shape)


def test_a_reward_is_what_the_network_takes_off_the_error_of_what_a_value_looks_like(
    personal, book
):
    asked = leanings_of(personal, book)
    dress = asked.garment("dress")

    rewards = asked.rewards(SCHEMA.encode(ANNA), dress)

    embeds = personal.encode_prompts(["dress"])
    expected, for_store = (_expected(personal, SEED, embeds, store) for store in (None, ANNA))
    errors = [(dress.shown - one).square().mean(dim=(1, 2, 3)) for one in (expected, for_store)]
    taken_off = errors[0] - errors[1]
    torch.testing.assert_close(rewards - rewards[0], taken_off - taken_off[0], rtol=1e-3, atol=1e-6)
    assert rewards.std() > 1e-5


def test_a_value_is_shown_as_the_unet_expects_it_when_it_is_told(personal, book):
    dress = leanings_of(personal, book).garment("dress")

    for (family, value), shown in zip(dress.attributes, dress.shown, strict=True):
        design = {**book.by_lot({"category": "dress"}, SEED), family: value}
        embeds = personal.encode_prompts([book.told(book.parse(""), design).plain_prompt])
        expected = _expected(personal, SEED, embeds, None)[0]
        torch.testing.assert_close(shown, expected, rtol=1e-4, atol=1e-5)


@torch.no_grad()
def _expected(personal, seed, embeds, store):
    """(1, C, H, W) clean latents that noise becomes, by the definition of v."""
    schedule = NoiseSchedule.of(personal.scheduler)
    last, network = torch.tensor(len(schedule) - 1), personal.adaptive_network
    shape = personal.latent_shape(TINY_DEFAULTS.height_px, TINY_DEFAULTS.width_px)
    noise = torch.randn(1, *shape, generator=torch.Generator().manual_seed(seed))
    residuals = None
    if store is not None:
        users = network.user_latents(stack_profiles([SCHEMA.encode(store)]))
        residuals = network(noise, last, embeds, users)
    said = decode(personal.unet, encode(personal.unet, noise, last, embeds), residuals)
    kept = schedule.alphas_cumprod[-1]
    assert schedule.prediction_type == "v_prediction"
    return kept.sqrt() * noise - (1 - kept).sqrt() * said


def test_only_what_goes_with_a_garment_is_asked(personal, book):
    asked = leanings_of(personal, book)

    skirt, dress = (set(asked.garment(kind).attributes) for kind in ("skirt", "dress"))

    colours = {("colour", each) for each in COLOURS}
    assert skirt == {*colours, ("length", "midi"), ("length", "maxi"), ("neckline", "none")}
    assert dress == {*skirt, ("neckline", "v-neck")}


def test_log_odds_grow_with_the_strength(personal, book):
    asked, store = leanings_of(personal, book), SCHEMA.encode(ANNA)

    weak, strong, none = (asked.of(store, "dress", strength) for strength in (0.5, 2.0, 0.0))

    assert weak.keys() == {"colour", "length", "neckline"}
    for family, odds in weak.items():
        assert any(odds.values())
        assert strong[family] == pytest.approx({value: 4 * one for value, one in odds.items()})
        assert set(none[family].values()) == {0.0}


def test_a_store_is_asked_once_for_each_garment(personal, book, monkeypatch):
    asked = leanings_of(personal, book)
    calls: list[str] = []
    rewards, look_at = asked.rewards, asked._look_at

    def asking(store, garment):
        calls.append("store")
        return rewards(store, garment)

    def looking(name, between):
        calls.append(name)
        return look_at(name, between)

    monkeypatch.setattr(asked, "rewards", asking)
    monkeypatch.setattr(asked, "_look_at", looking)

    first = asked.of(SCHEMA.encode(ANNA), "dress", 1.0)
    assert calls == ["dress", "store"]
    assert asked.of(SCHEMA.encode(ANNA), "dress", 1.0) == first
    assert len(calls) == 2
    assert asked.of(SCHEMA.encode(BERTA), "dress", 1.0) != first
    asked.of(SCHEMA.encode(ANNA), "skirt", 1.0)
    assert calls[2:] == ["store", "skirt", "store"]


def test_a_first_question_can_be_cancelled_and_asked_again(personal, book):
    generator = Generator(personal, TINY_DEFAULTS, book)
    request = GenerationRequest(prompt="dress", num_candidates=2, seed=5)
    steps: list[int] = []

    def stop(step: int, total: int, previews: object) -> bool:
        steps.append(step)
        return False

    with pytest.raises(GenerationCancelledError):
        generator.generate(request, on_step=stop, profile=ANNA)
    assert steps == [0]

    drawn = generator.generate(request, profile=ANNA)
    fresh = Generator(personal, TINY_DEFAULTS, book).generate(request, profile=ANNA)
    assert [each.lots for each in drawn.candidates] == [each.lots for each in fresh.candidates]


def test_stores_get_what_they_lean_to_and_others_by_lot(personal, book, monkeypatch):
    generator = Generator(personal, TINY_DEFAULTS, book)

    def drawn(prompt: str, strength: float, profile):
        request = GenerationRequest(prompt=prompt, num_candidates=8, seed=5, strength=strength)
        return [each.lots for each in generator.generate(request, profile=profile).candidates]

    by_lot = drawn("dress", 1.0, None)
    assert len(set(by_lot)) > 4
    monkeypatch.setattr(leaning, "SHARPNESS", 1e7)
    asked = leanings_of(personal, book)
    for store in STORES:
        odds = asked.of(SCHEMA.encode(store), "dress", 1.0)
        best = {max(values, key=values.__getitem__) for values in odds.values()} - {"none"}
        assert {frozenset(lots.split(", ")) for lots in drawn("dress", 1.0, store)} == {
            frozenset(best)
        }
    assert drawn("dress", 0.0, ANNA) == by_lot
    assert drawn("dress, red, v-neck, midi", 1.0, ANNA) == [""] * 8
    monkeypatch.setattr(leaning, "SHARPNESS", 0.0)
    assert drawn("dress", 1.0, ANNA) == by_lot


def test_a_generator_that_becomes_another_one_asks_anew(personal, book, monkeypatch):
    monkeypatch.setattr(leaning, "SHARPNESS", 1e7)
    generator = Generator(personal, TINY_DEFAULTS, book)
    before = _lots(generator)
    network = tiny_adaptive_network(personal.unet)
    for layer in (*network.outgoing_skips, network.outgoing_middle):
        layer.weight.neg_()
    other = PerFusionPipeline(**{**personal.components, "adaptive_network": network})

    generator.become(Generator(other, TINY_DEFAULTS, book))

    assert _lots(generator) == _lots(Generator(other, TINY_DEFAULTS, book)) != before


def _lots(generator: Generator) -> list[str]:
    request = GenerationRequest(prompt="dress", num_candidates=2, seed=5)
    return [each.lots for each in generator.generate(request, profile=ANNA).candidates]
