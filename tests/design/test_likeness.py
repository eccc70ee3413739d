from studio.design.colours import Lab
from studio.design.likeness import likeness
from studio.design.spec import spec_of_values

DRESS = spec_of_values({"category": "dress", "colour": "red"})


def test_a_design_is_all_like_itself_whoever_wears_it():
    other = spec_of_values({"category": "dress", "colour": "red", "hair": "bald"})
    shade = other.measures.but(colour=DRESS.measures.colour)

    assert likeness(DRESS, DRESS) == 1
    assert likeness(DRESS, type(other)(other.outfit, shade)) == 1


def test_the_more_differs_the_less_alike_and_it_does_not_matter_which_way():
    trousers = spec_of_values({"category": "trousers", "colour": "black"})
    printed = spec_of_values({"category": "dress", "colour": "red", "pattern": "floral"})

    assert likeness(DRESS, trousers) < likeness(DRESS, printed) < 1
    assert likeness(DRESS, trousers) == likeness(trousers, DRESS)


def test_a_shade_that_is_nearly_the_same_counts_nearly_in_full():
    def dyed(lightness: float) -> float:
        colour = DRESS.measures.colour
        shade = Lab(colour.lightness + lightness, colour.a, colour.b)
        return likeness(DRESS, type(DRESS)(DRESS.outfit, DRESS.measures.but(colour=shade)))

    assert 1 > dyed(3) > dyed(20) > dyed(-40)
