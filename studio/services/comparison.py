"""Comparing two stores: the same phrases and seeds, drawn for each and scored for both."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean

from studio.design.house_rules import NO_RULES
from studio.domain import CandidateGroup, ComparisonError, Job
from studio.services.asking import RoundOptions
from studio.services.scores import RoundScores, ScoreBook
from studio.services.studio import Studio


@dataclass(frozen=True)
class ScoreMatrix:
    """Every shown design, scored for both stores.

    Attributes:
        scores: store id -> the scores of every design of all rounds.
        rounds: ids of the candidates of each round.
    """

    scores: Mapping[int, RoundScores]
    rounds: tuple[tuple[int, ...], ...]

    def relative(self, store_id: int, candidate_id: int) -> float:
        """A design's score for a store, against that store's mean over all designs shown.

        A store's scores are defined up to a constant, so bare totals of two stores can't be
        compared.
        """
        by_candidate = self.scores[store_id].by_candidate
        mean = fmean(score.total for score in by_candidate.values())
        return by_candidate[candidate_id].total - mean

    def of_round(self, store_id: int, place: int) -> float:
        """How a store likes the round at this place: the mean of its designs' relative scores."""
        return fmean(self.relative(store_id, each) for each in self.rounds[place])


def request_comparison(
    studio: Studio,
    prompt: str,
    num_candidates: int,
    store_ids: tuple[int, int],
    seed: int | None = None,
    strength: float = 1.0,
) -> tuple[Job, ...]:
    """Queue the same phrases and seeds for two stores.

    Args:
        studio: to ask.
        prompt: phrases as typed.
        num_candidates: designs for each store.
        store_ids: two different stores.
        seed: of the first candidate of both; None draws one.
        strength: of the stores' taste.

    Returns:
        A job for each store; a single one where the checkpoint draws the same for both, and both
        sell the same.

    Raises:
        ComparisonError: it is the same store twice.
        StudioError: the prompt, the number or the seed can't be used.
    """
    first, second = store_ids
    if first == second:
        raise ComparisonError("Choose two different stores to compare.")
    book = studio.stores
    book.get(second)  # an unknown one is refused before the first is drawn for
    differ = studio.is_personal or book.house_rules(first) != book.house_rules(second)
    options = RoundOptions(strength=strength)
    job = studio.request_round(
        prompt,
        num_candidates,
        seed,
        store_id=first if differ or book.house_rules(first) != NO_RULES else None,
        options=options,
    )
    if not differ:
        return (job,)
    seed = job.request.generation.seed
    other = studio.request_round(prompt, num_candidates, seed, store_id=second, options=options)
    return job, other


def score_matrix(
    scores: ScoreBook, groups: Sequence[CandidateGroup], store_ids: Sequence[int]
) -> ScoreMatrix | None:
    """Score every design of the rounds for every store; None without a reward model.

    Raises:
        StudioError: an image or a store is missing.
    """
    found: dict[int, RoundScores] = {}
    for store_id in store_ids:
        parts = [scores.of_round(group, store_id) for group in groups]
        known = [part for part in parts if part is not None]
        if len(known) < len(parts):
            return None
        by_candidate = {key: value for part in known for key, value in part.by_candidate.items()}
        found[store_id] = RoundScores(by_candidate, store_id, known[0].is_known)
    rounds = tuple(tuple(each.id for each in group.candidates) for group in groups)
    return ScoreMatrix(found, rounds)
