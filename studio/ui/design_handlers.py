"""What the Design tab's events do: ask the studio, turn its answer into component values."""

from dataclasses import replace
from typing import Any

import gradio as gr

from studio.domain import CandidateGroup, StudioError
from studio.services.asking import RoundOptions
from studio.services.parts import free_names
from studio.services.studio import Studio
from studio.ui.design_view import design_view
from studio.ui.handlers import plain, shows_studio_errors
from studio.ui.options_panel import cost_sentence
from studio.ui.phrase_field import UNTOUCHED, phrase_view, prompt_of
from studio.ui.reference import reference_view
from studio.ui.score_view import score_note
from studio.ui.seed import parse_seed
from studio.ui.session import Session
from studio.ui.store_card import absence_note, card_view
from studio.ui.tile_board import empty_view, group_view, status_view
from studio.ui.words import EXAMPLES, Words

View = dict[str, Any]
Watching = tuple[Session, View, gr.Timer]


class DesignHandlers:
    """One method for each event."""

    def __init__(self, studio: Studio, words: Words) -> None:
        self._studio = studio
        self.words = words

    @shows_studio_errors
    def load(self, session: Session) -> tuple[View, View, Session | View, View, gr.Timer | View]:
        """A fresh page shows what was asked for last, wherever that was.

        Where somebody was quicker than this answer, what the page looks at stays.
        """
        job = self._studio.latest_job()
        if job is None or session != Session():
            board = gr.skip(), gr.skip(), gr.skip()
            return self._read("", UNTOUCHED), self.card(session.store_id), *board
        prompt = job.request.generation.prompt
        session = Session(job_id=job.id, store_id=job.request.store_id)
        return self._read(prompt, UNTOUCHED), self.card(session.store_id), *self._watch(session)

    @shows_studio_errors
    def read(self, event: gr.EventData) -> View:
        """The phrases changed."""
        return self._read(str(event.prompt), int(event.revision))

    @shows_studio_errors
    def keep(self, event: gr.EventData) -> View:
        """A phrase becomes a favourite, or is one no longer."""
        shelf = self._studio.favourites
        if event.kept:
            shelf.keep(str(event.phrase))
        else:
            shelf.drop(str(event.phrase))
        return self._read(str(event.prompt), int(event.revision))

    @shows_studio_errors
    def choose_store(self, session: Session, event: gr.EventData) -> tuple[Session, View, View]:
        """The next rounds are for this store, or for nobody in particular; so are the scores."""
        store_id = None if event.store_id is None else self._studio.stores.get(event.store_id).id
        session = replace(session, store_id=store_id)
        return session, self.card(store_id), self._board(session)

    @shows_studio_errors
    def show_store(self, session: Session) -> View:
        """The card again, after stores may have changed."""
        return self.card(session.store_id)

    @shows_studio_errors
    def show_again(self, session: Session) -> tuple[View, View]:
        """The card and the board again, after another checkpoint came into service."""
        return self.card(session.store_id), self._board(session)

    @shows_studio_errors
    def generate(
        self,
        session: Session,
        typed: object,
        candidates: float,
        typed_seed: str | None,
        strength: float,
        times: float,
    ) -> Watching:
        """Ask for a round."""
        restored = session.restored
        start = None if restored.change else restored.start or session.reference
        options = replace(restored, start=start, strength=float(strength), times=int(times))
        job = self._studio.request_round(
            prompt_of(typed),
            int(candidates),
            parse_seed(typed_seed),
            session.refined_id,
            session.store_id,
            options,
        )
        return self._watch(replace(session, job_id=job.id, restored=RoundOptions()))

    @shows_studio_errors
    def restore(
        self, session: Session, event: gr.EventData
    ) -> tuple[View, View, Session, float, str, float, float]:
        """Take the inputs of a dropped PNG's round into the fields."""
        restored = self._studio.restore(str(event.recipe))
        for notice in restored.notices:
            gr.Warning(plain(notice), duration=8)
        gr.Info(self.words["restored"], duration=6)
        options = restored.options
        session = replace(session, refined_id=None, store_id=restored.store_id, restored=options)
        return (
            self._read(restored.prompt, None),
            self.card(restored.store_id),
            session,
            float(restored.num_candidates),
            str(restored.seed),
            options.strength,
            float(options.times),
        )

    @shows_studio_errors
    def refer(self, session: Session, event: gr.EventData) -> tuple[Session, View]:
        """Start the next rounds from a picture that was brought along, or from none again."""
        reference, image = None, None
        if event.image is not None:
            image = str(event.image)
            reference = self._studio.references.start_from(image, event.variation)
        view = reference_view(self._studio.only_own_pictures, self.words, image)
        return replace(session, reference=reference, restored=RoundOptions()), view

    @shows_studio_errors
    def add_colour(self, typed: object, event: gr.EventData) -> View:
        """Add a colour of the reference to the phrases."""
        prompt = ", ".join(filter(None, (prompt_of(typed), self.words.phrase(str(event.name)))))
        return self._read(prompt, None)

    @shows_studio_errors
    def example(
        self, session: Session, candidates: float, event: gr.EventData
    ) -> tuple[View, Session, View, gr.Timer]:
        """Ask for a round of an example's phrases."""
        prompt = str(event.prompt)
        job = self._studio.request_round(prompt, int(candidates), store_id=session.store_id)
        return self._read(prompt, None), *self._watch(replace(session, job_id=job.id))

    @shows_studio_errors
    def tick(self, session: Session) -> Watching:
        """Look how far the round is."""
        return self._watch(session)

    @shows_studio_errors
    def cancel(self, session: Session) -> None:
        """Stop the round on the screen."""
        if session.job_id:
            self._studio.cancel(session.job_id)

    @shows_studio_errors
    def save(self, session: Session, event: gr.EventData) -> tuple[View, View]:
        """Keep the answer to a round."""
        group_id, ids = int(event.group_id), candidate_ids(event)
        before = self._studio.group(group_id).selected_ids
        group = self._studio.select(group_id, ids)
        said = self.saved_sentence(len(ids), len(group.candidates))
        seen = None if event.seen_ids is None else frozenset(event.seen_ids)
        if before is not None and before not in (ids, seen):
            said = " ".join((said, self.words["saved_over"].format(count=len(before))))
        gr.Info(said, duration=4)
        return self._group(group_id, session.store_id), self.card(session.store_id)

    @shows_studio_errors
    def more(self, session: Session, candidates: float, event: gr.EventData) -> Watching:
        """Keep the ticks, and ask for more like them."""
        group_id, ids = int(event.group_id), candidate_ids(event)
        job = self._studio.request_variations(group_id, ids, int(candidates))
        total = len(self._studio.group(group_id).candidates)
        gr.Info(self.words["more_saved"].format(count=len(ids), total=total), duration=4)
        return self._watch(replace(session, job_id=job.id))

    @shows_studio_errors
    def redraw(self, session: Session, candidates: float, event: gr.EventData) -> Watching:
        """Keep a design but for some parts, and draw these again."""
        free = free_names(str(part) for part in event.parts)
        job = self._studio.request_change(
            int(event.group_id), int(event.candidate_id), free, int(candidates)
        )
        return self._watch(replace(session, job_id=job.id))

    @shows_studio_errors
    def refine(self, session: Session, event: gr.EventData) -> tuple[View, Session]:
        """Take a round's phrases back into the field; the next round goes on from it."""
        group = self._studio.group(int(event.group_id))
        view = self._read(group.request.generation.prompt, None, group.id)
        return view, replace(session, refined_id=group.id)

    @shows_studio_errors
    def start_afresh(self, session: Session) -> Session:
        """The next round goes on from none."""
        return replace(session, refined_id=None, restored=RoundOptions())

    @shows_studio_errors
    def open(self, session: Session, event: gr.EventData) -> tuple[Session, View, gr.Timer, View]:
        """Show an earlier round, and its store if that is still there; nothing is deleted."""
        group = self._studio.group(int(event.group_id))
        store_id = self._studio.stores.find_by_profile(group.request.profile)
        session = replace(session, job_id=None, group_id=group.id, store_id=store_id)
        return session, self._board(session), gr.Timer(active=False), self.card(store_id)

    def generate_label(self, count: float) -> str:
        """What the button says that it will do."""
        return self.words["generate"].format(count=int(count))

    def tell_cost(self, count: float, times: float) -> dict[str, Any]:
        """What drawing more than is shown costs, before it is asked for."""
        drawn = int(count) * int(times)
        sentence = cost_sentence(drawn, int(count), self._studio.seconds_for(drawn), self.words)
        update: dict[str, Any] = gr.update(value=sentence, visible=bool(sentence))
        return update

    def saved_sentence(self, count: int, total: int) -> str:
        """What to say after an answer was kept."""
        words = self.words
        return words["saved"].format(count=count, total=total) if count else words["saved_none"]

    def card(self, store_id: int | None) -> View:
        """The store's card, and what the checkpoint can't do for stores yet."""
        studio = self._studio
        note = absence_note(studio.scores.can_score, studio.is_personal, self.words)
        return card_view(studio.stores, store_id, self.words, note)

    def _watch(self, session: Session) -> Watching:
        unfinished = session.job_id is not None and not self._is_final(session.job_id)
        return session, self._board(session), gr.Timer(active=unfinished)

    def _is_final(self, job_id: int) -> bool:
        return self._studio.status(job_id).job.state.is_final

    def _board(self, session: Session) -> View:
        """What the session looks at: an older round, or what its job has come to."""
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

    def _read(self, prompt: str, revision: int | None, refined_id: int | None = None) -> View:
        studio = self._studio
        reading, favourites = studio.read_prompt(prompt), studio.favourites.all()
        return phrase_view(prompt, reading, revision, self.words, favourites, refined_id)


def candidate_ids(event: gr.EventData) -> frozenset[int]:
    """The ids that a board sends; whether the round holds them is checked where it is kept."""
    return frozenset(int(each) for each in event.candidate_ids)
