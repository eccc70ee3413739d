"""What the Design tab's events do: ask the studio, turn its answer into component values."""

from dataclasses import replace
from typing import Any

import gradio as gr

from studio.domain import MAX_STRENGTH, CandidateGroup, StudioError, Visitor
from studio.services.asking import MOST_TIMES, RoundOptions
from studio.services.parts import free_names
from studio.services.studio import MOST_CANDIDATES, Studio
from studio.ui.design_view import design_view
from studio.ui.handlers import page_query, plain, sent, shows_studio_errors
from studio.ui.options_panel import cost_sentence
from studio.ui.phrase_field import UNTOUCHED, phrase_view, prompt_of
from studio.ui.plan import plan_of, plan_view, shown_plan
from studio.ui.reference import reference_view
from studio.ui.score_view import score_note
from studio.ui.session import Session
from studio.ui.store_card import absence_note, card_view
from studio.ui.tile_board import empty_view, group_view, status_view
from studio.ui.words import EXAMPLES, Words
from studio.values import number, typed_whole, whole

View = dict[str, Any]
Watching = tuple[Session, View, gr.Timer]

WATCH_EVERY_S = 0.4
"""How often a page asks how far its round is, while that is drawn."""
_SELDOM_S = 2.0


class DesignHandlers:
    """One method for each event."""

    def __init__(self, studio: Studio, words: Words) -> None:
        self._studio = studio
        self.words = words

    def of(self, visitor: Visitor) -> "DesignHandlers":
        """The same for another visitor."""
        return DesignHandlers(self._studio.of(visitor), self.words)

    @shows_studio_errors
    def load(self, session: Session) -> tuple[Any, ...]:
        """A fresh page shows what was asked for last, or the round that its address names.

        Where somebody was quicker than this answer, what the page looks at stays.
        """
        job, named = self._studio.latest_job(), self._named_round()
        unchanged = [gr.skip()] * 4
        board: tuple[Any, Any, Any] = (gr.skip(), gr.skip(), gr.skip())
        if session == Session() and named is not None and (job is None or job.state.is_final):
            session = replace(self._opened(session, named), parent_id=None)
            board = (session, self._board(session), gr.Timer(active=False))
            phrases = self._read(named.request.generation.prompt, UNTOUCHED)
            return phrases, self.card(session.store_id), *board, *_fields_of(named)
        if job is None or session != Session():
            return self._read("", UNTOUCHED), self.card(session.store_id), *board, *unchanged
        prompt = job.request.generation.prompt
        watched = Session(
            job_id=job.id,
            group_id=None if named is None else named.id,
            store_id=job.request.store_id,
        )
        try:
            board = self._watch(watched)
        except StudioError as error:  # a damaged round takes no page with it
            gr.Warning(plain(self.words.error(error)), duration=8)
        return self._read(prompt, UNTOUCHED), self.card(watched.store_id), *board, *unchanged

    @shows_studio_errors
    def read(self, event: gr.EventData) -> View:
        """The phrases changed."""
        asked = sent(event)
        return self._read(asked.text("prompt"), asked.whole("revision"))

    @shows_studio_errors
    def keep(self, event: gr.EventData) -> View:
        """A phrase becomes a favourite, or is one no longer."""
        asked, shelf = sent(event), self._studio.favourites
        if asked.truth("kept"):
            shelf.keep(asked.text("phrase"))
        else:
            shelf.drop(asked.text("phrase"))
        return self._read(asked.text("prompt"), asked.whole("revision"))

    @shows_studio_errors
    def choose_store(self, session: Session, event: gr.EventData) -> tuple[Session, View, View]:
        """The next rounds are for this store, or for nobody in particular; so are the scores."""
        store_id = sent(event).whole_or_none("store_id")
        if store_id is not None:
            self._studio.stores.get(store_id)
        session = session.for_store(store_id)
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
        plan = plan_of(session, *_fields(candidates, typed_seed, strength, times))
        job = self._studio.request_round(
            prompt_of(typed), plan.count, plan.seed, plan.parent_id, plan.store_id, plan.options
        )
        return self._result(session.watching(job.id))

    @shows_studio_errors
    def tell_plan(
        self,
        session: Session,
        candidates: float,
        typed_seed: str | None,
        strength: float,
        times: float,
    ) -> View:
        """What the next Generate will do, after anything changed that it depends on."""
        plan = shown_plan(session, *_fields(candidates, typed_seed, strength, times))
        return plan_view(plan, session, self.words)

    @shows_studio_errors
    def unpin(self, session: Session, event: gr.EventData) -> tuple[Session, Any, Any, Any]:
        """Take away one of the things that the next Generate was to be done with."""
        pin = sent(event).text("pin")
        return (
            session.without(pin),
            "" if pin == "seed" else gr.skip(),
            1.0 if pin == "strength" else gr.skip(),
            1.0 if pin == "best_of" else gr.skip(),
        )

    @shows_studio_errors
    def restore(
        self, session: Session, event: gr.EventData
    ) -> tuple[View, View, Session, float, str, float, float]:
        """Take the inputs of a dropped PNG's round into the fields."""
        restored = self._studio.restore(sent(event).text("recipe"))
        for notice in restored.notices:
            gr.Warning(plain(notice), duration=8)
        options = restored.options
        session = replace(
            session.afresh(), store_id=restored.store_id, seed=restored.seed, restored=options
        )
        return (
            self._read(restored.prompt, None),
            self.card(restored.store_id),
            session,
            float(restored.num_candidates),
            "",
            options.strength,
            float(options.times),
        )

    @shows_studio_errors
    def refer(self, session: Session, event: gr.EventData) -> tuple[Session, View]:
        """Start the next rounds from a picture that was brought along, or from none again."""
        reference, image, asked = None, None, sent(event)
        taken: tuple[str, ...] = ()
        if "image" in asked:
            image = asked.text("image")
            share = asked.number("variation", 0, 1)
            reference = self._studio.references.start_from(image, share)
            taken = self._studio.known.phrases_of_image(image)
        view = reference_view(self._studio.only_own_pictures, self.words, image, taken)
        return replace(session, reference=reference, restored=RoundOptions()), view

    @shows_studio_errors
    def add_colour(self, typed: object, event: gr.EventData) -> View:
        """Add a colour of the reference to the phrases."""
        prompt = ", ".join(
            filter(None, (prompt_of(typed), self.words.phrase(sent(event).text("name"))))
        )
        return self._read(prompt, None)

    @shows_studio_errors
    def example(
        self, session: Session, candidates: float, event: gr.EventData
    ) -> tuple[View, Session, View, gr.Timer]:
        """Ask for a round of an example's phrases."""
        prompt, count = sent(event).text("prompt"), whole("The number of designs", candidates)
        job = self._studio.request_round(prompt, count, store_id=session.store_id)
        return self._read(prompt, None), *self._result(session.afresh().watching(job.id))

    @shows_studio_errors
    def tick(self, session: Session) -> Watching:
        """Look how far the round is."""
        return self._watch(session)

    @shows_studio_errors
    def cancel(self, session: Session) -> Watching:
        """Stop the round on the screen."""
        if session.job_id:
            self._studio.cancel(session.job_id)
        return self._watch(session)

    @shows_studio_errors
    def save(self, session: Session, event: gr.EventData) -> tuple[View, View]:
        """Keep the answer to a round."""
        asked = sent(event)
        group_id, ids = asked.whole("group_id"), frozenset(asked.wholes("candidate_ids"))
        before = self._studio.group(group_id).selected_ids
        group = self._studio.select(group_id, ids)
        said = self.saved_sentence(len(ids), len(group.candidates))
        seen = frozenset(asked.wholes("seen_ids")) if "seen_ids" in asked else None
        if before is not None and before not in (ids, seen):
            said = " ".join((said, self.words["saved_over"].format(count=len(before))))
        board = {**self._group(group_id, session.store_id), "told": said}
        return board, self.card(session.store_id)

    @shows_studio_errors
    def more(self, session: Session, candidates: float, event: gr.EventData) -> Watching:
        """Keep the ticks, and ask for more like them."""
        asked = sent(event)
        group_id, ids = asked.whole("group_id"), frozenset(asked.wholes("candidate_ids"))
        count = whole("The number of designs", candidates)
        job = self._studio.request_variations(group_id, ids, count)
        total = len(self._studio.group(group_id).candidates)
        said = self.words["more_saved"].format(count=len(ids), total=total)
        return self._result(session.watching(job.id), said)

    @shows_studio_errors
    def redraw(self, session: Session, candidates: float, event: gr.EventData) -> Watching:
        """Keep a design but for some parts, and draw these again."""
        asked = sent(event)
        job = self._studio.request_change(
            asked.whole("group_id"),
            asked.whole("candidate_id"),
            free_names(asked.texts("parts")),
            whole("The number of designs", candidates),
        )
        return self._result(session.watching(job.id))

    @shows_studio_errors
    def refine(self, session: Session, event: gr.EventData) -> tuple[View, Session]:
        """Take a round's phrases back into the field; the next round goes on from it."""
        group = self._studio.group(sent(event).whole("group_id"))
        return self._read(group.request.generation.prompt, None), session.going_on(group.id)

    @shows_studio_errors
    def start_afresh(self, session: Session) -> tuple[View, Session]:
        """The next round goes on from none, with no phrases yet."""
        return self._read("", None), session.afresh()

    @shows_studio_errors
    def open(
        self, session: Session, event: gr.EventData
    ) -> tuple[Session, View, gr.Timer, View, View, float, str, float, float]:
        """Show an earlier round with all that it was asked for; nothing is deleted.

        Its phrases, its store if that is still there, and its options come into the fields.
        """
        group = self._studio.group(sent(event).whole("group_id"))
        session = self._opened(session, group)
        return (
            session,
            {**self._board(session), "arrive": True},
            gr.Timer(active=False),
            self.card(session.store_id),
            self._read(group.request.generation.prompt, None),
            *_fields_of(group),
        )

    @shows_studio_errors
    def generate_label(self, count: float) -> str:
        """What the button says that it will do."""
        return self.words["generate"].format(count=whole("The number of designs", count))

    @shows_studio_errors
    def tell_cost(self, count: float, times: float) -> dict[str, Any]:
        """What drawing more than is shown costs, before it is asked for."""
        shown = whole("The number of designs", count, 1, MOST_CANDIDATES)
        drawn = shown * whole("Draw for each one shown", times, 1, MOST_TIMES)
        sentence = cost_sentence(drawn, shown, self._studio.seconds_for(drawn), self.words)
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
        return card_view(studio.stores, studio.tastes, store_id, self.words, note)

    def _opened(self, session: Session, group: CandidateGroup) -> Session:
        store_id = self._studio.stores.find_by_profile(group.request.profile)
        return session.opened(group.id, store_id)

    def _named_round(self) -> CandidateGroup | None:
        """The round that the page's address names; None where it names none that is there."""
        try:
            return self._studio.group(typed_whole("round", page_query().get("round", "")))
        except StudioError:
            return None

    def _result(self, session: Session, said: str = "") -> Watching:
        """The same as `_watch`, and the page goes there."""
        session, board, timer = self._watch(session)
        return session, {**board, "arrive": True, "told": said}, timer

    def _watch(self, session: Session) -> Watching:
        """What a job has come to. One that came to nothing leaves the board of before."""
        if session.job_id is None:
            return session, self._board(session), gr.Timer(active=False)
        status = self._studio.status(session.job_id)
        if not status.job.state.is_final:
            every_s = watch_every_s(status.waiting_before)
            return session, self._board(session), gr.Timer(every_s, active=True)
        if status.group is not None:
            session = session.drawn(status.group.id)
        elif session.group_id is not None:
            session = session.stopped()
            job = status.job
            told = {"told": job.message or self.words[str(job.state)]}
            return session, {**self._board(session), **told}, gr.Timer(active=False)
        return session, self._board(session), gr.Timer(active=False)

    def _board(self, session: Session) -> View:
        """What the session looks at: a round, or what its job has come to."""
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

    def _read(self, prompt: str, revision: int | None) -> View:
        studio = self._studio
        reading, favourites = studio.read_prompt(prompt), studio.favourites.all()
        return phrase_view(prompt, reading, revision, self.words, favourites)


def watch_every_s(waiting_before: int) -> float:
    """Seconds until a page asks again: the less often, the more rounds wait before its own."""
    return min(WATCH_EVERY_S * (1 + waiting_before), _SELDOM_S)


def _fields_of(group: CandidateGroup) -> tuple[float, str, float, float]:
    """What the options panel shows of a round: its seed stays its own, so that others come."""
    generation = group.request.generation
    shown = max(1, group.request.shown or generation.num_candidates)
    times = min(MOST_TIMES, generation.num_candidates // shown)
    return float(min(shown, MOST_CANDIDATES)), "", generation.strength, float(max(1, times))


def _fields(
    candidates: object, typed_seed: str | None, strength: object, times: object
) -> tuple[int, str | None, float, int]:
    """What the options panel sends."""
    return (
        whole("The number of designs", candidates),
        typed_seed,
        number("The strength of the store's taste", strength, 0, MAX_STRENGTH),
        whole("Draw for each one shown", times),
    )
