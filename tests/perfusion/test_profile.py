import json

import pytest

from studio.domain import ProfileError
from studio.perfusion.profile import (
    FASHION_SCHEMA,
    MAX_VALUES,
    Profile,
    ProfileSchema,
    user_id_schema,
)
from tests.tiny_reward_models import ANNA, BERTA, SCHEMA


def test_a_profile_survives_the_journey_through_json():
    assert Profile.from_json(BERTA.to_json()) == BERTA


def test_a_schema_survives_the_journey_through_json():
    fitted = FASHION_SCHEMA.fitted_to([Profile.of(store_id="x", style=["street"], price=99)])

    assert ProfileSchema.from_json(fitted.to_json()) == fitted


def test_each_kind_of_field_gets_its_ids():
    assert SCHEMA.encode(BERTA).ids == ((2,), (2, 3), (3,))


def test_a_field_that_is_not_told_is_unknown_without_a_notice():
    encoded = SCHEMA.encode(Profile.of(style="street"))

    assert encoded.ids == ((0,), (3,), (0,))
    assert encoded.notices == ()


@pytest.mark.parametrize(("price", "number"), [(-5, 1), (49.99, 1), (50, 2), (200, 3), (1e9, 3)])
def test_numbers_fall_into_bins_that_start_at_their_edge(price, number):
    assert SCHEMA.encode(Profile.of(price=price)).ids[2] == (number,)


def test_a_new_value_becomes_unknown_and_says_so():
    encoded = SCHEMA.encode(Profile.of(store_id="dora", style=["street", "gothic"]))

    assert encoded.ids == ((0,), (3,), (0,))
    assert [notice.field for notice in encoded.notices] == ["store_id", "style"]
    assert "gothic" in encoded.notices[1].message


def test_a_value_on_offer_that_training_never_saw_becomes_unknown_and_says_so():
    fitted = SCHEMA.fitted_to([ANNA])

    encoded = fitted.encode(BERTA)

    assert encoded.ids == ((0,), (0,), (0,))
    assert [notice.field for notice in encoded.notices] == ["store_id", "style", "style", "price"]
    assert fitted.encode(ANNA).notices == ()


def test_a_field_that_the_model_does_not_have_is_ignored_and_named_with_the_nearest_one():
    encoded = SCHEMA.encode(Profile.of(styles=["street"], weather="rain"))

    assert encoded.ids == ((0,), (0,), (0,))
    assert "Did you mean “style”?" in encoded.notices[0].message
    assert "weather" in encoded.notices[1].message


@pytest.mark.parametrize(
    "data",
    [
        "{",
        "[]",
        None,
        {"fields": {}},
        {"version": 2, "fields": {}},
        {"version": 1, "fields": []},
        {"version": 1, "fields": {"style": ["street"] * 1000}},
        {"version": 1, "fields": {f"field {number}": "x" for number in range(1000)}},
        {"version": 1, "fields": {"style": {"a": 1}}},
        {"version": 1, "fields": {"style": [1, 2]}},
        {"version": 1, "fields": {"price": float("nan")}},
        {"version": 1, "fields": {"price": float("inf")}},
        {"version": 1, "fields": {"price": 10**400}},
        {"version": 1, "fields": {"price": True}},
        {"version": 1, "fields": {"store_id": "x" * 1000}},
        {"version": 1, "fields": {7: "x"}},
    ],
)
def test_what_is_no_profile_is_refused_with_a_sentence(data):
    with pytest.raises(ProfileError, match=r"\.$"):
        Profile.from_json(data)


@pytest.mark.parametrize(
    "fields", [{"price": "cheap"}, {"store_id": ["a", "b"]}, {"style": 3.0}, {"store_id": 7}]
)
def test_a_value_of_the_wrong_type_is_refused(fields):
    with pytest.raises(ProfileError):
        SCHEMA.encode(Profile.of(**fields))


def test_a_schema_of_another_version_is_refused():
    text = json.dumps({"version": 9, "fields": []})

    with pytest.raises(ProfileError, match="version 9"):
        ProfileSchema.from_json(text)


def test_many_values_up_to_the_limit_are_read():
    profile = Profile.of(style=[f"style {number}" for number in range(MAX_VALUES)])

    assert len(SCHEMA.encode(profile).notices) == MAX_VALUES


def test_a_user_number_can_be_the_only_field():
    schema = user_id_schema().fitted_to([Profile.of(store_id="41"), Profile.of(store_id="7")])

    assert schema.encode(Profile.of(store_id="7")).ids == ((2,),)
    assert schema.encode(Profile.of(store_id="8")).notices
