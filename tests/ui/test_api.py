"""The named endpoints beyond the first loop, called as Gradio calls them."""

import json
from collections.abc import Iterator
from pathlib import Path

import gradio as gr
import pytest

from studio.design.spec import DesignSpec
from studio.services.studio import Studio
from studio.ui.api import Endpoints, Record
from tests.serving import wait_until
from tests.tiny_models import tiny_personal_generator
from tests.tiny_reward_models import shake, tiny_reward_model


@pytest.fixture(scope="module")
def endpoints(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Endpoints]:
    data: Path = tmp_path_factory.mktemp("data")
    reward_model = shake(tiny_reward_model())
    studio = Studio.open(data, tiny_personal_generator(), "tiny", reward_model)
    endpoints = Endpoints(studio)
    studio.start()
    drawn(endpoints, endpoints.generate("dress", 2, 7))
    yield endpoints
    studio.stop()


def drawn(endpoints: Endpoints, job) -> Record:
    wait_until(lambda: endpoints.job(job["job_id"])["state"] == "done")
    return endpoints.round(endpoints.job(job["job_id"])["round_id"])


def test_every_answer_is_plain_json(endpoints):
    store_id = endpoints.stores()[0]["id"]
    job = endpoints.generate("dress, red", 2, 7, store_id, 0.5, 2)
    answers = [
        job,
        drawn(endpoints, job),
        endpoints.stores(),
        endpoints.scores(endpoints.job(job["job_id"])["round_id"], store_id),
        endpoints.seconds(8),
        endpoints.keep_phrase("red"),
    ]

    assert json.loads(json.dumps(answers))[0] == job


def test_a_round_is_scored_for_a_store_and_for_nobody_in_particular(endpoints):
    store_id = endpoints.stores()[0]["id"]
    round_id = drawn(endpoints, endpoints.generate("dress", 2, 7))["round_id"]

    for_store, for_nobody = endpoints.scores(round_id, store_id), endpoints.scores(round_id)

    assert all(each["own"] == each["total"] - each["general"] for each in for_store)
    assert all(each["own"] == 0 for each in for_nobody)
    assert [each["general"] for each in for_store] == [each["general"] for each in for_nobody]


def test_strength_and_the_best_of_many_are_kept_with_the_round(endpoints):
    store_id = endpoints.stores()[0]["id"]

    group = drawn(endpoints, endpoints.generate("dress", 2, 7, store_id, 0.5, 3))

    assert len(group["candidates"]) == 2
    assert {each["seed"] for each in group["candidates"]} <= set(range(7, 13))


def test_two_stores_are_compared(endpoints):
    first, second = (store["id"] for store in endpoints.stores()[:2])

    jobs = endpoints.compare("dress", first, second, 2, 7)

    one, other = (drawn(endpoints, job) for job in jobs)
    assert [each["seed"] for each in one["candidates"]] == [7, 8]
    assert [each["seed"] for each in other["candidates"]] == [7, 8]
    assert len(endpoints.scores(one["round_id"], second)) == 2


def test_a_part_of_a_design_is_drawn_again(endpoints):
    before = drawn(endpoints, endpoints.generate("dress, red", 2, 7))
    kept = before["candidates"][1]

    job = endpoints.change(before["round_id"], kept["id"], ["sleeves", "fabric"], 3)

    after = drawn(endpoints, job)
    free = {"sleeve length", "sleeve shape", "cuffs", "fabric"}
    assert after["parent_id"] == before["round_id"]
    assert len(after["candidates"]) == 3
    for candidate in after["candidates"]:
        values = candidate["design"]["values"]
        assert {name for name in values if values[name] != kept["design"]["values"][name]} <= free


def test_a_candidates_design_is_whole_and_says_who_chose_what(endpoints):
    design = drawn(endpoints, endpoints.generate("dress, red", 1, 7))["candidates"][0]["design"]

    assert DesignSpec.from_json(json.dumps(design))["colour"] == "red"
    assert {"category", "colour"} <= {*design["asked"]}


def test_favourites_are_kept_and_dropped(endpoints):
    assert "midi" in endpoints.keep_phrase("midi")
    assert "midi" in endpoints.favourites()
    assert "midi" not in endpoints.keep_phrase("midi", kept=False)


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (lambda api: api.scores(99_999), "Reload"),
        (lambda api: api.generate("dress", 1, 1, 99_999), "no longer there"),
        (lambda api: api.generate("dress", 1, 1, None, 9.0), "0 to 2"),
        (lambda api: api.generate("dress", 1, 1, None, 1.0, 99), "1 to 4"),
        (lambda api: api.compare("dress", 1, 1), "different"),
        (lambda api: api.compare("", 1, 2), "Type what you want to see"),
        (lambda api: api.keep_phrase("red, blue"), "without commas"),
        (lambda api: api.change(99_999, 1, ["fabric"]), "Reload"),
        (lambda api: api.change(1, 99_999, ["fabric"]), "does not hold"),
        (lambda api: api.change(1, 1, []), "Say which parts"),
        (lambda api: api.change(1, 1, ["wings"]), "neckline, sleeves"),
        (lambda api: api.change(1, 1, ["fabric"], 13), "1 to 12"),
        (lambda api: api.change(1, 1, "fabric"), "a list of texts, not 'fabric'"),
        (lambda api: api.change(1, 1, [3]), "a list of texts"),
    ],
)
def test_bad_input_is_told_in_a_sentence(endpoints, call, sentence):
    with pytest.raises(gr.Error, match=sentence):
        call(endpoints)


def test_a_pack_is_read_corrected_and_put_back(endpoints):
    candidate_id = drawn(endpoints, endpoints.generate("dress", 1, 7))["candidates"][0]["id"]

    pack = endpoints.pack(candidate_id, "both")
    derived = next(each for each in pack["fields"] if each["key"] == "point.chest.38")
    corrected = endpoints.correct(candidate_id, "point.chest.38", "51,5 cm")
    undone = endpoints.undo_correction(candidate_id, "point.chest.38")

    assert json.loads(json.dumps(pack)) == pack
    assert sum(pack["counts"].values()) > 50
    assert derived["status"] == "derived"
    assert (corrected["text"], corrected["status"]) == ("51.5", "person")
    assert corrected["before"] == undone["text"] == derived["text"]


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("point.chest.38", "-1", "can’t be right"),
        ("point.chest.38", "wide", "no number"),
        ("nothing", "1", "no such field"),
    ],
)
def test_a_pack_is_not_corrected_by_nonsense(endpoints, field, value, sentence):
    candidate_id = drawn(endpoints, endpoints.generate("dress", 1, 7))["candidates"][0]["id"]

    with pytest.raises(gr.Error, match=sentence):
        endpoints.correct(candidate_id, field, value)
