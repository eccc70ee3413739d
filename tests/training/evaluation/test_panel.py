import random
from pathlib import Path

import numpy as np
import pytest

from studio.perfusion.profile import Profile
from training.atelier.grammar import build_phrasebook
from training.atelier.merchants import make_merchants
from training.atelier.oracle import Oracle
from training.atelier.traits import traits_of
from training.atelier.world import sample_design
from training.data.groups import Round, Rounds
from training.evaluation.panel import NOT_ASKED, PanelError, choose_panel


def answered(store: str, number: int, split: str) -> Round:
    prompt = f"dress, {'red' if split == 'train' else 'navy'}, number {number}"
    profile = Profile.of(store_id=store, style=[store[:-3], "office"])
    name = f"{store}-{number}"
    return Round(id=name, profile=profile, prompt=prompt, images=(), labels=(), split=split)


def market() -> Rounds:
    rounds = [
        answered(f"{school}-{number:02d}", place, split)
        for school in ("minimalist", "street")
        for number in range(4)
        for place, split in enumerate(("train", "train", "test", "test"))
    ]
    rounds += [answered(f"new-{number}", number, "new-stores") for number in range(2)]
    return Rounds(Path("export"), tuple(rounds), {})


def test_stores_of_all_schools_are_asked_for_prompts_that_training_never_had():
    panel = choose_panel(market(), 4, 1, 2, (0, 1), 3)

    assert [name[:4] for name in panel.store_ids] == ["mini", "mini", "stre", "stre", "new-"]
    assert panel.new.tolist() == [False, False, False, False, True]
    assert panel.schools[:4] == ("minimalist", "minimalist", "street", "street")
    assert all(prompt.startswith("dress, navy") for row in panel.prompts for prompt in row)
    assert panel.prompts == choose_panel(market(), 4, 1, 2, (0, 1), 3).prompts


def test_no_two_questions_share_a_seed():
    panel = choose_panel(market(), 2, 0, 2, (0, 1), 3)

    seeds = [
        panel.first_seed(seed, prompt) + candidate
        for seed in panel.seeds
        for prompt in range(2)
        for candidate in range(3)
    ]
    assert len(set(seeds)) == len(seeds)


@pytest.mark.parametrize(
    ("wanted", "sentence"),
    [
        ((9, 0, 1), "8 stores in training, and 9"),
        ((2, 3, 1), "2 stores kept out of training, and 3"),
        ((2, 0, 5), "2 prompts for testing, and 5"),
    ],
)
def test_too_few_of_something_is_a_sentence(wanted, sentence):
    with pytest.raises(PanelError, match=sentence):
        choose_panel(market(), wanted[0], wanted[1], wanted[2], (0,), 2)


def test_asked_attributes_are_those_that_the_phrasebook_reads():
    panel = choose_panel(market(), 2, 0, 1, (0,), 2)
    book = build_phrasebook()

    asked = panel.asked(book)[0, 0]

    wanted = book.parse(panel.prompts[0][0]).attributes
    assert (asked != NOT_ASKED).sum() == len(wanted) == 2


def test_a_utility_of_one_is_a_standard_deviation_above_the_average_drawing():
    rng = random.Random(1)
    designs = [sample_design(rng) for _ in range(400)]
    merchants = make_merchants(4, 0, designs, seed=0)
    rounds = [answered(each.id, place, "train") for place, each in enumerate(merchants)]
    rounds += [answered(merchants[0].id, 99, "test")]
    panel = choose_panel(Rounds(Path("export"), tuple(rounds), {}), 4, 0, 1, (0,), 2)

    utilities = traits_of(designs) @ panel.tastes(Oracle.of(merchants, {})).T

    np.testing.assert_allclose(utilities.mean(axis=0), 0, atol=0.25)
    np.testing.assert_allclose(utilities.std(axis=0), 1, atol=0.15)


def test_an_oracle_that_does_not_know_the_stores_is_refused():
    panel = choose_panel(market(), 2, 0, 1, (0,), 2)

    with pytest.raises(PanelError, match="does not know the stores minimalist-00"):
        panel.tastes(Oracle({}, {}))
