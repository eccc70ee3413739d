"""What the Design tab shows of a session: its board, its store's card, its phrases and options."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import gradio as gr

from studio.domain import CandidateGroup, Mixed, StudioError, ValueKindError
from studio.services.asking import MOST_TIMES
from studio.services.choosing import times_of
from studio.services.daring import DARING, notch_of
from studio.services.studio import MOST_CANDIDATES, Studio
from studio.ui.design_view import design_view
from studio.ui.phrase_field import phrase_view, prompt_of
from studio.ui.score_view import score_note
from studio.ui.session import Fields, Session
from studio.ui.store_card import absence_note, card_view
from studio.ui.tile_board import empty_view, group_view, status_view
from studio.ui.words import EXAMPLES, Words
from studio.values import number, truth

View = dict[str, Any]
Watching = tuple[Session, View, gr.Timer]

WATCH_EVERY_S = 0.4
"""How often a page asks how far its round is, while that is drawn."""
_SELDOM_S = 2.0


class DesignScreen:
    """Asks the studio for what a session looks at."""

    def __init__(self, studio: Studio, words: Words) -> None:
        self._studio = studio
        self.words = words

    def watch(self, session: Session) -> Watching:
        """What a job has come to. One that came to nothing leaves the board of before."""
        if session.job_id is None:
            return session, self.board(session), gr.Timer(active=False)
        status = self._studio.status(session.job_id)
        if not status.job.state.is_final:
            every_s = watch_every_s(status.waiting_before)
            return session, self.board(session), gr.Timer(every_s, active=True)
        if status.group is not None:
            session = session.drawn(status.group.id)
        elif session.group_id is not None:
            session = session.stopped()
            board, came = self.board(session), status.job.message or self.words[status.job.state]
            told = " ".join(filter(None, (board.get("told"), came)))
            return session, {**board, "told": told}, gr.Timer(active=False)
        return session, self.board(session), gr.Timer(active=False)

    def result(self, session: Session) -> Watching:
        """The same as `watch`, and the page goes there."""
        session, board, timer = self.watch(session)
        return session, {**board, "arrive": True}, timer

    def board(self, session: Session) -> View:
        """What the session looks at, and what was kept just now."""
        kept = session.kept
        told = {} if kept is None else {"told": kept.said, "can_undo": True}
        return {**self._looked_at(session), **told}

    def card(self, session: Session) -> View:
        """The store's card, and what the checkpoint can't do for stores yet."""
        studio = self._studio
        note = absence_note(studio.scores.can_score, studio.is_personal, self.words)
        view = card_view(studio.stores, studio.tastes, session.store_id, self.words, note)
        mixed = session.mixing
        can_mix = studio.is_personal or studio.scores.can_score
        return {
            **view,
            "can_mix": can_mix,
            "mixed": None if mixed is None else {"id": mixed.store_id, "share": mixed.share},
        }

    def phrases(self, prompt: str, revision: int | None, store_id: int | None) -> View:
        """Phrases as the studio reads them for a store; see `phrase_view`."""
        studio = self._studio
        reading, favourites = studio.read_prompt(prompt, store_id), studio.favourites.all()
        return phrase_view(prompt, reading, revision, self.words, favourites)

    def opened(self, session: Session, group: CandidateGroup) -> Session:
        """The session with a round on its board, and the store that it was drawn for."""
        store_id = self._studio.stores.find_by_profile(group.request.profile)
        was = group.request.mixed
        mixed = None if was is None else Mixed(store_id=was.store_id, share=was.share)
        return replace(session.opened(group.id, store_id), mixed=mixed)

    def _looked_at(self, session: Session) -> View:
        """A round, or what its job has come to."""
        if session.job_id is None:
            if session.group_id is not None:
                return self._group(session.group_id, session.store_id)
            return empty_view(EXAMPLES[self.words["language"]])
        status = self._studio.status(session.job_id)
        if status.group is not None:
            return self._group(status.group.id, session.store_id)
        parent_id = status.job.request.parent_id
        before = self._studio.lineage(parent_id) if parent_id is not None else ()
        return status_view(status, before, self.words)

    def _group(self, group_id: int, store_id: int | None) -> View:
        """A round with its scores for a store; it is shown even where scoring fails."""
        lineage = self._studio.lineage(group_id)
        names = {store.id: store.name for store in self._studio.stores.all()}
        try:
            scores = self._studio.scores.of_round(lineage[-1], store_id)
            note = score_note(scores, names, self.words)
        except StudioError as error:
            scores, note = None, self.words.error(error)
        store_name = names.get(lineage[-1].request.store_id or 0, "")
        designs = self._designs(lineage[-1])
        return group_view(lineage, self.words, scores, note, store_name, designs)

    def _designs(self, group: CandidateGroup) -> dict[int, View]:
        known = self._studio.known
        return {
            candidate.id: design_view(known.of(group, candidate), known, self.words)
            for candidate in group.candidates
        }


def watch_every_s(waiting_before: int) -> float:
    """Seconds until a page asks again: the less often, the more rounds wait before its own."""
    return min(WATCH_EVERY_S * (1 + waiting_before), _SELDOM_S)


def fields_of(group: CandidateGroup) -> Fields:
    """What stands in the fields of a round: its seed stays its own, so that others come."""
    generation = group.request.generation
    shown = max(1, group.request.shown or generation.num_candidates)
    exploring = group.request.exploring
    times = min(MOST_TIMES, times_of(generation.num_candidates, shown, exploring))
    count, notch = float(min(shown, MOST_CANDIDATES)), notch_of(generation.strength)
    return Fields(generation.prompt, count, "", notch, float(times), exploring > 0)


def standing(typed: object, options: Sequence[Any]) -> Fields:
    """What stands in the fields: to be put back, not asked for, so nothing is refused here."""
    count, seed, daring, times, explores = options
    prompt = prompt_of(typed)
    try:
        return Fields(
            prompt,
            number("The number of designs", count, 1, MOST_CANDIDATES),
            str(seed or ""),
            number("How daring", daring, 0, DARING),
            number("Draw for each one shown", times, 1, MOST_TIMES),
            truth("Explore", explores),
        )
    except ValueKindError:
        return Fields(prompt)


def options_of(fields: Fields) -> tuple[float, str, float, float, bool]:
    """The options among fields, in the order of the panel."""
    return fields.count, fields.seed, fields.daring, fields.times, fields.explores
