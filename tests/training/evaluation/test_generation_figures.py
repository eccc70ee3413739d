"""Figures of made-up judgements whose truth is known."""

import numpy as np
import pytest

from training.atelier.attributes import FAMILIES
from training.atelier.merchants import ATTRIBUTES
from training.evaluation.generation_figures import (
    Judgements,
    all_figures,
    over_stores,
    swap_wins,
    win_rate,
)
from training.evaluation.judged import Judged
from training.evaluation.panel import NOT_ASKED

SEEDS, STORES, PROMPTS, CANDIDATES = 3, 4, 2, 4
COLOUR = list(FAMILIES).index("colour")


def judged(colours: np.ndarray, scores: np.ndarray | None = None) -> Judged:
    """Images that show nothing but a colour; (K, S, P, N) positions in its family."""
    readings = np.zeros((*colours.shape, len(FAMILIES)), np.int16)
    readings[..., COLOUR] = colours
    rng = np.random.default_rng(int(colours.sum()))
    features = rng.normal(size=(*colours.shape, 3)).astype(np.float32)
    features /= np.linalg.norm(features, axis=-1, keepdims=True)
    flat = np.zeros(colours.shape, np.float32)
    return Judged(readings, features, flat if scores is None else scores, flat, flat)


def everywhere(value: int) -> np.ndarray:
    return np.full((SEEDS, STORES, PROMPTS, CANDIDATES), value)


def each_its_own() -> np.ndarray:
    """Store number i gets colour number i + 1."""
    return everywhere(0) + np.arange(1, STORES + 1)[:, None, None]


def tastes() -> np.ndarray:
    """Store number i likes colour number i + 1 and nothing else."""
    liked = np.zeros((STORES, len(ATTRIBUTES)))
    for store in range(STORES):
        liked[store, ATTRIBUTES.index(("colour", FAMILIES["colour"][store + 1]))] = 1.0
    return liked


def asked(colour: int = NOT_ASKED) -> np.ndarray:
    wanted = np.full((SEEDS, PROMPTS, len(FAMILIES)), NOT_ASKED, np.int16)
    wanted[..., COLOUR] = colour
    return wanted


def judgements(perfusion: Judged, plain: Judged, new: int = 0, colour: int = 0) -> Judgements:
    contenders = {"plain": plain, "perfusion": perfusion, "dpo": plain}
    apart = np.arange(STORES) >= STORES - new
    return Judgements(contenders, tastes(), asked(colour), apart)


def test_images_that_each_store_likes_win_and_are_not_to_be_swapped():
    figures = all_figures(judgements(judged(each_its_own()), judged(everywhere(0))))

    for key in (
        "win_true_utility_perfusion_vs_plain",
        "win_true_utility_perfusion_vs_dpo",
        "win_true_utility_perfusion_vs_without_both",
        "store_swap",
        "true_utility_perfusion",
    ):
        assert (figures[key].low, figures[key].value, figures[key].high) == (1, 1, 1)
    assert figures["true_utility_plain"].value == 0


def test_images_for_the_wrong_store_lose_the_swap():
    wrong = judged(each_its_own() % STORES + 1)  # the neighbour's colour

    # The neighbour before gets what this store likes; the two others leave it cold.
    np.testing.assert_allclose(swap_wins(wrong, tastes()), 2 * 0.5 / 3)


def test_the_same_images_for_every_store_neither_win_nor_lose():
    same = judged(everywhere(2))
    figures = all_figures(judgements(same, same, colour=2))

    assert figures["store_swap"].value == 0.5
    assert figures["win_true_utility_perfusion_vs_plain"].value == 0.5
    assert figures["reading_ratio_perfusion_to_plain"].value == 1.0


def test_the_best_of_a_group_is_the_reward_model_s_choice():
    colours = each_its_own()
    colours[..., :3] = 0
    scores = np.zeros(colours.shape, np.float32)
    scores[..., 3] = 1
    figures = all_figures(judgements(judged(colours, scores), judged(everywhere(0))))

    assert figures["true_utility_perfusion"].value == pytest.approx(0.25)
    assert figures["true_utility_perfusion_best"].value == 1
    assert figures["win_true_utility_perfusion_best_vs_plain"].value == 1
    assert "diversity_perfusion_best" not in figures


def test_losing_what_was_asked_for_shows_in_the_reading_ratio():
    kept = judged(everywhere(5))
    lost = everywhere(5)
    lost[..., ::2] = 6
    figures = all_figures(judgements(judged(lost), kept, colour=5))

    assert figures["reading_plain"].value == 1.0
    assert figures["reading_ratio_perfusion_to_plain"].value == 0.5


def test_new_stores_count_apart():
    colours = each_its_own()
    colours[:, -1] = 0  # nothing is known of the new store, and nothing right comes out
    figures = all_figures(judgements(judged(colours), judged(everywhere(0)), new=1))

    assert figures["win_true_utility_perfusion_vs_plain"].value == 1
    assert figures["win_true_utility_perfusion_vs_plain_new_stores"].value == 0.5


def test_diversity_is_the_mean_distance_of_all_pairs():
    made = judged(everywhere(0))
    vectors = made.features[0, 0, 0].astype(np.float64)
    pairs = [1 - vectors[i] @ vectors[j] for i in range(CANDIDATES) for j in range(i)]

    assert made.diversity()[0, 0, 0] == pytest.approx(np.mean(pairs))


def test_a_tie_is_half_a_win_and_stores_are_what_is_drawn_again():
    ours, theirs = np.zeros((1, 2, 1, 2)), np.zeros((1, 2, 1, 2))
    ours[:, 0] = 1

    rate = win_rate(ours, theirs)

    assert (rate.low, rate.value, rate.high) == (0.5, 0.75, 1.0)
    many = np.random.default_rng(0).normal(size=(2, 50, 3, 4))
    assert over_stores(many).value == pytest.approx(many.mean())
