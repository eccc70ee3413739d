"""The honest gate: what was trained serves only if held-out rounds say that it is better."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from studio.perfusion.whole_folders import keep_others, replacing
from training.diagnostics import Diagnostics
from training.metrics import GroupMetrics
from training.results import Figure, bootstrap

FEWEST_ROUNDS = 8
LARGEST_ERROR_GROWTH = 0.25
"""How much worse ticked held-out images may be denoised than by the reference, as a share."""
LARGEST_ERROR_GROWTH_OF_DESIGNS = 4.0
"""The same for designs. Latents of designs are denoised nearly without error, so the share is of
very little, and what is read is the nearest code: a network whose errors had grown by 2.75 kept
0.97 of what was asked and the whole variety. A network that fell apart is far beyond."""


@dataclass(frozen=True)
class Verdict:
    """What the gate decided.

    Attributes:
        passed: the new one may come into service.
        reasons: sentences, the decisive ones first.
        gain: how much better the new one orders held-out rounds, in share of pairs; None where
            nothing could be measured. Its interval, over stores, says whether it is one: from
            zero up it is, and if it reaches zero nobody can tell it from luck.
    """

    passed: bool
    reasons: tuple[str, ...]
    gain: Figure | None = None


def judge(
    new: Diagnostics | None,
    old: Diagnostics | None,
    largest_growth: float = LARGEST_ERROR_GROWTH,
    serve_unsure: bool = False,
) -> Verdict:
    """Compare two policies on the same held-out rounds.

    A policy orders a round well if its implicit reward is higher for the ticked images. The new
    one has to do better than the old one, and so surely that the interval over stores lies above
    zero.

    Args:
        new: of the trained policy; None where no round was held out.
        old: of the one in service; None where that is the plain generator, which orders nothing.
        largest_growth: of the error on ticked images, see `LARGEST_ERROR_GROWTH`.
        serve_unsure: whether one may serve whose interval reaches zero.
    """
    rounds = 0 if new is None else len(new.round_ids)
    if new is None or rounds < FEWEST_ROUNDS:
        return Verdict(
            False,
            (
                f"Only {rounds} held-out rounds can judge the new generator; it takes "
                f"{FEWEST_ROUNDS}. Save more rounds, then train again.",
            ),
        )
    before = np.full(rounds, 0.5) if old is None else old.accuracy_over_draws.numpy()
    after = new.accuracy_over_draws.numpy()
    gain = bootstrap(_store_means(after - before, new.store_ids))
    growth = float(new.growth.mean())
    intact = growth <= largest_growth
    reasons = [
        f"On {rounds} held-out rounds of {len(set(new.store_ids))} stores it puts ticked above "
        f"unticked images in {after.mean():.1%} of the pairs, the old one in {before.mean():.1%}: "
        f"{gain.value:+.1%} per store, 95% interval {gain.low:+.1%} to {gain.high:+.1%}."
    ]
    better, sentence = _weighed(gain, serve_unsure)
    reasons.append(sentence)
    if not intact:
        reasons.append(
            f"It denoises ticked images {growth:.0%} worse than the reference (at most "
            f"{largest_growth:.0%} is allowed): it drifted too far. Train with fewer steps "
            "or a lower rate."
        )
    return Verdict(better and intact, tuple(reasons), gain)


def judge_scores(new: GroupMetrics, old: GroupMetrics, serve_unsure: bool = False) -> Verdict:
    """Compare two reward models on the same held-out rounds, in the same way.

    Args:
        new: of the trained one.
        old: of the one in service; of the frozen backbone where there is none.
        serve_unsure: see `judge`.
    """
    rounds = len(new.gauc)
    if rounds < FEWEST_ROUNDS:
        return Verdict(
            False,
            (
                f"Only {rounds} held-out rounds can judge the new reward model; it takes "
                f"{FEWEST_ROUNDS}. Save more rounds, then train again.",
            ),
        )
    gain = bootstrap(_store_means(new.gauc - old.gauc, new.stores))
    reasons = [
        f"On {rounds} held-out rounds of {len(set(new.stores))} stores it puts ticked above "
        f"unticked images in {new.gauc.mean():.1%} of the pairs, the old one in "
        f"{old.gauc.mean():.1%}: {gain.value:+.1%} per store, 95% interval {gain.low:+.1%} to "
        f"{gain.high:+.1%}."
    ]
    better, sentence = _weighed(gain, serve_unsure)
    return Verdict(better, (*reasons, sentence), gain)


def _weighed(gain: Figure, serve_unsure: bool) -> tuple[bool, str]:
    """Whether a difference lets the new one serve, and what it is in words."""
    if gain.value <= 0:
        return False, "That is no improvement, so the old one stays in service."
    if gain.low > 0:
        return True, "The whole interval lies above zero: this is a gain."
    luck = "The interval reaches zero, so nobody can tell this from luck, and it is no gain yet."
    if serve_unsure:
        return True, f"{luck} It may serve all the same, because serve_unsure asks for that."
    return False, (
        f"{luck} The old one stays in service. More rounds, and of more stores, make it surer; "
        "serve_unsure=true lets it serve all the same."
    )


def put_in_service(base: Path, target: Path, write: Callable[[Path], None]) -> None:
    """Make a checkpoint folder of another one with some parts new, in one step.

    Args:
        base: the checkpoint that was trained from.
        target: where the new one goes; it may be `base` itself.
        write: writes the new parts into the folder it is given, over what is there.

    Raises:
        CheckpointError: it can't be written; what was there before is untouched.
    """
    with replacing(target) as fresh:
        keep_others(base, fresh, without=set())
        write(fresh)


def _store_means(values: np.ndarray, stores: Sequence[str]) -> list[float]:
    """One value per store: rounds of one store are not independent."""
    names = sorted(set(stores))
    of_store = np.array(stores)
    return [float(values[of_store == name].mean()) for name in names]
