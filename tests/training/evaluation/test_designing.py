import random

import numpy as np
import pytest

from studio.design.families import FIGURE_FAMILIES
from studio.domain import GenerationRequest, StudioError
from studio.perfusion.adaptive_schedule import EVERY_STEP
from studio.perfusion.design_codec import Settled
from studio.perfusion.generator import Generator
from studio.perfusion.profile import Profile
from tests.tiny_models import tiny_adaptive_network, tiny_pipeline
from tests.training.evaluation.tiny_atelier import DEFAULTS, tiny_generator
from training.atelier.world import sample_outfit
from training.evaluation.designing import (
    AT_ONCE,
    Designer,
    Question,
    Sampling,
    open_question,
    question_of,
)

STORES = [Profile.of(style=["minimalist"]), Profile.of(style=["luxurious"])]


@pytest.fixture(scope="module")
def generator() -> Generator:
    generator = tiny_generator()
    network = tiny_adaptive_network(generator.pipeline.unet)
    generator.pipeline.register_modules(adaptive_network=network)
    return generator


def questions(generator: Generator, store: Profile | None = None) -> list[Question]:
    parsed = generator.read_prompt("dress, red")
    return [question_of(parsed, 7 + n, 7, store) for n in range(3)]


@pytest.mark.parametrize("store", [None, STORES[0]])
def test_what_is_designed_is_what_the_studio_would_design(generator, store):
    designer = Designer(generator, Sampling(steps=3, guidance_scale=2.0))
    request = GenerationRequest(
        prompt="dress, red", num_candidates=3, seed=7, num_inference_steps=3, guidance_scale=2.0
    )

    own = designer.answer(questions(generator, store)).designs

    group = generator.generate(request, preview_every=0, profile=store)
    for mine, theirs in zip(own, group.candidates, strict=True):
        assert theirs.design is not None
        assert mine.outfit == theirs.design.outfit
        assert mine.asked == theirs.design.asked


def test_all_candidates_of_a_round_have_one_wearer(generator):
    designs = Designer(generator, Sampling()).answer(questions(generator)).designs

    wearers = {tuple(each[family] for family in FIGURE_FAMILIES) for each in designs}
    assert len(wearers) == 1


def test_free_places_are_those_of_nothing_settled_and_nothing_repaired(generator):
    answers = Designer(generator, Sampling()).answer([open_question(n) for n in range(8)])

    changed = (answers.free != answers.places).sum(axis=1)
    assert changed.tolist() == [len(each.repaired) for each in answers.designs]


def test_stores_strength_and_schedule_all_matter_and_strength_zero_is_plain(generator):
    designer = Designer(generator, Sampling())
    plain = designer.answer(questions(generator)).free
    ways = [
        designer.answer(questions(generator, STORES[0])).free,
        designer.answer(questions(generator, STORES[1])).free,
        designer.answer(questions(generator, STORES[0]), strength=2.0).free,
        designer.answer(questions(generator, STORES[0]), 1.0, designer.first_step_only).free,
    ]

    nothing = designer.answer(questions(generator, STORES[0]), 0.0, EVERY_STEP).free
    np.testing.assert_array_equal(nothing, plain)
    assert len({each.tobytes() for each in (plain, *ways)}) == 5


@pytest.mark.parametrize("steps", [1, 2, 7, 10, 20, 50])
def test_the_first_step_is_the_only_one_that_its_schedule_covers(generator, steps):
    schedule = Designer(generator, Sampling(steps=steps)).first_step_only
    scheduler = type(generator.pipeline.scheduler).from_config(generator.pipeline.scheduler.config)
    scheduler.set_timesteps(steps)

    covered = [schedule.covers(float(timestep)) for timestep in scheduler.timesteps]

    assert covered == [True] + [False] * (steps - 1)


def test_many_questions_are_answered_in_their_order_and_always_alike(generator):
    designer = Designer(generator, Sampling(steps=1))
    # Wholly settled, so that nothing has to be repaired.
    outfits = [dict(sample_outfit(random.Random(n))) for n in range(AT_ONCE + 4)]
    many = [Question("", Settled(outfit), n) for n, outfit in enumerate(outfits)]

    whole = designer.answer(many)

    assert [dict(each.outfit) for each in whole.designs] == outfits
    last = designer.answer(many[AT_ONCE:])
    assert last.designs == whole.designs[AT_ONCE:]
    np.testing.assert_array_equal(whole.free[AT_ONCE:], last.free)


def test_a_checkpoint_of_pictures_has_no_designs():
    pictures = Generator(tiny_pipeline(decoder="vae"), DEFAULTS)

    with pytest.raises(StudioError, match="draws pictures"):
        Designer(pictures, Sampling())


def test_a_checkpoint_without_a_network_knows_no_stores():
    designer = Designer(tiny_generator(), Sampling())

    with pytest.raises(StudioError, match="knows no stores"):
        designer.answer([question_of(designer.book.parse("dress"), 0, 0, STORES[0])])
