from dataclasses import replace

import pytest
import torch

from studio.domain import GenerationRequest
from studio.perfusion import leaning
from studio.perfusion.colour_names import COLOUR_NAMES
from studio.perfusion.generator import Generator
from studio.perfusion.leaning import COLOUR, colour_latents, colour_rewards, leanings
from studio.perfusion.noise import NoiseSchedule
from studio.perfusion.pipeline import PerFusionPipeline
from studio.perfusion.sampling import initial_noise
from studio.perfusion.unet_halves import decode, encode
from studio.perfusion.user_encoder import stack_profiles
from tests.tiny_models import TINY_DEFAULTS, tiny_adaptive_network, tiny_phrasebook, tiny_pipeline
from tests.tiny_reward_models import ANNA, BERTA, SCHEMA

NAMES = list(COLOUR_NAMES)
USER = stack_profiles([SCHEMA.encode(ANNA)])


@pytest.fixture(scope="module")
def personal() -> PerFusionPipeline:
    """A pipeline whose adaptive network says something, as if trained."""
    pipeline = tiny_pipeline()
    pipeline.register_modules(adaptive_network=tiny_adaptive_network(pipeline.unet))
    return pipeline


def rewarded(personal: PerFusionPipeline, *asked) -> torch.Tensor:
    schedule = NoiseSchedule.of(personal.scheduler)
    return colour_rewards(personal.unet, personal.adaptive_network, schedule, *asked)


@pytest.fixture(scope="module")
def seen(personal) -> tuple[torch.Tensor, torch.Tensor]:
    """Text states and noise of three candidates."""
    shape = personal.latent_shape(TINY_DEFAULTS.height_px, TINY_DEFAULTS.width_px)
    noise = torch.randn(3, *shape, generator=torch.Generator().manual_seed(0))
    return personal.encode_prompts(["dress", "skirt", "dress, maxi"]), noise


def test_a_colour_s_reward_is_what_the_network_takes_off_the_error_of_a_page_of_it(personal, seen):
    embeds, noise = seen
    colours = colour_latents(personal)
    schedule = NoiseSchedule.of(personal.scheduler)
    last = torch.full((3,), len(schedule) - 1)

    rewards = rewarded(personal, USER, embeds, noise, colours, 3)

    with torch.no_grad():
        states = encode(personal.unet, noise, last, embeds)
        network = personal.adaptive_network
        residuals = network(noise, last, embeds, network.user_latents(USER))
        said = [decode(personal.unet, states), decode(personal.unet, states, residuals)]
    taken_off = []
    for colour in colours:
        page = colour[None, :, None, None].expand_as(noise)
        without, with_it = (_clean_error(each, noise, page, schedule) for each in said)
        taken_off.append(without - with_it)
    whole = torch.stack(taken_off, dim=1)  # (3, V)
    torch.testing.assert_close(rewards - rewards[:, :1], whole - whole[:, :1], rtol=1e-3, atol=1e-5)
    assert rewards.std(dim=1).min() > 1e-4


def _clean_error(said, noise, page, schedule):
    """(N,) mean squared error of the clean latents that a prediction of v means."""
    kept = schedule.alphas_cumprod[-1]
    assert schedule.prediction_type == "v_prediction"
    expected = kept.sqrt() * noise - (1 - kept).sqrt() * said
    return (page - expected).square().mean(dim=(1, 2, 3))


@pytest.mark.parametrize("place", [0, 2])
def test_a_candidate_leans_alone_as_in_a_group(personal, seen, place):
    embeds, noise = seen
    colours = colour_latents(personal)

    group = rewarded(personal, USER, embeds, noise, colours, 2)

    rows = slice(place, place + 1)
    alone = rewarded(personal, USER, embeds[rows], noise[rows], colours, 2)
    assert torch.equal(alone, group[rows])


def test_log_odds_grow_with_the_strength():
    rewards = torch.zeros(1, len(NAMES))
    rewards[0, 3] = 0.01

    (weak,), (strong,) = (leanings(rewards, strength) for strength in (0.5, 2.0))
    (none,) = leanings(rewards, 0.0)

    assert weak[COLOUR][NAMES[3]] > weak[COLOUR][NAMES[0]] == 0
    assert strong[COLOUR][NAMES[3]] == pytest.approx(4 * weak[COLOUR][NAMES[3]])
    assert set(none[COLOUR].values()) == {0.0}


def test_stores_get_the_colours_that_they_lean_to_and_others_by_lot(personal, monkeypatch):
    colours = ("red", "navy", "mint")
    book = tiny_phrasebook()
    phrases = {**book.phrases, "mint": {COLOUR: "mint"}}
    families = {**book.families, COLOUR: colours}
    lots = {COLOUR: {"red": 1 / 3, "navy": 1.0, "mint": 1.0}}
    book = replace(book, families=families, phrases=phrases, lots=lots, taste=(COLOUR,))
    generator = Generator(personal, TINY_DEFAULTS, book)

    def drawn(prompt: str, strength: float, profile):
        request = GenerationRequest(prompt=prompt, num_candidates=8, seed=5, strength=strength)
        return [each.lots for each in generator.generate(request, profile=profile).candidates]

    by_lot = drawn("dress", 1.0, None)
    assert set(by_lot) == set(colours)
    monkeypatch.setattr(leaning, "SHARPNESS", 1e7)
    for_stores = [drawn("dress", 1.0, store) for store in (ANNA, BERTA)]
    for lots, store in zip(for_stores, (ANNA, BERTA), strict=True):
        assert lots == _best(personal, store, colours)
    assert drawn("dress", 0.0, ANNA) == by_lot
    assert drawn("dress, red", 1.0, ANNA) == [""] * 8
    monkeypatch.setattr(leaning, "SHARPNESS", 0.0)
    assert drawn("dress", 1.0, ANNA) == by_lot


def _best(personal, store, colours) -> list[str]:
    """The colour of most reward of each candidate."""
    generators = [torch.Generator().manual_seed(5 + place) for place in range(8)]
    shape = personal.latent_shape(TINY_DEFAULTS.height_px, TINY_DEFAULTS.width_px)
    rewards = rewarded(
        personal,
        stack_profiles([SCHEMA.encode(store)]),
        personal.encode_prompts(["dress"]).expand(8, -1, -1),
        initial_noise(generators, shape),
        colour_latents(personal),
        TINY_DEFAULTS.candidates_per_pass,
    )
    some = rewards[:, [NAMES.index(colour) for colour in colours]]
    return [colours[place] for place in some.argmax(dim=1).tolist()]
