import itertools
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image

from studio.domain import (
    MAX_SEED,
    CandidateCountError,
    ContradictoryPhrasesError,
    EmptyPromptError,
    GenerationCancelledError,
    GenerationRequest,
    GuidanceError,
    NothingKnownError,
    PromptTooLongError,
    SeedError,
    SettingsError,
    StepCountError,
    StrengthError,
    StudioError,
    VariationError,
)
from studio.perfusion.adaptive_network import PersonalisedAdaptiveNetwork
from studio.perfusion.generator import Generator, preview_pictures
from studio.perfusion.pictures import to_images
from studio.perfusion.profile import Profile
from tests.tiny_models import (
    HEIGHT_PX,
    LATENT_CHANNELS,
    TEXT_WIDTH,
    TINY_DEFAULTS,
    WIDTH_PX,
    tiny_adaptive_network,
    tiny_phrasebook,
    tiny_pipeline,
)
from tests.tiny_reward_models import ANNA, BERTA, SCHEMA

ONE_LEVEL = 1  # of 255: what rounding to eight bits can make of a tiny difference


def ask(prompt: str = "dress, red", **options: Any) -> GenerationRequest:
    return GenerationRequest(**{"prompt": prompt, "num_candidates": 2, "seed": 11, **options})


def pixels(group) -> list[np.ndarray]:
    return [np.asarray(candidate.image, dtype=np.int16) for candidate in group.candidates]


def largest_difference(one: np.ndarray, other: np.ndarray) -> int:
    return int(np.abs(one - other).max())


@pytest.fixture
def personal_generator() -> Generator:
    """A generator whose adaptive network says something, as if trained."""
    pipeline = tiny_pipeline()
    network = tiny_adaptive_network(pipeline.unet)
    pipeline.register_modules(adaptive_network=network)
    return Generator(pipeline, TINY_DEFAULTS, tiny_phrasebook())


# --- Determinism -----------------------------------------------------------------------------


def test_a_request_gives_its_candidates_in_the_order_of_their_seeds(generator):
    group = generator.generate(ask(num_candidates=3))

    assert [candidate.seed for candidate in group.candidates] == [11, 12, 13]
    assert all(candidate.image.size == (WIDTH_PX, HEIGHT_PX) for candidate in group.candidates)
    assert all(candidate.image.mode == "RGB" for candidate in group.candidates)
    assert largest_difference(*pixels(group)[:2]) > 20


def test_seeds_go_on_from_zero_after_the_largest(generator):
    group = generator.generate(ask(num_candidates=3, seed=MAX_SEED - 1))

    assert [candidate.seed for candidate in group.candidates] == [MAX_SEED - 1, MAX_SEED, 0]


def test_the_same_request_gives_the_same_bytes(generator):
    first, second = (generator.generate(ask()) for _ in range(2))

    for one, other in zip(first.candidates, second.candidates, strict=True):
        assert one.image.tobytes() == other.image.tobytes()


def test_watching_a_generation_does_not_change_it(generator):
    watched = generator.generate(ask(), on_step=lambda *_: None, preview_every=1)

    assert [c.image.tobytes() for c in watched.candidates] == [
        c.image.tobytes() for c in generator.generate(ask()).candidates
    ]


@pytest.mark.parametrize("candidates", [1, 2, 5, 8])
def test_a_candidate_comes_out_alone_as_in_any_group(generator, candidates):
    group = generator.generate(ask(num_candidates=candidates))
    last = group.candidates[-1]

    alone = generator.generate(ask(num_candidates=1, seed=last.seed))

    assert alone.candidates[0].image.tobytes() == last.image.tobytes()


@pytest.mark.parametrize("candidates", [1, 5])
def test_each_candidate_is_completed_by_lots_of_its_own_alone_as_in_a_group(
    generator, lots_generator, candidates
):
    plain = generator.generate(ask(num_candidates=candidates))

    group = lots_generator.generate(ask(num_candidates=candidates))

    last = group.candidates[-1]
    alone = lots_generator.generate(ask(num_candidates=1, seed=last.seed)).candidates[0]
    assert alone.image.tobytes() == last.image.tobytes()
    assert alone.lots == last.lots
    assert last.image.tobytes() != plain.candidates[-1].image.tobytes()
    assert group.prompt == plain.prompt
    asked_for = generator.generate(
        ask(prompt=f"dress, red, {last.lots}", num_candidates=1, seed=last.seed)
    )
    assert asked_for.candidates[0].image.tobytes() == last.image.tobytes()


def test_lots_are_told_apart_from_what_was_asked_for(generator, open_generator, lots_generator):
    lots = [each.lots for each in lots_generator.generate(ask(num_candidates=8)).candidates]

    assert set(lots) == {"midi", "maxi"}
    for each, prompt in (
        (lots_generator, "dress, maxi"),
        (generator, "red"),
        (open_generator, "x"),
    ):
        assert [one.lots for one in each.generate(ask(prompt)).candidates] == ["", ""]


def test_variations_of_known_phrases_are_drawn_from_these_in_turn(generator, lots_generator):
    images = [Image.new("RGB", (WIDTH_PX, HEIGHT_PX))] * 2
    request = ask(prompt="dress", num_candidates=4, variation=0.01)

    varied = lots_generator.generate(
        request, start_images=images, start_phrases=["dress, midi", "dress, maxi"]
    )

    assert [each.lots for each in varied.candidates] == ["midi", "maxi"] * 2
    alone = generator.generate(ask(prompt="dress, maxi", num_candidates=1, seed=12))
    assert varied.candidates[1].image.tobytes() == alone.candidates[0].image.tobytes()
    for each, phrases in ((lots_generator, ["dress, midi", ""]), (generator, ["dress"] * 2)):
        of_images = each.generate(request, start_images=images, start_phrases=phrases)
        assert [candidate.lots for candidate in of_images.candidates] == [""] * 4


def test_a_variation_of_an_image_alone_is_not_completed_by_lot(generator, lots_generator):
    original = generator.generate(ask(num_candidates=1)).candidates[0].image
    request = ask(num_candidates=1, seed=3, variation=0.5)

    (varied,), (with_lots,) = (
        each.generate(request, start_images=[original]).candidates
        for each in (generator, lots_generator)
    )

    assert varied.image.tobytes() == with_lots.image.tobytes()
    assert with_lots.lots == ""


@pytest.mark.parametrize("prediction_type", ["epsilon", "v_prediction"])
def test_without_passes_of_one_size_a_candidate_still_agrees_to_rounding(prediction_type):
    pipeline = tiny_pipeline(prediction_type=prediction_type)
    options: dict[str, Any] = {"num_inference_steps": 20, "output_type": "pt"}

    def run(seeds):
        given = [torch.Generator().manual_seed(seed) for seed in seeds]
        return pipeline("dress", generator=given, num_images_per_prompt=len(given), **options)

    group, alone = run(range(8)).images, run([5]).images

    torch.testing.assert_close(group[5:6], alone, atol=1e-4, rtol=0)


def test_a_stores_candidate_comes_out_alone_as_in_its_group(personal_generator):
    group = personal_generator.generate(ask(num_candidates=5), profile=ANNA)

    for candidate in group.candidates:
        request = ask(num_candidates=1, seed=candidate.seed)
        alone = personal_generator.generate(request, profile=ANNA).candidates[0]
        assert alone.image.tobytes() == candidate.image.tobytes()


def test_the_models_never_see_more_or_fewer_candidates_than_a_pass_holds(pipeline):
    rows: dict[str, set[int]] = {"unet": set(), "decoder": set()}
    hooks = [
        pipeline.unet.register_forward_pre_hook(lambda _, args: rows["unet"].add(len(args[0]))),
        pipeline.vae.decoder_in.register_forward_pre_hook(
            lambda _, args: rows["decoder"].add(len(args[0]))
        ),
    ]
    generator = Generator(pipeline, replace(TINY_DEFAULTS, candidates_per_pass=3))

    for count in (1, 3, 7):
        assert len(generator.generate(ask(num_candidates=count)).candidates) == count
    for hook in hooks:
        hook.remove()

    assert rows == {"unet": {6}, "decoder": {3}}


def test_the_state_of_torchs_own_generator_neither_matters_nor_moves(generator):
    torch.manual_seed(1)
    first = generator.generate(ask())
    state = torch.get_rng_state()
    second = generator.generate(ask())

    assert torch.equal(state, torch.get_rng_state())
    assert pixels(first)[0].tobytes() == pixels(second)[0].tobytes()


# --- Phrases ---------------------------------------------------------------------------------


@pytest.mark.parametrize("order", list(itertools.permutations(["dress", "red", "v-neck"])))
def test_the_order_of_typing_never_matters(generator, order):
    group = generator.generate(ask(", ".join(order), num_candidates=1))

    assert group.prompt == "dress, v-neck, red"
    again = generator.generate(ask("dress, v-neck, red", num_candidates=1))
    assert pixels(group)[0].tobytes() == pixels(again)[0].tobytes()


def test_the_order_of_typing_does_not_matter_without_a_phrasebook_either(open_generator):
    groups = [open_generator.generate(ask(p)) for p in ("tulle, Ankle boots", "Ankle boots,tulle")]

    assert groups[0].prompt == groups[1].prompt == "Ankle boots, tulle"
    assert pixels(groups[0])[0].tobytes() == pixels(groups[1])[0].tobytes()


def test_an_unknown_phrase_is_told_with_the_nearest_and_left_out(generator):
    group = generator.generate(ask("dress, redd, zzzz", num_candidates=1))

    assert group.prompt == "dress"
    told = {unknown.text: unknown.nearest for unknown in group.parsed.unknown}
    assert told.keys() == {"redd", "zzzz"}
    assert "red" in told["redd"]
    plain = generator.generate(ask("dress", num_candidates=1))
    assert pixels(group)[0].tobytes() == pixels(plain)[0].tobytes()


def test_reading_a_prompt_tells_contradictions_and_drawing_it_refuses_them(generator):
    assert generator.read_prompt("mini, maxi").conflicts

    with pytest.raises(ContradictoryPhrasesError, match=r"mini.*maxi"):
        generator.generate(ask("mini, maxi"))


def test_an_emoji_is_told_where_any_phrase_is_welcome(open_generator):
    parsed = open_generator.read_prompt("dress; 👗\ndress")

    assert parsed.phrases == ("dress",)
    assert [unknown.text for unknown in parsed.unknown] == ["👗"]


@pytest.mark.parametrize("prompt", ["", "   ", ", ,\n;", "\t"])
def test_an_empty_prompt_is_a_sentence(generator, open_generator, prompt):
    for each in (generator, open_generator):
        with pytest.raises(EmptyPromptError, match="phrases"):
            each.read_prompt(prompt)
        with pytest.raises(EmptyPromptError):
            each.generate(ask(prompt))


@pytest.mark.parametrize("prompt", ["👗🩱", "🙂, 🙃", "!!!"])
def test_a_prompt_of_nothing_known_is_a_sentence(generator, open_generator, prompt):
    for each in (generator, open_generator):
        with pytest.raises(NothingKnownError):
            each.generate(ask(prompt))


@pytest.mark.parametrize("length", [1_001, 10_000])
def test_a_prompt_of_too_many_characters_is_refused(generator, open_generator, length):
    for each in (generator, open_generator):
        with pytest.raises(PromptTooLongError, match=f"{length:,} characters"):
            each.read_prompt("a" * length)


def test_a_prompt_that_the_text_tower_cannot_read_is_refused(open_generator):
    with pytest.raises(PromptTooLongError, match="Leave out"):
        open_generator.generate(ask(", ".join(f"phrase {n}" for n in range(20))))


# --- Numbers ---------------------------------------------------------------------------------


@pytest.mark.parametrize("count", [0, -1, 49, 2.0, True, None, "3"])
def test_a_number_of_candidates_out_of_range_is_a_sentence(generator, count):
    with pytest.raises(CandidateCountError, match="1 to 48"):
        generator.generate(ask(num_candidates=count))


@pytest.mark.parametrize("seed", [-1, MAX_SEED + 1, 0.5, None])
def test_a_seed_out_of_range_is_a_sentence(generator, seed):
    with pytest.raises(SeedError, match="4,294,967,295"):
        generator.generate(ask(seed=seed))


@pytest.mark.parametrize("steps", [0, -3, 101, 2.5])
def test_a_number_of_steps_out_of_range_is_a_sentence(generator, steps):
    with pytest.raises(StepCountError, match="1 to 100"):
        generator.generate(ask(num_inference_steps=steps))


@pytest.mark.parametrize("strength", [-0.1, 2.5, float("nan"), None])
def test_a_strength_out_of_range_is_a_sentence(generator, strength):
    with pytest.raises(StrengthError, match="0 to 2"):
        generator.generate(ask(strength=strength))


@pytest.mark.parametrize("scale", [0, 0.5, 21, float("nan"), float("inf"), "high"])
def test_a_guidance_scale_out_of_range_is_a_sentence(generator, scale):
    with pytest.raises(GuidanceError, match="1 to 20"):
        generator.generate(ask(guidance_scale=scale))


def test_what_a_request_leaves_open_comes_from_the_checkpoint_and_is_told(generator):
    group = generator.generate(ask(num_candidates=1))
    chosen = generator.generate(ask(num_candidates=1, num_inference_steps=2, guidance_scale=1.0))

    assert group.num_inference_steps == TINY_DEFAULTS.num_inference_steps
    assert group.guidance_scale == TINY_DEFAULTS.guidance_scale
    assert (chosen.num_inference_steps, chosen.guidance_scale) == (2, 1.0)
    assert largest_difference(pixels(group)[0], pixels(chosen)[0]) > ONE_LEVEL


def test_a_refused_request_costs_no_work():
    pipeline = tiny_pipeline()
    calls = []
    for model in (pipeline.text_encoder, pipeline.unet):
        model.register_forward_pre_hook(lambda *_: calls.append(1))
    generator = Generator(pipeline, TINY_DEFAULTS, tiny_phrasebook())

    for request in (ask(num_candidates=99), ask("mini, maxi"), ask("👗")):
        with pytest.raises(StudioError):
            generator.generate(request)

    assert not calls


# --- Steps, previews and cancelling ----------------------------------------------------------


def test_every_step_is_told_and_previews_come_at_the_chosen_distance(generator):
    told = []

    generator.generate(
        ask(num_inference_steps=7),
        on_step=lambda step, total, previews: told.append((step, total, previews)),
        preview_every=3,
    )

    assert [(step, total) for step, total, _ in told] == [(step, 7) for step in range(1, 8)]
    assert [step for step, _, previews in told if previews] == [3, 6]
    assert [picture.size for picture in told[2][2]] == [(WIDTH_PX, HEIGHT_PX)] * 2


def test_previews_can_be_switched_off(generator):
    told = []

    generator.generate(ask(), on_step=lambda *step: told.append(step), preview_every=0)

    assert [previews for _, _, previews in told] == [None] * TINY_DEFAULTS.num_inference_steps


def test_previews_approach_the_finished_images(generator):
    previews = {}

    def keep(step, total, pictures):
        previews[step] = pictures

    group = generator.generate(ask(num_inference_steps=12), on_step=keep, preview_every=1)

    def distance(step):
        shown = np.asarray(previews[step][0], dtype=np.int16)
        return float(np.abs(shown - pixels(group)[0]).mean())

    assert distance(11) < distance(6) < distance(1)


@pytest.mark.parametrize("autoencoder", ["patch", "kl"])
def test_previews_of_large_images_are_small(autoencoder):
    pipeline = tiny_pipeline(autoencoder=autoencoder)

    latents, told = torch.randn(2, LATENT_CHANNELS, 64, 48), torch.randn(2, 5, TEXT_WIDTH)
    pictures = preview_pictures(pipeline, latents, told)

    assert [picture.size for picture in pictures] == [(192, 256)] * 2


def test_a_callback_that_says_no_stops_at_once(generator):
    steps = []

    def stop_at_two(step, total, previews):
        steps.append(step)
        return step < 2

    with pytest.raises(GenerationCancelledError, match="Stopped"):
        generator.generate(ask(), on_step=stop_at_two)

    assert steps == [1, 2]


def test_a_generation_after_a_cancelled_one_is_as_ever(generator):
    before = generator.generate(ask())
    with pytest.raises(GenerationCancelledError):
        generator.generate(ask(), on_step=lambda *_: False)

    assert pixels(generator.generate(ask()))[0].tobytes() == pixels(before)[0].tobytes()


def test_the_parts_of_the_time_make_up_the_whole(generator):
    timings = generator.generate(ask(), on_step=lambda *_: None, preview_every=1).timings

    parts = (timings.text_s, timings.unet_s, timings.decoder_s)
    assert all(part > 0 for part in parts)
    assert sum(parts) <= timings.total_s
    assert sum(parts) > 0.5 * timings.total_s


# --- Variations ------------------------------------------------------------------------------


def test_a_small_variation_stays_near_the_image_and_a_large_one_does_not(generator):
    original = generator.generate(ask(num_candidates=1)).candidates[0].image
    pipeline = generator.pipeline
    reconstructed = pipeline.decode(pipeline.encode_images(to_images([original])))

    def distance(variation: float) -> float:
        request = ask(num_candidates=1, seed=3, num_inference_steps=20, variation=variation)
        varied = generator.generate(request, start_images=[original])
        drawn = to_images([varied.candidates[0].image])
        return float((drawn - reconstructed).abs().mean())

    assert distance(0.05) < distance(0.4) < distance(1.0)


def test_a_checkpoint_can_calm_the_noise_on_the_way(generator):
    calming = Generator(
        generator.pipeline, replace(TINY_DEFAULTS, calm_below=900), tiny_phrasebook()
    )
    request = ask(num_candidates=1)

    drawn = pixels(calming.generate(request))[0].tobytes()

    assert drawn == pixels(calming.generate(request))[0].tobytes()
    assert drawn != pixels(generator.generate(request))[0].tobytes()


def test_variations_take_the_start_images_in_turn_and_come_out_alone_too(generator):
    images = [c.image for c in generator.generate(ask()).candidates]
    group = generator.generate(ask(num_candidates=3, variation=0.5), start_images=images)

    alone = [
        generator.generate(
            ask(num_candidates=1, seed=candidate.seed, variation=0.5),
            start_images=[images[index % 2]],
        )
        for index, candidate in enumerate(group.candidates)
    ]

    for together, single in zip(pixels(group), alone, strict=True):
        assert together.tobytes() == pixels(single)[0].tobytes()


def test_a_variation_counts_the_steps_that_it_really_takes(generator):
    told = []

    generator.generate(
        ask(num_inference_steps=10, variation=0.3),
        on_step=lambda step, total, _: told.append((step, total)),
        start_images=[Image.new("RGB", (10, 10))],
    )

    assert told == [(1, 3), (2, 3), (3, 3)]


@pytest.mark.parametrize("variation", [0, -0.1, 1.1, float("nan"), "much", None])
def test_a_variation_out_of_range_is_a_sentence(generator, variation):
    with pytest.raises(VariationError, match="above 0 and up to 1"):
        generator.generate(ask(variation=variation), start_images=[Image.new("RGB", (8, 8))])


def test_a_variation_of_nothing_is_a_sentence(generator):
    with pytest.raises(VariationError, match="Choose an image"):
        generator.generate(ask(variation=0.5))


# --- Stores ----------------------------------------------------------------------------------


def draw(generator: Generator, **options: Any) -> bytes:
    profile = options.pop("profile", None)
    group = generator.generate(ask(num_candidates=1, **options), profile=profile)
    return group.candidates[0].image.tobytes()


def test_two_stores_get_different_designs_and_nobody_in_particular_the_plain_ones(
    generator, personal_generator
):
    plain = draw(generator)

    assert draw(personal_generator) == plain
    assert len({plain, *(draw(personal_generator, profile=each) for each in (ANNA, BERTA))}) == 3


def test_strength_zero_is_the_plain_design_bit_for_bit(generator, personal_generator):
    assert draw(personal_generator, profile=ANNA, strength=0) == draw(generator)
    assert draw(personal_generator, profile=ANNA, strength=0.5) != draw(generator)


def test_an_untrained_adaptive_network_changes_no_bit(generator, personal_generator):
    network = PersonalisedAdaptiveNetwork.from_unet(generator.pipeline.unet, SCHEMA)
    personal_generator.pipeline.register_modules(adaptive_network=network.eval())

    assert draw(personal_generator, profile=ANNA) == draw(generator)


def test_a_checkpoint_without_an_adaptive_network_says_that_it_did_not_personalise(
    generator, personal_generator
):
    assert not generator.generate(ask(), profile=ANNA).personalised
    assert personal_generator.generate(ask(), profile=ANNA).personalised
    assert not personal_generator.generate(ask(strength=0), profile=ANNA).personalised


def test_what_the_checkpoint_cannot_use_of_a_profile_is_told(personal_generator):
    stranger = Profile.of(style=["never heard of"])

    notices = personal_generator.generate(ask(), profile=stranger).profile_notices

    assert any("never heard of" in notice.message for notice in notices)


def test_without_guidance_a_store_has_its_part_too(generator, personal_generator):
    assert draw(personal_generator, profile=ANNA, guidance_scale=1.0) != draw(
        generator, guidance_scale=1.0
    )


# --- Devices ---------------------------------------------------------------------------------


def test_a_device_that_is_not_there_is_a_sentence(tmp_path):
    with pytest.raises(SettingsError, match="no device 'cuda:99'"):
        Generator.load(tmp_path, device="cuda:99")
