import pytest

from studio.design.families import PRINTS
from studio.design.prints import print_turn
from studio.design.spec import DesignSpec, spec_of_values


def design(pattern: str, angle: float) -> DesignSpec:
    usual = spec_of_values({"category": "dress", "pattern": pattern})
    return DesignSpec(usual.outfit, usual.measures.but(print_angle=angle))


@pytest.mark.parametrize("pattern", ["horizontal stripes", "vertical stripes"])
@pytest.mark.parametrize("angle", [-45.0, -3.0, 0.0, 20.0, 45.0])
def test_stripes_run_as_their_name_says(pattern, angle):
    assert print_turn(design(pattern, angle)) == 0.0


@pytest.mark.parametrize(
    "pattern", ["gingham", "windowpane", "chevron", "argyle", "tartan", "houndstooth", "toile"]
)
def test_what_is_known_by_how_it_stands_is_turned_a_few_degrees_at_most(pattern):
    assert print_turn(design(pattern, 45.0)) == 4.0
    assert print_turn(design(pattern, -45.0)) == -4.0
    assert print_turn(design(pattern, 2.5)) == 2.5


def test_all_other_prints_lie_as_they_are_measured():
    free = [pattern for pattern in PRINTS if print_turn(design(pattern, 45.0)) == 45.0]

    assert free == [
        *("polka dots", "floral", "leopard", "colour block", "ombre", "paisley", "tropical"),
        *("ditsy", "zebra", "tie-dye", "camouflage", "geometric"),
    ]
    assert all(print_turn(design(pattern, -45.0)) == -45.0 for pattern in free)
