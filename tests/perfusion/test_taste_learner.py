"""Learning tastes with whole models: designs and pictures, one code for both."""

from typing import cast

import numpy as np
import pytest
import torch

from studio.domain import TasteError
from studio.perfusion.decoders import DesignDecoder
from studio.perfusion.design_codec import OPEN
from studio.perfusion.generator import Generator
from studio.perfusion.kin import COUNT
from studio.perfusion.pictures import to_pictures
from studio.perfusion.reward_model import PerFusionRM
from studio.perfusion.taste import Taste
from studio.perfusion.taste_learner import (
    GENERATOR,
    REWARD,
    Shown,
    TasteLearner,
    evidence_from_bytes,
    evidence_to_bytes,
)
from studio.perfusion.user_encoder import stack_profiles
from tests.tiny_models import (
    HEIGHT_PX,
    TINY_DEFAULTS,
    WIDTH_PX,
    tiny_adaptive_network,
    tiny_phrasebook,
    tiny_pipeline,
)
from tests.tiny_reward_models import ANNA, BERTA, shake, tiny_reward_model

DESIGNS = 4


def generator_of(decoder: str) -> Generator:
    pipeline = tiny_pipeline(decoder=decoder)
    pipeline.register_modules(adaptive_network=tiny_adaptive_network(pipeline.unet))
    return Generator(pipeline, TINY_DEFAULTS, tiny_phrasebook() if decoder == "codec" else None)


def shown(generator: Generator, name: str = "round-1", seed: int = 0) -> Shown:
    """Designs or pictures of random latents, as the checkpoint has them."""
    pipeline = generator.pipeline
    size = HEIGHT_PX, WIDTH_PX
    chance = torch.Generator().manual_seed(seed)
    latents = torch.randn(DESIGNS, *pipeline.latent_shape(*size), generator=chance)
    pictures = to_pictures(torch.rand(DESIGNS, 3, *size, generator=chance))
    if pipeline.codec is None:
        return Shown(name, "red dress", [None] * DESIGNS, lambda: pictures)
    designs = cast("DesignDecoder", pipeline.decoder).designs(latents, [OPEN] * DESIGNS)
    return Shown(name, "dress, red", designs, lambda: pictures)


@pytest.fixture(params=["codec", "vae"])
def generator(request) -> Generator:
    return generator_of(request.param)


@pytest.fixture(params=["text-only", "full"])
def reward_model(request) -> PerFusionRM:
    return shake(tiny_reward_model(variant=request.param))


def test_a_round_is_scored_for_the_store_and_all_of_its_kin(generator, reward_model):
    learner = TasteLearner(generator, reward_model)

    evidence = learner.look(shown(generator), ANNA)

    assert {*evidence} == {REWARD, GENERATOR}
    for each in evidence.values():
        assert each.scores.shape == (DESIGNS, COUNT + 1)
        assert bool(each.scores.isfinite().all())
    images = reward_model.prepare_pixels(
        reward_model.processor.pictures([np.asarray(each) for each in shown(generator).pictures()])
    )
    own = reward_model.score(images, shown(generator).prompt, ANNA).total
    torch.testing.assert_close(evidence[REWARD].scores[:, 0], own, atol=1e-4, rtol=1e-4)


def test_the_same_round_is_always_seen_alike(generator, reward_model):
    first, again = (
        TasteLearner(generator, reward_model).look(shown(generator), BERTA) for _ in range(2)
    )

    for model, evidence in first.items():
        assert torch.equal(evidence.scores, again[model].scores)


def test_a_small_step_towards_a_kin_moves_scores_as_foretold():
    """The straight line of the generator and of image towers, against the models themselves."""
    reward_model = shake(tiny_reward_model(variant="full"))
    learner = TasteLearner(generator_of("codec"), reward_model)
    round_ = shown(generator_of("codec"))
    evidence = learner.look(round_, ANNA)[REWARD].scores
    kin = learner._kin(ANNA)[REWARD]
    images = reward_model.prepare_pixels(
        reward_model.processor.pictures([np.asarray(each) for each in round_.pictures()])
    )
    place, step = 5, 1e-3

    taste = Taste(step * (kin.embeddings[place] - kin.embeddings[0]))
    moved = reward_model.score(images, round_.prompt, ANNA, taste).total
    own = reward_model.score(images, round_.prompt, ANNA).total

    foretold = evidence[:, place] - evidence[:, 0]
    torch.testing.assert_close((moved - own) / step, foretold, atol=2e-2, rtol=5e-2)


def test_a_taste_that_is_wholly_a_kins_draws_and_scores_as_for_that_kin(generator, reward_model):
    learner = TasteLearner(generator, reward_model)
    kin = learner._kin(ANNA)
    whole = Taste(
        kin[REWARD].embeddings[7] - kin[REWARD].embeddings[0],
        kin[GENERATOR].embeddings[7] - kin[GENERATOR].embeddings[0],
    )
    network = generator.pipeline.adaptive_network
    users = stack_profiles([network.schema.encode(ANNA)])

    as_kin = network.user_latents(kin[GENERATOR].users[7:8])
    corrected = network.user_latents(users, whole.generator)

    torch.testing.assert_close(corrected, as_kin, atol=1e-5, rtol=1e-4)


def test_ticks_of_a_kin_lead_towards_it(generator, reward_model):
    learner = TasteLearner(generator, reward_model)
    kin = learner._kin(ANNA)[REWARD].embeddings
    other = int((kin - kin[0]).norm(dim=1).argmax())  # some of the kin answer all alike
    rounds = []
    for seed in range(6):
        evidence = learner.look(shown(generator, f"round-{seed}", seed), ANNA)
        liked = evidence[REWARD].scores[:, other]
        rounds.append((evidence, (liked >= liked.topk(2).values[-1]).tolist()))

    learnt = learner.learn(rounds, ANNA)

    assert learnt.taste.reward is not None
    assert float(learnt.taste.reward @ (kin[other] - kin[0])) > 0
    again = TasteLearner(generator, reward_model).learn(rounds, ANNA)
    assert again.taste.mark == learnt.taste.mark


def test_no_answer_is_no_taste(generator, reward_model):
    learnt = TasteLearner(generator, reward_model).learn([], ANNA)

    assert learnt.taste.mark == ""
    assert learnt.judged == {}


def test_other_weights_are_another_checkpoint(generator, reward_model):
    one = TasteLearner(generator, reward_model)
    other = TasteLearner(generator, shake(tiny_reward_model(), seed=9))

    assert one.digest == TasteLearner(generator, reward_model).digest != other.digest
    assert one.mark(ANNA) != one.mark(BERTA)


def test_a_checkpoint_that_tells_no_stores_apart_learns_nothing():
    plain = Generator(tiny_pipeline(), TINY_DEFAULTS, tiny_phrasebook())

    assert not TasteLearner(plain, None).can_learn
    assert TasteLearner(generator_of("codec"), None).can_learn


def test_the_generator_alone_learns_where_there_is_no_reward_model(generator):
    learner = TasteLearner(generator, None)
    evidence = learner.look(shown(generator), ANNA)

    learnt = learner.learn([(evidence, [True, False, False, True])], ANNA)

    assert {*evidence} == {GENERATOR}
    assert learnt.taste.reward is None
    assert learnt.taste.generator is not None


def test_evidence_is_read_as_it_was_written(generator, reward_model):
    evidence = TasteLearner(generator, reward_model).look(shown(generator), ANNA)

    read = evidence_from_bytes(evidence_to_bytes(evidence))

    assert {name: each.scores.tolist() for name, each in read.items()} == {
        name: each.scores.tolist() for name, each in evidence.items()
    }
    assert evidence_from_bytes(evidence_to_bytes({})) == {}
    with pytest.raises(TasteError):
        evidence_from_bytes(b"something else")
