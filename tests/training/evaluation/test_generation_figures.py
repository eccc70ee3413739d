"""Figures of made-up designs whose truth is known."""

import numpy as np
import pytest

from studio.design.families import FAMILIES
from training.atelier.traits import ATTRIBUTES, trait_names
from training.evaluation.generation_figures import (
    Comparison,
    all_figures,
    over_stores,
    swap_wins,
    win_rate,
)
from training.evaluation.made import Made
from training.evaluation.panel import NOT_ASKED

SEEDS, STORES, PROMPTS, CANDIDATES = 3, 4, 2, 4
COLOUR = list(FAMILIES).index("colour")
SCHOOLS = ("bohemian", "office", "sporty", "street")


def made(colours: np.ndarray, free: np.ndarray | None = None) -> Made:
    """Designs with nothing but a colour; (K, S, P, N) places in its family."""

    def places(each: np.ndarray) -> np.ndarray:
        found = np.zeros((*each.shape, len(FAMILIES)), np.int16)
        found[..., COLOUR] = each
        return found

    repaired = np.zeros(colours.shape, np.int16)
    traits = np.zeros((*colours.shape, len(trait_names())))
    first = ATTRIBUTES.index(("colour", FAMILIES["colour"][0]))
    np.put_along_axis(traits, colours[..., None] + first, 1.0, axis=-1)
    return Made(places(colours), places(colours if free is None else free), repaired, traits)


def everywhere(value: int) -> np.ndarray:
    return np.full((SEEDS, STORES, PROMPTS, CANDIDATES), value)


def each_its_own() -> np.ndarray:
    """Store number i gets colour number i + 1."""
    return everywhere(0) + np.arange(1, STORES + 1)[:, None, None]


def tastes() -> np.ndarray:
    """Store number i likes colour number i + 1 and nothing else."""
    liked = np.zeros((STORES, len(trait_names())))
    for store in range(STORES):
        liked[store, ATTRIBUTES.index(("colour", FAMILIES["colour"][store + 1]))] = 1.0
    return liked


def asked(colour: int = NOT_ASKED) -> np.ndarray:
    wanted = np.full((SEEDS, PROMPTS, len(FAMILIES)), NOT_ASKED, np.int16)
    wanted[..., COLOUR] = colour
    return wanted


def comparison(perfusion: Made, plain: Made, new: int = 0, colour: int = 0) -> Comparison:
    contenders = {"plain": plain, "perfusion": perfusion, "dpo": plain}
    apart = np.arange(STORES) >= STORES - new
    return Comparison(contenders, tastes(), SCHOOLS, asked(colour), apart)


def test_designs_that_each_store_likes_win_and_are_not_to_be_swapped():
    figures = all_figures(comparison(made(each_its_own()), made(everywhere(0))))

    for key in (
        "win_true_utility_perfusion_vs_plain",
        "win_true_utility_perfusion_vs_dpo",
        "store_swap",
        "true_utility_perfusion",
    ):
        assert (figures[key].low, figures[key].value, figures[key].high) == (1, 1, 1)
    assert figures["true_utility_plain"].value == 0


def test_designs_for_the_wrong_store_lose_the_swap():
    wrong = made(each_its_own() % STORES + 1)  # the neighbour's colour

    # The neighbour before gets what this store likes; the two others leave it cold.
    np.testing.assert_allclose(swap_wins(wrong, tastes(), SCHOOLS), 2 * 0.5 / 3)


def test_stores_of_one_school_are_not_swapped_with_each_other():
    wrong = made(each_its_own() % STORES + 1)
    pairs = ("bohemian", "bohemian", "street", "street")

    # Of the two other schools' stores the one before the second and the fourth gets its colour.
    np.testing.assert_allclose(swap_wins(wrong, tastes(), pairs), [0.25, 0.5, 0.25, 0.5])


def test_the_same_designs_for_every_store_neither_win_nor_lose():
    figures = all_figures(comparison(made(everywhere(2)), made(everywhere(2)), colour=2))

    assert figures["store_swap"].value == 0.5
    assert figures["win_true_utility_perfusion_vs_plain"].value == 0.5


def test_losing_what_was_asked_for_shows_before_and_after_it_is_settled():
    lost = everywhere(5)
    lost[..., ::2] = 6
    figures = all_figures(comparison(made(everywhere(5), lost), made(lost), colour=5))

    assert figures["asked_kept_perfusion"].value == 1.0
    assert figures["asked_kept_free_perfusion"].value == 0.5
    assert figures["asked_kept_plain"].value == 0.5


def test_variety_is_in_how_many_families_candidates_differ_over_plain():
    half = everywhere(0)
    half[..., :2] = 1
    every = everywhere(0) + np.arange(CANDIDATES)

    figures = all_figures(comparison(made(half), made(every)))

    assert figures["differing_families_plain"].value == 1
    assert figures["variety_for_store"].value == pytest.approx(4 / 6)


def test_new_stores_count_apart():
    colours = each_its_own()
    colours[:, -2:] = 0  # nothing is known of new stores, and nothing right comes out
    figures = all_figures(comparison(made(colours), made(everywhere(0)), new=2))

    assert figures["win_true_utility_perfusion_vs_plain"].value == 1
    assert figures["win_true_utility_perfusion_vs_plain_new_stores"].value == 0.5
    assert figures["store_swap_new_stores"].value == 0.5


def test_a_tie_is_half_a_win_and_stores_are_what_is_drawn_again():
    ours, theirs = np.zeros((1, 2, 1, 2)), np.zeros((1, 2, 1, 2))
    ours[:, 0] = 1

    rate = win_rate(ours, theirs)

    assert (rate.low, rate.value, rate.high) == (0.5, 0.75, 1.0)
    many = np.random.default_rng(0).normal(size=(2, 50, 3, 4))
    assert over_stores(many).value == pytest.approx(many.mean())
