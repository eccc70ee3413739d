"""Scores as people read them: a rank, and how often the store picks a design.

Only differences within a round mean anything (training sees nothing else). What they mean in picks
is told where the checkpoint knows it from held-out rounds; if not, only the rank is. The figures
themselves, above or below the round's mean, are for a tooltip.
"""

from collections.abc import Mapping
from math import log
from statistics import fmean
from typing import Any

from studio.services.scores import RoundScores
from studio.ui.words import Words

SIMPLE = (
    *((1, total) for total in (20, 10, 5, 4, 3, 2)),
    *((total - 1, total) for total in (3, 4, 5, 10, 20)),
)
"""Probabilities that read well: so many times of so many."""


def score_views(scores: RoundScores | None, words: Words) -> dict[int, dict[str, Any]]:
    """Candidate id -> its score; empty where there are none, or nothing to compare."""
    if scores is None or len(scores.by_candidate) < 2:
        return {}
    totals = [each.total for each in scores.by_candidate.values()]
    mean_total = fmean(totals)
    mean_own = fmean(each.own for each in scores.by_candidate.values())
    views = {}
    for candidate_id, score in scores.by_candidate.items():
        rank = 1 + sum(total > score.total for total in totals)
        chance = scores.pick_chance(candidate_id)
        tip = words["score_tip" if scores.store_id is None else "score_tip_own"]
        views[candidate_id] = {
            "order": score.total,
            "rank": words["rank"].format(rank=rank, count=len(totals)),
            "plain": None if chance is None else pick_sentence(chance, words),
            "is_up": chance is not None and chance > 1 / 2,
            "tip": tip.format(
                total=signed(score.total - mean_total), own=signed(score.own - mean_own)
            ),
        }
    return views


def pick_sentence(chance: float, words: Words) -> str:
    """A probability as people say it: "picks it 3 of 4 times".

    Args:
        chance: 0 to 1; the nearest simple one is told, by its odds.
        words: for the screen.
    """
    odds = _log_odds(min(max(chance, 1e-9), 1 - 1e-9))
    count, total = min(SIMPLE, key=lambda each: abs(_log_odds(each[0] / each[1]) - odds))
    return words["picks_it"].format(count=count, total=total)


def _log_odds(chance: float) -> float:
    return log(chance / (1 - chance))


def score_note(scores: RoundScores | None, names: Mapping[int, str], words: Words) -> str:
    """Whose scores these are; empty where there are none."""
    if scores is None:
        return ""
    if len(scores.by_candidate) < 2:
        return words["scores_single"]
    if scores.store_id is None:
        return words["scores_general"]
    name = names.get(scores.store_id, "")
    if scores.rounds and not scores.is_known:
        rounds = words.told("taste_rounds", {"count": scores.rounds})
        return words["scores_by_taste"].format(name=name, rounds=rounds)
    return words["scores_for" if scores.is_known else "scores_by_answers"].format(name=name)


def signed(number: float) -> str:
    """Two decimals with a sign; the minus is a real one, and nothing is "minus zero"."""
    return f"{round(number, 2) + 0.0:+.2f}".replace("-", "−")
