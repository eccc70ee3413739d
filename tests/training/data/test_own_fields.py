from pathlib import Path

import pytest

from studio.domain import ProfileError
from studio.perfusion.profile import FASHION_SCHEMA, Profile, ProfileSchema, schema_for
from tests.training.tiny_taste import make_taste_world, tiny_reward_config
from training.data.groups import Round, Rounds, read_rounds, write_rounds
from training.data.own_fields import (
    MOST_ANSWERS,
    SCHEMA_FILE,
    USERS_FILE,
    main,
    propose,
    read_users,
    schema_of,
    schema_to_train,
    with_users,
)
from training.loops import reward

STORES = ("anna", "berta", "carla", "dora")


def answered(**fields) -> Round:
    profile = Profile.of(**fields)
    return Round(
        id=str(profile["store_id"]),
        profile=profile,
        prompt="dress",
        images=(),
        labels=(1.0, 0.0),
        designs=("one", "other"),
        split="train",
    )


def export(folder: Path, *rounds: Round) -> Rounds:
    write_rounds(folder, rounds or [answered(store_id=name) for name in STORES])
    return read_rounds(folder)


def own_fields(name: str) -> dict[str, object]:
    return {
        "store_id": name,
        "mood": "happy" if name < "c" else "stern",
        "size": float(len(name)),
        "music": ["folk", "jazz"] if name == "anna" else ["jazz"],
        "season": "winter",
    }


def test_a_field_that_no_schema_knows_stops_the_training_and_is_named(tmp_path):
    rounds = export(tmp_path, answered(store_id="anna", mood="happy", season="winter"))

    with pytest.raises(ProfileError, match=r"the field “mood”.*own_fields .*take the field out"):
        schema_to_train(rounds)


def test_so_does_one_that_the_model_to_start_from_does_not_know(tmp_path):
    rounds = export(tmp_path, answered(store_id="anna", mood="happy"))
    (tmp_path / SCHEMA_FILE).write_text(propose([rounds.rounds[0].profile]).to_json(), "utf-8")

    with pytest.raises(ProfileError, match="“mood”, which the model to start from does not know"):
        schema_to_train(rounds, FASHION_SCHEMA)


def test_the_command_proposes_a_schema_and_it_is_what_is_trained_on(tmp_path, capsys):
    rounds = export(tmp_path, *(answered(**own_fields(name)) for name in STORES))

    assert main([str(tmp_path)]) == 0

    assert "mood: categorical, happy, stern" in capsys.readouterr().out
    schema = schema_to_train(rounds)
    kinds = {field.name: field.kind for field in schema.fields}
    assert kinds == {
        "store_id": "categorical",
        "season": "categorical",
        "mood": "categorical",
        "size": "numeric",
        "music": "multi",
    }
    assert schema.field("store_id").values == STORES
    assert schema.field("music").values == ("folk", "jazz")
    for each in rounds.rounds:
        encoded = schema.encode(each.profile)
        assert encoded.notices == ()
        assert (0,) not in encoded.ids


def test_a_schema_that_is_there_is_replaced_only_when_asked(tmp_path, capsys):
    export(tmp_path)
    (tmp_path / SCHEMA_FILE).write_text("mine", encoding="utf-8")

    assert main([str(tmp_path)]) == 2
    assert "is there already" in capsys.readouterr().err
    assert (tmp_path / SCHEMA_FILE).read_text(encoding="utf-8") == "mine"
    assert main([str(tmp_path), "--replace"]) == 0
    assert ProfileSchema.from_json((tmp_path / SCHEMA_FILE).read_text(encoding="utf-8"))


def test_a_table_of_users_tells_of_the_stores_what_the_rounds_do_not(tmp_path, caplog):
    rounds = export(tmp_path)
    (tmp_path / USERS_FILE).write_text(
        "store_id,mood,size,music\nanna,happy,4,folk;jazz\nberta,stern,,jazz\ncarla,,5,\n", "utf-8"
    )

    told = with_users(rounds)

    profiles = {each.store_id: dict(each.profile.fields) for each in told.rounds}
    assert profiles["anna"] == {
        "store_id": "anna",
        "mood": "happy",
        "size": 4.0,
        "music": ("folk", "jazz"),
    }
    assert profiles["berta"] == {"store_id": "berta", "mood": "stern", "music": ("jazz",)}
    assert profiles["carla"] == {"store_id": "carla", "size": 5.0}
    assert "no line for 1 stores of the rounds, such as dora" in caplog.text
    schema = schema_to_train(told)
    assert {field.name for field in schema.fields} == {"store_id", "mood", "size", "music"}


def test_an_answer_that_the_schema_does_not_list_is_told(tmp_path, caplog):
    rounds = export(tmp_path, *(answered(**own_fields(name)) for name in STORES))
    (tmp_path / SCHEMA_FILE).write_text(
        propose([each.profile for each in rounds.rounds[:2]]).to_json(), encoding="utf-8"
    )

    schema_to_train(rounds)

    assert "mood: “stern” is new to the model. (2 profiles" in caplog.text


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("name,mood\nanna,happy\n", "needs a first line with a column store_id"),
        ("store_id,mood\nanna,happy,more\n", "as many cells in each line"),
        ("store_id,mood\nanna,happy\nanna,stern\n", "more than one line for anna"),
        ("", "needs a first line"),
        (b"\xff\xfe\x00", "can't be read as a table"),
    ],
)
def test_a_table_that_cannot_be_used_is_a_sentence(tmp_path, text, sentence):
    path = tmp_path / USERS_FILE
    path.write_bytes(text if isinstance(text, bytes) else text.encode())

    with pytest.raises(ProfileError, match=sentence):
        read_users(path)


def test_a_field_of_mixed_kinds_or_of_free_text_is_refused_by_name():
    with pytest.raises(ProfileError, match="“size” holds numbers and texts"):
        propose([Profile.of(size=3.0), Profile.of(size="large")])
    with pytest.raises(ProfileError, match=r"“note” has 501 different answers"):
        propose([Profile.of(note=f"text {number}") for number in range(MOST_ANSWERS + 1)])


def test_a_damaged_schema_is_a_sentence(tmp_path):
    rounds = export(tmp_path)
    (tmp_path / SCHEMA_FILE).write_text("{", encoding="utf-8")

    with pytest.raises(ProfileError, match=rf"{SCHEMA_FILE} can't be used.*Write it anew"):
        schema_of(rounds)


def test_known_fields_and_plain_numbers_need_no_schema():
    assert schema_for([Profile.of(store_id="anna", season="winter")]).field("season").unseen
    assert len(schema_for([Profile.of(store_id="anna")]).fields) == 1


def test_a_reward_model_learns_on_fields_of_ones_own_and_keeps_them(tmp_path):
    make_taste_world(tmp_path, count=24)
    names = {each.store_id for each in read_rounds(tmp_path / "rounds").rounds}
    lines = [f"{name},{'happy' if name == 'anna' else 'stern'}" for name in sorted(names)]
    (tmp_path / "rounds" / USERS_FILE).write_text(
        "\n".join(["store_id,mood", *lines]), encoding="utf-8"
    )

    outcome = reward.run(tiny_reward_config(tmp_path, tmp_path / "run"))

    assert outcome is not None
    schema = ProfileSchema.from_json(
        next(outcome.candidate.glob("*schema*.json")).read_text(encoding="utf-8")
    )
    assert schema.field("mood").values == ("happy", "stern")
