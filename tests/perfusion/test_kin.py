"""Stores that a store may be like."""

import torch

from studio.perfusion.kin import COUNT, embeddings_of, kin_of
from studio.perfusion.profile import Profile, user_id_schema
from studio.perfusion.user_encoder import UserEncoder
from tests.tiny_reward_models import ANNA, SCHEMA


def test_a_stores_kin_begin_with_itself_and_keep_most_of_its_answers():
    kin = kin_of(ANNA, SCHEMA)

    assert kin[0] == ANNA
    assert len(kin) == COUNT + 1
    assert {each["store_id"] for each in kin} == {"anna"}
    kept = sum(each["style"] == ANNA["style"] for each in kin[1:]) / COUNT
    assert 0.6 < kept < 0.95


def test_a_store_that_tells_nothing_may_be_like_any_other():
    styles = {each["style"] for each in kin_of(Profile(()), SCHEMA)[1:]}

    assert {("minimalist",), ("luxurious",), ("street",)} <= styles
    assert None not in styles


def test_the_same_store_always_has_the_same_kin():
    assert kin_of(ANNA, SCHEMA) == kin_of(ANNA, SCHEMA)


def test_where_nothing_is_asked_but_a_number_kin_are_the_known_users():
    schema = user_id_schema().fitted_to([Profile.of(store_id=f"user-{n}") for n in range(3)])

    kin = kin_of(Profile.of(store_id="new"), schema)

    assert kin[0]["store_id"] == "new"
    assert {each["store_id"] for each in kin[1:]} <= {"new", "user-0", "user-1", "user-2"}


def test_kin_are_embedded_as_the_models_embed_stores():
    encoder = UserEncoder.for_schema(SCHEMA, field_width=4)
    kin = kin_of(ANNA, SCHEMA)

    found = embeddings_of([encoder, encoder], SCHEMA, kin)

    assert found.shape == (COUNT + 1, 2 * encoder.width)
    assert torch.equal(found[:, : encoder.width], found[:, encoder.width :])
