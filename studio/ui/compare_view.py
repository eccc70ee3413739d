"""Two stores side by side, as the page shows them: pairs of designs, and the score matrix."""

from collections.abc import Sequence
from typing import Any

from studio.domain import CandidateGroup, Store
from studio.services.comparison import ScoreMatrix
from studio.services.studio import JobStatus
from studio.ui.score_view import signed
from studio.ui.tile_board import image_url, preview_url, progress_view
from studio.ui.words import Words

View = dict[str, Any]


def compare_view(
    statuses: Sequence[JobStatus],
    compared: Sequence[Store],
    matrix: ScoreMatrix | None,
    words: Words,
) -> View:
    """The comparison, drawn or on its way.

    Args:
        statuses: of the rounds: one for each store, or a single one for both.
        compared: the two stores.
        matrix: once all is drawn, if there is a reward model.
        words: for the screen.
    """
    unfinished = [status for status in statuses if not status.job.state.is_final]
    failed = [status for status in statuses if status.job.state.is_final and status.group is None]
    groups = [status.group for status in statuses if status.group is not None]
    return {
        "jobs": [status.job.id for status in statuses],
        "stores": [{"id": store.id, "name": store.name} for store in compared],
        "rounds": [_round_view(status, matrix, compared, words) for status in statuses],
        "is_shared": len(statuses) == 1,
        "progress": progress_view(unfinished[0], words) if unfinished else None,
        "note": failed[0].job.message or words[str(failed[0].job.state)] if failed else "",
        "matrix": None if matrix is None else _matrix_view(matrix, compared, groups),
    }


def _round_view(
    status: JobStatus, matrix: ScoreMatrix | None, compared: Sequence[Store], words: Words
) -> View:
    group = status.group
    if group is None:
        places = range(status.job.request.generation.num_candidates)
        images = [preview_url(status.job.id, place, status.progress) for place in places]
        return {
            "id": None,
            "title": "",
            "tiles": [{"image": each, "scores": []} for each in images],
        }
    return {
        "id": group.id,
        "title": words["round"].format(number=group.id),
        "tiles": [
            {
                "image": image_url(candidate.image),
                "scores": []
                if matrix is None
                else [signed(matrix.relative(store.id, candidate.id)) for store in compared],
            }
            for candidate in group.candidates
        ],
    }


def _matrix_view(
    matrix: ScoreMatrix, compared: Sequence[Store], groups: Sequence[CandidateGroup]
) -> list[list[str]] | None:
    """Rows are the stores that judge, columns the rounds; None where both share one round."""
    if len(groups) < 2:
        return None
    places = range(len(groups))
    return [[signed(matrix.of_round(store.id, place)) for place in places] for store in compared]
