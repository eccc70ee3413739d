"""House rules of stores: set once, obeyed in every round, told where they changed something."""

import json
from pathlib import Path

import pytest

from studio.design.house_rules import HouseRules, house_rules_of
from studio.design.spec import DesignSpec
from studio.domain import ContradictoryPhrasesError, HouseRulesError
from studio.house_rules import main
from studio.services.comparison import request_comparison
from studio.services.recipe import recipe_in_file
from studio.services.studio import Studio
from studio.storage.database import Database
from studio.storage.image_files import ImageFiles
from tests.serving import drawn_round, wait_until

NO_MIDI = {"length": ["midi"]}


@pytest.fixture
def store_id(studio: Studio) -> int:
    return studio.stores.add("Maison Nord", {}, house_rules_of({}, NO_MIDI)).id


def test_a_store_keeps_its_rules_and_new_ones_replace_them(studio, store_id) -> None:
    assert studio.stores.house_rules(store_id).never == {"length": ("midi",)}

    studio.stores.change(store_id, "Maison Sud", {})
    assert studio.stores.house_rules(store_id).never == {"length": ("midi",)}

    studio.stores.set_house_rules(store_id, house_rules_of({"colour": ["red"]}, {}))
    assert studio.stores.house_rules(store_id) == HouseRules({"colour": ("red",)}, {})


def test_asking_for_what_is_never_sold_has_a_way_out_for_each_choice(studio, store_id) -> None:
    [found] = studio.read_prompt("midi dress, red", store_id).contradictions

    ways = {(way.kind, way.keep): way.prompt for way in found.ways_out}
    assert ways["leave", "midi"] == "dress, red"
    assert any(kind == "instead" for kind, _ in ways)
    for prompt in ways.values():
        assert not studio.read_prompt(prompt, store_id).contradictions
    with pytest.raises(ContradictoryPhrasesError, match="never sells"):
        studio.request_round("midi dress, red", 2, store_id=store_id)
    assert not studio.read_prompt("midi dress, red").contradictions


def test_every_round_obeys_and_its_request_says_by_which_rules(studio, store_id) -> None:
    first = drawn_round(studio, "dress", 2, seed=3, store_id=store_id)
    ticked = frozenset({first.candidates[0].id})
    jobs = [
        studio.request_variations(first.id, ticked, 2),
        studio.request_change(first.id, first.candidates[0].id, frozenset({"length"}), 2),
    ]
    wait_until(lambda: all(studio.status(job.id).job.state.is_final for job in jobs))

    for group_id in (1, 2, 3):
        group = studio.group(group_id)
        rules = HouseRules.from_json(group.request.generation.house_rules)
        assert rules.never == {"length": ("midi",)}
        for candidate in group.candidates:
            assert DesignSpec.from_json(candidate.design)["length"] != "midi"


def test_the_recipe_in_the_picture_holds_the_rules(studio, store_id) -> None:
    group = drawn_round(studio, "dress", 1, seed=3, store_id=store_id)

    recipe = recipe_in_file(studio.images.find(group.candidates[0].image))

    assert recipe is not None
    assert recipe.request.house_rules == group.request.generation.house_rules


def test_a_design_says_where_a_rule_changed_it(studio) -> None:
    plain = drawn_round(studio, "dress", 6, seed=3)
    drawn = [DesignSpec.from_json(each.design) for each in plain.candidates]
    never = drawn[0]["length"]
    rules = house_rules_of({}, {"length": [never]})
    store = studio.stores.add("Maison Nord", {}, rules)

    ruled = drawn_round(studio, "dress", 6, seed=3, store_id=store.id)

    for before, after in zip(drawn, ruled.candidates, strict=True):
        spec = DesignSpec.from_json(after.design)
        if before["length"] == never:
            assert spec.origin("length") == "house"
        else:
            assert spec["length"] == before["length"]
            assert spec.origin("length") != "house"


def test_two_stores_of_other_rules_are_two_rounds_even_where_all_else_is_the_same(
    studio, store_id
) -> None:
    other = studio.stores.add("Maison Sud", {}).id

    jobs = request_comparison(studio, "dress", 2, (store_id, other), seed=3)

    assert [job.request.store_id for job in jobs] == [store_id, other]
    assert [bool(job.request.generation.house_rules) for job in jobs] == [True, False]


def test_rules_that_something_else_wrote_refuse_a_round_and_no_page(studio, store_id) -> None:
    with studio.database.transaction() as connection:
        connection.execute("UPDATE stores SET house_rules = '{' WHERE id = ?", (store_id,))

    assert not studio.read_prompt("midi dress", store_id).contradictions
    with pytest.raises(HouseRulesError, match="Set them again"):
        studio.request_round("dress", 2, store_id=store_id)


def test_pictures_get_what_is_never_sold_as_negative_prompt(picture_studio) -> None:
    rules = house_rules_of({}, {"fabric": ["leather"], "trim": ["lace yoke"]})
    store = picture_studio.stores.add("Maison Nord", {}, rules)

    group = drawn_round(picture_studio, "a red dress without belt", 1, seed=3, store_id=store.id)

    recipe = recipe_in_file(picture_studio.images.find(group.candidates[0].image))
    assert recipe is not None
    assert (recipe.prompt, recipe.refused) == ("a red dress", "belt, leather, lace yoke")


def test_the_command_line_shows_and_sets_the_same_rules(tmp_path: Path, generator, caplog) -> None:
    studio = Studio.open(tmp_path, generator, "tiny")
    store = studio.stores.add("Maison Nord", {})
    caplog.set_level("INFO")

    main(["Maison Nord", "--data", str(tmp_path), "--never", "colour: pink, red"])
    main([str(store.id), "--data", str(tmp_path)])

    assert [each.message for each in caplog.records][-2:] == ["never colour: red, pink"] * 2
    assert studio.stores.house_rules(store.id).never == {"colour": ("red", "pink")}
    main(["Maison Nord", "--data", str(tmp_path), "--clear"])
    assert caplog.records[-1].message == "It sells anything."
    for wrong in (["Nobody"], ["Maison Nord", "--never", "pink"], ["1", "--only", "fabric: x"]):
        with pytest.raises(SystemExit):
            main([*wrong, "--data", str(tmp_path)])
    studio.stop()


def test_older_data_folders_have_stores_without_rules(
    database: Database, images: ImageFiles, generator
) -> None:
    studio = Studio(generator, "tiny", database, images)

    assert all(json.loads(store.house_rules or "{}") == {} for store in studio.stores.all())
    studio.stop()
