import itertools
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image

from studio.design.families import FAMILIES, FIGURE_FAMILIES
from studio.design.garment_rules import GARMENT_RULES
from studio.design.measures import MEASURES
from studio.design.spec import MAX_SPEC_CHARACTERS, DesignSpec, spec_of_values
from studio.domain import (
    MAX_SEED,
    CandidateCountError,
    CheckpointError,
    ContradictoryPhrasesError,
    DesignError,
    EmptyPromptError,
    GenerationCancelledError,
    GenerationRequest,
    GuidanceError,
    NothingKnownError,
    PromptTooLongError,
    ReferenceImageError,
    SeedError,
    SettingsError,
    StepCountError,
    StrengthError,
    StudioError,
    VariationError,
)
from studio.perfusion.adaptive_network import PersonalisedAdaptiveNetwork
from studio.perfusion.adaptive_schedule import AdaptiveSchedule
from studio.perfusion.decoders import PictureDecoder
from studio.perfusion.generator import GeneratedGroup, Generator
from studio.perfusion.pictures import to_images
from studio.perfusion.profile import Profile
from studio.perfusion.settling import wearer_by_lot
from tests.tiny_models import (
    HEIGHT_PX,
    TINY_DEFAULTS,
    WIDTH_PX,
    tiny_personal_generator,
    tiny_phrasebook,
    tiny_pipeline,
)
from tests.tiny_reward_models import ANNA, BERTA, SCHEMA

ONE_LEVEL = 1  # of 255: what rounding to eight bits can make of a tiny difference


def ask(prompt: str = "dress, red", **options: Any) -> GenerationRequest:
    return GenerationRequest(**{"prompt": prompt, "num_candidates": 2, "seed": 11, **options})


def pixels(group) -> list[np.ndarray]:
    return [np.asarray(candidate.image, dtype=np.int16) for candidate in group.candidates]


def designs(group: GeneratedGroup) -> list[DesignSpec]:
    found = [candidate.design for candidate in group.candidates]
    assert all(isinstance(each, DesignSpec) for each in found)
    return [each for each in found if each is not None]


def largest_difference(one: np.ndarray, other: np.ndarray) -> int:
    return int(np.abs(one - other).max())


@pytest.fixture
def personal_generator() -> Generator:
    """A generator whose adaptive network says something, as if trained."""
    return tiny_personal_generator()


# --- Determinism -----------------------------------------------------------------------------


def test_a_request_gives_its_candidates_in_the_order_of_their_seeds(generator):
    group = generator.generate(ask(num_candidates=3))

    assert [candidate.seed for candidate in group.candidates] == [11, 12, 13]
    assert all(candidate.image.size == (WIDTH_PX, HEIGHT_PX) for candidate in group.candidates)
    assert all(candidate.image.mode == "RGB" for candidate in group.candidates)
    assert largest_difference(*pixels(group)[:2]) > 20
    assert len({design.outfit for design in designs(group)}) == 3


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

    alone = generator.generate(ask(num_candidates=1, seed=last.seed, wearer_seed=11))

    assert alone.candidates[0].image.tobytes() == last.image.tobytes()
    assert alone.candidates[0].design == last.design


def test_a_picture_comes_out_alone_as_in_any_group(open_generator):
    last = open_generator.generate(ask(num_candidates=5)).candidates[-1]

    alone = open_generator.generate(ask(num_candidates=1, seed=last.seed)).candidates[0]

    assert alone.image.tobytes() == last.image.tobytes()
    assert alone.design is None


@pytest.mark.parametrize("prediction_type", ["epsilon", "v_prediction"])
def test_without_passes_of_one_size_a_candidate_still_agrees_to_rounding(prediction_type):
    pipeline = tiny_pipeline(prediction_type=prediction_type)
    options: dict[str, Any] = {"num_inference_steps": 20, "output_type": "latent"}

    def run(seeds):
        given = [torch.Generator().manual_seed(seed) for seed in seeds]
        return pipeline("dress", generator=given, num_images_per_prompt=len(given), **options)

    group, alone = run(range(8)).images, run([5]).images

    torch.testing.assert_close(group[5:6], alone, atol=1e-3, rtol=0)


def test_a_stores_candidate_comes_out_alone_as_in_its_group(personal_generator):
    group = personal_generator.generate(ask(num_candidates=5), profile=ANNA)

    for candidate in group.candidates:
        request = ask(num_candidates=1, seed=candidate.seed, wearer_seed=11)
        alone = personal_generator.generate(request, profile=ANNA).candidates[0]
        assert alone.image.tobytes() == candidate.image.tobytes()


def test_the_models_never_see_more_or_fewer_candidates_than_a_pass_holds():
    pipeline = tiny_pipeline(decoder="vae")
    rows: dict[str, set[int]] = {"unet": set(), "decoder": set()}
    for name, model in (("unet", pipeline.unet), ("decoder", pipeline.vae.decoder)):
        model.register_forward_pre_hook(lambda _, args, name=name: rows[name].add(len(args[0])))
    generator = Generator(pipeline, replace(TINY_DEFAULTS, candidates_per_pass=3))

    for count in (1, 3, 7):
        assert len(generator.generate(ask(num_candidates=count)).candidates) == count

    assert rows == {"unet": {6}, "decoder": {3}}


def test_without_guidance_there_is_no_unconditional_half():
    pipeline, rows, prompts = tiny_pipeline(), set(), set()
    pipeline.unet.register_forward_pre_hook(lambda _, args: rows.add(len(args[0])))
    pipeline.text_encoder.register_forward_pre_hook(lambda _, args: prompts.add(len(args[0])))

    Generator(pipeline, replace(TINY_DEFAULTS, guidance_scale=1.0)).generate(ask())

    assert (rows, prompts) == ({2}, {1})


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


def test_what_phrases_ask_for_is_in_every_design(generator):
    for seed, prompt in enumerate(["dress, red", "skirt, maxi, navy", "crew neck", "mini"]):
        group = generator.generate(ask(prompt, seed=seed, num_candidates=4))
        for design in designs(group):
            for family, value in group.parsed.attributes.items():
                assert design[family] == value
            assert design.asked == set(group.parsed.attributes)
            assert not design.repaired & design.asked
            assert GARMENT_RULES.broken(design.outfit) == []


def test_all_candidates_are_told_the_same_and_only_what_is_asked_for():
    pipeline, told = tiny_pipeline(), []
    pipeline.unet.register_forward_pre_hook(
        lambda _, args, given: told.append(given["encoder_hidden_states"]), with_kwargs=True
    )

    Generator(pipeline, TINY_DEFAULTS, tiny_phrasebook()).generate(ask("red, dress"))

    [asked, empty] = (pipeline.encode_prompts([each])[0] for each in ("dress, red", ""))
    for states in told:
        assert torch.equal(states, torch.stack([empty, empty, asked, asked]))


def test_one_person_wears_a_whole_round_unless_asked_otherwise(generator, open_generator):
    worn = designs(generator.generate(ask(num_candidates=5)))

    assert [{family: each[family] for family in FIGURE_FAMILIES} for each in worn] == (
        [wearer_by_lot(11)] * 5
    )
    others = designs(generator.generate(ask(seed=12)))
    assert others[0]["hair"] == wearer_by_lot(12)["hair"]
    book = tiny_phrasebook()
    families = {**book.families, "hair": FAMILIES["hair"]}
    book = replace(book, families=families, phrases={**book.phrases, "bun": {"hair": "bun"}})
    asked = designs(Generator(generator.pipeline, TINY_DEFAULTS, book).generate(ask("bun")))
    assert [each["hair"] for each in asked] == ["bun", "bun"]
    assert asked[0].origin("hair") == "asked"
    assert asked[0].origin("pose") == "generated"


# --- Numbers ---------------------------------------------------------------------------------


@pytest.mark.parametrize("count", [0, -1, 49, 2.0, True, None, "3"])
def test_a_number_of_candidates_out_of_range_is_a_sentence(generator, count):
    with pytest.raises(CandidateCountError, match="1 to 48"):
        generator.generate(ask(num_candidates=count))


@pytest.mark.parametrize("seed", [-1, MAX_SEED + 1, 0.5, None])
def test_a_seed_out_of_range_is_a_sentence(generator, seed):
    with pytest.raises(SeedError, match="4,294,967,295"):
        generator.generate(ask(seed=seed))
    if seed is not None:
        with pytest.raises(SeedError, match="4,294,967,295"):
            generator.generate(ask(wearer_seed=seed))


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
    assert [preview().size for preview in told[2][2]] == [(WIDTH_PX, HEIGHT_PX)] * 2


def test_previews_can_be_switched_off(generator):
    told = []

    generator.generate(ask(), on_step=lambda *step: told.append(step), preview_every=0)

    assert [previews for _, _, previews in told] == [None] * TINY_DEFAULTS.num_inference_steps


def test_previews_of_pictures_approach_the_finished_ones(open_generator):
    previews = {}

    def keep(step, total, pictures):
        previews[step] = pictures

    group = open_generator.generate(ask(num_inference_steps=12), on_step=keep, preview_every=1)

    def distance(step):
        shown = np.asarray(previews[step][0](), dtype=np.int16)
        return float(np.abs(shown - pixels(group)[0]).mean())

    assert distance(11) < distance(6) < distance(1)


def test_previews_show_what_is_settled_from_the_first_step_on(generator):
    kept = spec_of_values({"category": "dress", "colour": "red", "pattern": "solid"}).to_json()
    previews = []

    group = generator.generate(  # an angle that nobody sees on plain cloth
        ask(kept=kept, free=("print_angle",)),
        on_step=lambda step, total, pictures: previews.append(pictures),
        preview_every=1,
    )

    assert len(previews) == TINY_DEFAULTS.num_inference_steps
    for shown in previews[:-1]:
        assert [each().tobytes() for each in shown] == [c.image.tobytes() for c in group.candidates]


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

DRESS = spec_of_values({"category": "dress", "colour": "red", "hair": "bun", "length": "midi"})
SKIRT = spec_of_values({"category": "skirt", "colour": "navy", "hair": "braids"})


def vary(generator: Generator, starts=(DRESS, SKIRT), **options: Any) -> list[DesignSpec]:
    options = {"prompt": "midi", "variation": 0.5, "num_inference_steps": 20, **options}
    return designs(generator.generate(ask(**options), start_designs=starts))


def test_more_of_a_design_changes_the_more_is_drawn_anew(generator):
    def changed(variation: float) -> float:
        varied = vary(generator, [DRESS], variation=variation, num_candidates=8)
        differ = [each[family] != DRESS[family] for each in varied for family in FAMILIES]
        return float(np.mean(differ))

    assert changed(0.01) < changed(0.3) < changed(1.0)


def test_what_starts_from_a_design_has_other_noise_than_made_it_with_the_same_seed(generator):
    def seen_first(**options: Any) -> torch.Tensor:
        seen: list[torch.Tensor] = []
        hook = generator.pipeline.unet.register_forward_pre_hook(
            lambda _, args: seen.append(args[0])
        )
        starts = [DRESS] if "variation" in options else []
        generator.generate(ask("dress", **options), start_designs=starts)
        hook.remove()
        return seen[0]

    anew = seen_first()
    part = seen_first(kept=DRESS.to_json(), free=("trim",))
    varied = seen_first(variation=1.0)

    assert not torch.allclose(anew, part, atol=0.5)
    torch.testing.assert_close(varied, part, atol=0.2, rtol=0)  # a little of the design is left


def test_a_variation_keeps_the_wearer_of_its_design_and_what_is_asked_for(generator):
    varied = vary(generator, variation=1.0, num_candidates=4)

    for design, start in zip(varied, (DRESS, SKIRT, DRESS, SKIRT), strict=True):
        assert all(design[family] == start[family] for family in FIGURE_FAMILIES)
        assert design["length"] == "midi"
        assert design.asked == {"length"}


def test_variations_take_the_designs_in_turn_and_come_out_alone_too(generator):
    group = vary(generator, num_candidates=3)

    alone = [
        vary(generator, [start], num_candidates=1, seed=11 + index)[0]
        for index, start in enumerate((DRESS, SKIRT, DRESS))
    ]

    assert alone == group


def test_a_picture_without_a_design_says_what_can_be_taken_from_it_and_costs_no_work():
    pipeline, calls = tiny_pipeline(), []
    for model in (pipeline.text_encoder, pipeline.unet):
        model.register_forward_pre_hook(lambda *_: calls.append(1))
    generator = Generator(pipeline, TINY_DEFAULTS, tiny_phrasebook())

    with pytest.raises(ReferenceImageError, match="colours as phrases"):
        generator.generate(ask(variation=0.5), start_images=[Image.new("RGB", (9, 9))])

    assert not calls


def test_a_design_is_no_start_for_a_model_of_pictures(open_generator):
    with pytest.raises(DesignError, match="draws pictures and knows of no designs"):
        open_generator.generate(ask(variation=0.5), start_designs=[DRESS])


def test_the_smaller_a_variation_of_a_picture_the_nearer_to_it_it_begins(open_generator):
    original = open_generator.generate(ask(num_candidates=1)).candidates[0].image
    decoder = open_generator.pipeline.decoder
    assert isinstance(decoder, PictureDecoder)
    latents = decoder.encode(to_images([original]))

    def distance(variation: float) -> float:
        seen = []
        hook = open_generator.pipeline.unet.register_forward_pre_hook(
            lambda _, args: seen.append(args[0][:1])
        )
        request = ask(num_candidates=1, seed=3, num_inference_steps=20, variation=variation)
        open_generator.generate(request, start_images=[original])
        hook.remove()
        return float((seen[0] - latents).abs().mean())

    assert distance(0.05) < 0.2
    assert distance(0.05) < distance(0.4) < distance(1.0)


def test_variations_take_the_start_images_in_turn_and_come_out_alone_too(open_generator):
    images = [c.image for c in open_generator.generate(ask()).candidates]
    group = open_generator.generate(ask(num_candidates=3, variation=0.5), start_images=images)

    alone = [
        open_generator.generate(
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
        ask(num_inference_steps=10, variation=0.1),
        on_step=lambda step, total, _: told.append((step, total)),
        start_designs=[DRESS],
    )

    assert told == [(step, 5) for step in range(1, 6)]


@pytest.mark.parametrize("variation", [0, -0.1, 1.1, float("nan"), "much", None])
def test_a_variation_out_of_range_is_a_sentence(generator, variation):
    with pytest.raises(VariationError, match="above 0 and up to 1"):
        generator.generate(ask(variation=variation), start_designs=[DRESS])


def test_a_variation_of_nothing_is_a_sentence(generator):
    with pytest.raises(VariationError, match="Choose an image"):
        generator.generate(ask(variation=0.5))


# --- Only this part --------------------------------------------------------------------------


@pytest.mark.parametrize(
    "free",
    [
        ("sleeve length", "sleeve shape", "sleeve_length", "sleeve_volume"),
        ("colour",),
        ("hair", "pose", "print_angle"),
    ],
)
def test_only_what_is_free_is_drawn_anew(generator, free):
    kept = designs(generator.generate(ask()))[0]

    anew = designs(
        generator.generate(ask("dress", kept=kept.to_json(), free=free, num_candidates=6, seed=99))
    )

    for design in anew:
        assert all(design[family] == kept[family] for family in FAMILIES if family not in free)
        for name in MEASURES:
            if name not in free:
                assert getattr(design.measures, name) == getattr(kept.measures, name)
        assert GARMENT_RULES.broken(design.outfit) == []
    assert len(set(anew)) > 1


def test_a_part_drawn_anew_comes_out_alone_as_in_its_group(generator):
    kept = designs(generator.generate(ask()))[0].to_json()
    options: dict[str, Any] = {"prompt": "dress", "kept": kept, "free": ("trim", "neckline")}
    group = generator.generate(ask(num_candidates=5, **options))

    alone = generator.generate(ask(num_candidates=1, seed=15, **options))

    assert alone.candidates[0].design == group.candidates[-1].design
    assert pixels(alone)[0].tobytes() == pixels(group)[-1].tobytes()


def test_the_whole_of_a_design_may_be_more_than_the_text_tower_reads(generator):
    kept = spec_of_values({"category": "dress", "neckline": "v-neck", "length": "maxi"})
    phrases = {
        value: {family: value}
        for family, values in FAMILIES.items()
        for value in values
        if value not in ("none", "top")
    }
    families = {family: tuple(values) for family, values in FAMILIES.items()}
    book = replace(tiny_phrasebook(), families=families, phrases=phrases, rules=())
    wordy = Generator(generator.pipeline, TINY_DEFAULTS, book)

    [first, _] = designs(wordy.generate(ask("dress", kept=kept.to_json(), free=("belt",))))

    assert first["neckline"] == "v-neck"


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"free": ("trim",)}, "which design"),
        ({"kept": DRESS.to_json(), "free": ()}, "what of the design"),
        ({"kept": DRESS.to_json(), "free": ("wings",)}, "no wings"),
        ({"kept": "{}", "free": ("trim",)}, "version None"),
        ({"kept": DRESS.to_json() + " " * MAX_SPEC_CHARACTERS, "free": ("trim",)}, "at most"),
        ({"kept": DRESS.to_json(), "free": ("trim",), "prompt": "skirt"}, "does not go with"),
    ],
)
def test_a_design_that_cannot_be_kept_is_a_sentence(generator, options, sentence):
    with pytest.raises(DesignError, match=sentence):
        generator.generate(ask(**options))


def test_a_design_is_either_varied_or_kept(generator):
    request = ask("dress", kept=DRESS.to_json(), free=("trim",), variation=0.5)

    with pytest.raises(DesignError, match="Either vary"):
        generator.generate(request, start_designs=[DRESS])


def test_a_model_of_pictures_keeps_no_part_of_a_design(open_generator):
    with pytest.raises(DesignError, match="a part of one"):
        open_generator.generate(ask(kept=DRESS.to_json(), free=("trim",)))


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


def untrained(generator: Generator) -> Generator:
    generator.pipeline.register_modules(
        adaptive_network=PersonalisedAdaptiveNetwork.from_unet(
            generator.pipeline.unet, SCHEMA
        ).eval()
    )
    return generator


def test_an_untrained_adaptive_network_changes_no_bit(generator, personal_generator):
    assert draw(untrained(personal_generator), profile=ANNA) == draw(generator)


def calls_of(generator: Generator) -> list[tuple[int, int]]:
    """(timestep, rows) of each evaluation of the adaptive network, as they come."""
    calls: list[tuple[int, int]] = []
    generator.pipeline.adaptive_network.register_forward_pre_hook(
        lambda _, args: calls.append((int(args[1]), len(args[0])))
    )
    return calls


@pytest.mark.parametrize("scale", [1.0, 3.0])
def test_the_network_acts_in_every_step_on_the_conditional_half_alone(personal_generator, scale):
    calls = calls_of(personal_generator)
    unet: list[int] = []
    personal_generator.pipeline.unet.register_forward_pre_hook(
        lambda _, args: unet.append(int(args[1]))
    )

    personal_generator.generate(ask(num_inference_steps=6, guidance_scale=scale), profile=ANNA)

    assert [step for step, _ in calls] == unet
    assert len(set(unet)) == 6
    assert {rows for _, rows in calls} == {TINY_DEFAULTS.candidates_per_pass}


def test_a_schedule_that_calls_it_less_often_is_a_setting(personal_generator):
    first_only = Generator(
        personal_generator.pipeline,
        TINY_DEFAULTS,
        personal_generator.phrasebook,
        AdaptiveSchedule(lowest_timestep=950),
    )
    calls = calls_of(personal_generator)

    assert draw(first_only, profile=ANNA) != draw(personal_generator)
    assert [step for step, _ in calls] == [999]


def test_it_is_said_to_be_personalised_only_where_the_network_had_a_part(
    generator, personal_generator
):
    def said(each: Generator, **options: Any) -> bool:
        return each.generate(ask(**options), profile=ANNA).personalised

    book = personal_generator.phrasebook
    never = Generator(
        personal_generator.pipeline, TINY_DEFAULTS, book, AdaptiveSchedule(lowest_timestep=1_000)
    )

    assert said(personal_generator)
    assert not personal_generator.generate(ask()).personalised
    assert not said(generator)
    assert not said(personal_generator, strength=0)
    assert not said(never)
    assert not said(untrained(personal_generator))


def test_what_the_checkpoint_cannot_use_of_a_profile_is_told(personal_generator):
    stranger = Profile.of(style=["never heard of"])

    notices = personal_generator.generate(ask(), profile=stranger).profile_notices

    assert any("never heard of" in notice.message for notice in notices)


def test_without_guidance_a_store_has_its_part_too(generator, personal_generator):
    assert draw(personal_generator, profile=ANNA, guidance_scale=1.0) != draw(
        generator, guidance_scale=1.0
    )


def test_a_stores_designs_have_what_is_asked_for_and_the_same_wearer(personal_generator):
    group = personal_generator.generate(ask("skirt, navy", strength=2.0), profile=ANNA)

    for design in designs(group):
        assert (design["category"], design["colour"]) == ("skirt", "navy")
        assert design["hair"] == wearer_by_lot(11)["hair"]


# --- Devices ---------------------------------------------------------------------------------


def test_a_device_that_is_not_there_is_a_sentence(tmp_path):
    with pytest.raises(SettingsError, match="no device 'cuda:99'"):
        Generator.load(tmp_path, device="cuda:99")


# --- Checkpoints that don't fit --------------------------------------------------------------


def test_a_phrasebook_of_other_designs_is_refused(generator):
    book = tiny_phrasebook()
    strange = replace(book, families={**book.families, "colour": ("red", "navy", "octarine")})

    with pytest.raises(CheckpointError, match="octarine can't be drawn"):
        Generator(generator.pipeline, TINY_DEFAULTS, strange)
