import tomllib
from copy import deepcopy

import pytest

from studio.perfusion.profile import FASHION_SCHEMA
from training.atelier.schools import PEOPLE, TABLES, read_schools, schools

TEXT = tomllib.loads(TABLES.read_text(encoding="utf-8"))


def test_every_answer_of_the_tables_is_one_of_the_schema():
    tables = schools()
    for likings in (tables.fields, tables.measures, tables.combined):
        for name, answers in likings.items():
            assert set(answers) == set(FASHION_SCHEMA.field(name).answers)


@pytest.mark.parametrize(("whose", "percent"), [("shared", 20), ("told", 45), ("own", 35)])
def test_people_share_a_fifth_tell_nearly_half_and_keep_a_third(whose, percent):
    shares = schools().worlds[PEOPLE].shares

    assert sum(each for (one, _), each in shares.items() if one == whose) == percent


@pytest.mark.parametrize(
    ("keys", "value", "sentence"),
    [
        (("style", "street", "moods", "sad"), 1, "moods that do not exist: .*sad"),
        (("combination", "moods", "odd"), ["printed", "sad"], "moods that do not exist: .*sad"),
        (("measure", "style", "street", "weight"), 1, "measures that do not exist: .*weight"),
        (("combination", "style", "street", "odd"), 1, "combinations that do not exist: .*odd"),
        (("mood", "dark", "colour", "ink"), 1, "attributes that do not exist: .*ink"),
        (("world", "people", "own", "whim"), 1, "parts of “own” that do not exist: .*whim"),
        (("world", "people", "own", "values"), 10, "people” add up to 90"),
    ],
)
def test_what_the_tables_name_has_to_exist(keys, value, sentence):
    changed = table = deepcopy(TEXT)
    *way, last = keys
    for key in way:
        table = table[key]
    table[last] = value

    with pytest.raises(ValueError, match=sentence):
        read_schools(changed)
