"""The board: one round's designs, while they are drawn and when they are picked from.

`gr.Gallery` can't tick several, and it encodes images anew. The board's tiles carry candidate
ids; its script sends `save`, `unsave`, `more`, `redraw`, `refine`, `open`, `pack`, `why`, `cancel`
and `example`.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from studio.domain import Candidate, CandidateGroup, JobState
from studio.drawing.engine import ENGINE_VERSION
from studio.services.jobs import Progress
from studio.services.parts import parts_of
from studio.services.scores import RoundScores
from studio.services.studio import JobStatus
from studio.ui.design_view import NOTHING, part_names, parts_told
from studio.ui.score_view import score_views
from studio.ui.words import Words


def empty_view(examples: tuple[str, ...]) -> dict[str, Any]:
    """The board before the first round."""
    return {**_view("empty"), "examples": list(examples)}


def status_view(
    status: JobStatus, lineage: Sequence[CandidateGroup], words: Words
) -> dict[str, Any]:
    """The board while a job waits or runs, and what is left of one that did not finish.

    Args:
        status: of the job.
        lineage: the rounds that it goes on from, oldest first.
        words: for the screen.
    """
    job = status.job
    view = {
        **_view(str(job.state)),
        "lineage": _lineage_view(lineage),
        "title": words["new_round"],
        "phrases": job.request.generation.prompt,
    }
    if job.state.is_final:
        return {**view, "note": job.message or words[str(job.state)]}
    return {
        **view,
        "progress": progress_view(status, words),
        "tiles": [
            {
                "id": None,
                "image": preview_url(job.id, place, status.progress),
                "large": None,
                "score": None,
                "alt": "",
                "explores": False,
                **NOTHING,
            }
            for place in range(job.request.generation.num_candidates)
        ],
    }


def group_view(
    lineage: Sequence[CandidateGroup],
    words: Words,
    scores: RoundScores | None = None,
    score_note: str = "",
    store_name: str = "",
    designs: Mapping[int, dict[str, Any]] | None = None,
) -> dict[str, Any]:
    """The board with a finished round, the last of its lineage.

    Args:
        lineage: the rounds that led to it, oldest first.
        words: for the screen.
        scores: of its candidates, if there are any.
        score_note: whose scores these are, or why there are none.
        store_name: the store that the round was drawn for; its answer teaches that one.
        designs: candidate id -> `design_view` of it.
    """
    group = lineage[-1]
    by_candidate = score_views(scores, words)
    return {
        **_view(str(JobState.DONE)),
        "lineage": _lineage_view(lineage),
        "group_id": group.id,
        "title": words["round"].format(number=group.id),
        "phrases": words.prompt(group.prompt),
        "note": " · ".join(_notes(group, words, store_name)),
        "tiles": [
            {
                "id": candidate.id,
                "image": image_url(candidate.image),
                "large": large_url(candidate.image),
                "score": by_candidate.get(candidate.id),
                "alt": words.prompt(group.prompt),
                "explores": candidate.explores,
                **(designs or {}).get(candidate.id, NOTHING),
            }
            for candidate in group.candidates
        ],
        "parts": part_names(words),
        "score_note": score_note,
        "ticked": sorted(group.selected_ids or ()),
        "is_answered": group.selected_ids is not None,
    }


def _view(state: str) -> dict[str, Any]:
    return {
        "state": state,
        "group_id": None,
        "title": "",
        "phrases": "",
        "note": "",
        "progress": None,
        "tiles": [],
        "ticked": [],
        "is_answered": False,
        "score_note": "",
        "lineage": [],
        "parts": [],
    }


def _notes(group: CandidateGroup, words: Words, store_name: str) -> list[str]:
    """What to say of a finished round beside its title."""
    request = group.request
    notes = [words["for_store"].format(name=store_name)] if store_name else []
    drawn = request.generation.num_candidates
    if request.shown is not None:
        notes.append(words["best_of"].format(shown=request.shown, drawn=drawn))
    if request.exploring:
        notes.append(
            words["explores_note"].format(count=request.exploring, shown=len(group.candidates))
        )
    if request.mixed is not None:
        notes.append(words["mixed_in"].format(share=f"{request.mixed.share:.0%}"))
    if request.start_images and group.parent_id is None:
        notes.append(words["from_picture"])
    elif request.start_images:
        notes.append(words["variation_of"].format(number=group.parent_id))
    if request.generation.kept:
        parts = parts_told(parts_of(request.generation.free), words)
        notes.append(words["changed"].format(parts=parts, number=group.parent_id or ""))
    notes.append(words["seed_note"].format(seed=request.generation.seed))
    if group.selected_ids is not None:
        count = len(group.selected_ids)
        notes.append(words["answered" if count else "answered_none"].format(count=count))
    return notes


def _lineage_view(lineage: Sequence[CandidateGroup]) -> list[dict[str, Any]]:
    shown = (group for group in lineage if group.candidates)
    return [{"id": group.id, "image": thumbnail_url(face(group).image)} for group in shown]


def face(group: CandidateGroup) -> Candidate:
    """The candidate that stands for its round: the first ticked one, else the first."""
    ticked = (each for each in group.candidates if each.id in (group.selected_ids or ()))
    return next(ticked, group.candidates[0])


def image_url(digest: str) -> str:
    """Where the page finds an image; see `routes`."""
    return f"images/{digest}.png"


def large_url(digest: str) -> str:
    """The same for a whole screen; another drawing engine gives another address."""
    return f"large/{digest}.png?engine={ENGINE_VERSION}"


def thumbnail_url(digest: str) -> str:
    """The same, small."""
    return f"thumbnails/{digest}.png"


def progress_view(status: JobStatus, words: Words) -> dict[str, Any]:
    """How far a job is: a sentence, and a fraction for the bar."""
    progress = status.progress
    if status.job.state is JobState.QUEUED and status.waiting_before:
        sentence = words["waiting"].format(
            place=status.waiting_before + 1, count=status.waiting_before
        )
    elif progress.seconds_left is None:
        sentence = words["starting"]
    else:
        seconds = round(progress.seconds_left)
        sentence = words["step_left" if seconds else "step"].format(
            step=progress.step, total=progress.total, seconds=seconds
        )
    return {
        "sentence": sentence,
        "fraction": progress.step / progress.total if progress.total else 0.0,
    }


def preview_url(job_id: int, place: int, progress: Progress) -> str | None:
    """Where the page finds a preview; None before the first; see `routes`."""
    if place >= len(progress.previews):
        return None
    return f"previews/{job_id}/{place}.jpg?step={progress.preview_step}"
