import pytest

from studio.design.families import FAMILIES
from studio.design.measures import MEASURES
from studio.domain import DesignError
from studio.services.parts import PARTS, Part, free_names, parts_of


def test_the_parts_together_are_all_of_a_design_but_the_kind_of_garment():
    names = {name for names in PARTS.values() for name in names}

    assert names == {*FAMILIES, *MEASURES} - {"category"}


def test_every_part_has_names_of_its_own():
    for part, names in PARTS.items():
        others = frozenset().union(*(PARTS[other] for other in Part if other is not part))
        assert names - others


def test_parts_are_found_again_in_what_they_free():
    for part in Part:
        assert parts_of(free_names([part])) == (part,)
    assert parts_of(free_names(["sleeves", "fabric"])) == (Part.SLEEVES, Part.FABRIC)
    assert parts_of({"sleeve length"}) == ()


@pytest.mark.parametrize("parts", [[], ["wings"], ["sleeves", "wings"], ["Sleeves"], [""]])
def test_what_is_no_part_is_refused_with_those_that_there_are(parts):
    with pytest.raises(DesignError, match="neckline, sleeves"):
        free_names(parts)
