"""Says what scores mean: `python -m training.calibration CHECKPOINT --rounds EXPORT`.

Scores are logits of which only differences count. How often a store picks what scores higher is
measured on rounds that the reward model has not learnt from, and kept with it as one number; the
studio tells it as "picks it 3 of 4 times". Training does this by itself; the command does it for a
reward model that was trained before, or with other stores' rounds.
"""

import argparse
import logging
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from studio.domain import StudioError
from studio.perfusion.profile import STORE_ID
from studio.perfusion.reward_model import PerFusionRM
from studio.perfusion.scoring import REWARD_FOLDER, load_reward_model
from training.data.batches import load_image_bank, with_usable_images
from training.data.groups import (
    Round,
    informative,
    read_rounds,
    split_of,
    with_pictures,
    with_usable_profiles,
)
from training.gate import FEWEST_ROUNDS
from training.scorers import PersonalScorer

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

log = logging.getLogger(__name__)

_STEEPEST = 100.0
_HALVINGS = 60


def slope_of_picks(scores: Sequence[Floats], ticked: Sequence[Flags]) -> float | None:
    """By how much the log odds of a pick rise with each logit of score.

    Of a ticked and an unticked design of a round, the one that scores d higher is taken to be the
    ticked one with probability sigmoid(slope d), Bradley and Terry's model. The slope is the
    likeliest one; each round counts the same. It is 0 where scores tell nothing or the opposite.

    Args:
        scores: (N,) of each round, in logits.
        ticked: (N,) of each round.

    Returns:
        The slope, at most 100; None where fewer than `gate.FEWEST_ROUNDS` rounds compare.
    """
    margins = [
        (score[ticks][:, None] - score[~ticks][None]).ravel()
        for score, ticks in zip(scores, ticked, strict=True)
        if ticks.any() and not ticks.all()
    ]
    if len(margins) < FEWEST_ROUNDS:
        return None

    def rise(slope: float) -> float:
        """Derivative of the log likelihood, which falls with the slope."""
        shares = [
            float(np.mean(each / (1 + np.exp(np.clip(slope * each, -500, 500)))))
            for each in margins
        ]
        return sum(shares)

    low, high = 0.0, _STEEPEST
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        low, high = (middle, high) if rise(middle) > 0 else (low, middle)
    return low


def calibrated(model: PerFusionRM, scorer: PersonalScorer, rounds: Sequence[Round]) -> PerFusionRM:
    """The same reward model that knows what its scores mean.

    Args:
        model: it is changed in place.
        scorer: asks it.
        rounds: that it has not learnt from.
    """
    ticked = [np.array(each.labels) > 0.5 for each in rounds]
    model.config = replace(model.config, pick_slope=slope_of_picks(scorer.score(rounds), ticked))
    return model


def main(arguments: Sequence[str] | None = None) -> int:
    """Parse the command line, measure, and keep the number; returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m training.calibration", description=__doc__)
    parser.add_argument("checkpoint", type=Path, help="folder whose reward model is calibrated")
    parser.add_argument(
        "--rounds",
        type=Path,
        required=True,
        metavar="EXPORT",
        help="rounds with pictures; those held out of training are asked",
    )
    parser.add_argument(
        "--strangers",
        action="store_true",
        help="the stores are others than those of the training, whatever they are called",
    )
    options = parser.parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    try:
        slope = run(options.checkpoint, options.rounds, strangers=options.strangers)
    except StudioError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    sys.stdout.write(f"One logit more raises the log odds of a pick by {slope:.3f}.\n")
    return 0


def run(checkpoint: Path, export: Path, *, strangers: bool = False) -> float:
    """Calibrate a checkpoint's reward model on an export's held-out rounds, in place.

    Raises:
        StudioError: there is no reward model, or there are too few rounds.
    """
    model = load_reward_model(checkpoint)
    if model is None:
        raise StudioError(f"{checkpoint} has no reward model. Train one first.")
    read = with_pictures(informative(read_rounds(export)))
    usable = with_usable_profiles(read, model.schema)
    held_out = usable.without(
        {each.id: "learnt from" for each in usable.rounds if not strangers and _is_learnt(each)}
    )
    names = sorted({name for each in held_out.rounds for name in each.images})
    with tempfile.TemporaryDirectory() as bank_folder:
        bank = load_image_bank(export, names, model, Path(bank_folder))
        asked = with_usable_images(held_out, bank)
        rounds = [_stranger(each) if strangers else each for each in asked.rounds]
        slope = calibrated(model, PersonalScorer(model, bank), rounds).config.pick_slope
    log.info("%s", asked.report())
    if slope is None:
        raise StudioError(
            f"{export} has {len(rounds)} rounds that this reward model has not learnt from and "
            f"that compare designs; it takes {FEWEST_ROUNDS}. Bring more rounds."
        )
    model.save_config(checkpoint / REWARD_FOLDER)
    return slope


def _stranger(asked: Round) -> Round:
    """The round of a store that the model can't know by name."""
    return replace(asked, profile=asked.profile.without(STORE_ID))


def _is_learnt(asked: Round) -> bool:
    return split_of(asked) == "train"


if __name__ == "__main__":
    sys.exit(main())
