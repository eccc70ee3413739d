"""Scores as people read them: a figure, and the store's own part beside it.

Only differences within a round mean anything (training sees nothing else), so the screen shows
how far a design is above or below its round's mean; the own part likewise.
"""

from collections.abc import Mapping
from statistics import fmean
from typing import Any

from studio.services.scores import RoundScores
from studio.ui.words import Words


def score_views(scores: RoundScores | None, words: Words) -> dict[int, dict[str, Any]]:
    """Candidate id -> its score; empty where there are none, or nothing to compare."""
    if scores is None or len(scores.by_candidate) < 2:
        return {}
    mean_total = fmean(each.total for each in scores.by_candidate.values())
    mean_own = fmean(each.own for each in scores.by_candidate.values())
    views = {}
    for candidate_id, score in scores.by_candidate.items():
        own = words["own_part"].format(own=signed(score.own - mean_own))
        views[candidate_id] = {
            "order": score.total,
            "total": signed(score.total - mean_total),
            "own": None if scores.store_id is None else own,
            "is_up": score.own >= mean_own,
        }
    return views


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
