"""What the Design tab's events do: ask the studio, turn its answer into component values."""

from dataclasses import replace
from typing import Any

import gradio as gr

from studio.domain import CandidateGroup, Mixed, StudioError, Visitor
from studio.services.asking import RoundOptions
from studio.services.choosing import drawn_for, exploring_of
from studio.services.daring import DARING, MIDDLE, notch_of
from studio.services.parts import free_names
from studio.services.studio import Studio
from studio.ui.design_screen import (
    DesignScreen,
    View,
    Watching,
    fields_of,
    options_of,
    standing,
)
from studio.ui.handlers import page_query, plain, sent, shows_studio_errors
from studio.ui.options_panel import cost_sentence
from studio.ui.phrase_field import UNTOUCHED, prompt_of, revision_of
from studio.ui.plan import Plan, plan_of, plan_view, shown_plan
from studio.ui.reference import reference_view
from studio.ui.session import Fields, Kept, Session
from studio.ui.words import Words
from studio.values import number, truth, typed_whole, whole


class DesignHandlers:
    """One method for each event."""

    def __init__(self, studio: Studio, words: Words) -> None:
        self._studio = studio
        self._screen = DesignScreen(studio, words)
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
        unchanged = [gr.skip()] * len(options_of(Fields()))
        board: tuple[Any, Any, Any] = (gr.skip(), gr.skip(), gr.skip())
        if session == Session() and named is not None and (job is None or job.state.is_final):
            session = replace(self._screen.opened(session, named), parent_id=None)
            board = (session, self._screen.board(session), gr.Timer(active=False))
            return (
                self._screen.phrases(named.request.generation.prompt, UNTOUCHED, session.store_id),
                self._screen.card(session),
                *board,
                *options_of(fields_of(named)),
            )
        if job is None or session != Session():
            card = self._screen.card(session)
            return self._screen.phrases("", UNTOUCHED, None), card, *board, *unchanged
        prompt = job.request.generation.prompt
        watched = Session(
            job_id=job.id,
            group_id=None if named is None else named.id,
            store_id=job.request.store_id,
        )
        try:
            board = self._screen.watch(watched)
        except StudioError as error:  # a damaged round takes no page with it
            gr.Warning(plain(self.words.error(error)), duration=8)
        card = self._screen.card(watched)
        phrases = self._screen.phrases(prompt, UNTOUCHED, watched.store_id)
        return phrases, card, *board, *unchanged

    @shows_studio_errors
    def read(self, session: Session, event: gr.EventData) -> View:
        """The phrases changed."""
        asked = sent(event)
        return self._screen.phrases(asked.text("prompt"), asked.whole("revision"), session.store_id)

    @shows_studio_errors
    def read_again(self, session: Session, typed: object) -> View:
        """The store is another one, or has other house rules by now."""
        return self._screen.phrases(prompt_of(typed), revision_of(typed), session.store_id)

    @shows_studio_errors
    def keep(self, session: Session, event: gr.EventData) -> View:
        """A phrase becomes a favourite, or is one no longer."""
        asked, shelf = sent(event), self._studio.favourites
        if asked.truth("kept"):
            shelf.keep(asked.text("phrase"))
        else:
            shelf.drop(asked.text("phrase"))
        return self._screen.phrases(asked.text("prompt"), asked.whole("revision"), session.store_id)

    @shows_studio_errors
    def choose_store(self, session: Session, event: gr.EventData) -> tuple[Session, View, View]:
        """The next rounds are for this store, or for nobody in particular; so are the scores."""
        store_id = sent(event).whole_or_none("store_id")
        if store_id is not None:
            self._studio.stores.get(store_id)
        session = session.for_store(store_id)
        return session, self._screen.card(session), self._screen.board(session)

    @shows_studio_errors
    def mix(self, session: Session, event: gr.EventData) -> tuple[Session, View]:
        """The next rounds for this store are drawn with a share of another store's taste."""
        asked = sent(event)
        store_id, mixed = asked.whole_or_none("store_id"), None
        share = asked.number("share", 0, 1)
        if store_id is not None and share:
            self._studio.stores.get(store_id)
            mixed = Mixed(store_id=store_id, share=share)
        restored = replace(session.restored, mixed=None)
        session = replace(session, mixed=mixed, restored=restored)
        return session, self._screen.card(session)

    @shows_studio_errors
    def show_store(self, session: Session) -> View:
        """The card again, after stores may have changed."""
        return self._screen.card(session)

    @shows_studio_errors
    def show_again(self, session: Session) -> tuple[View, View]:
        """The card and the board again, after another checkpoint came into service."""
        return self._screen.card(session), self._screen.board(session)

    @shows_studio_errors
    def generate(self, session: Session, typed: object, *options: Any) -> Watching:
        """Ask for a round."""
        plan = plan_of(session, *_fields(*options))
        job = self._studio.request_round(
            prompt_of(typed), plan.count, plan.seed, plan.parent_id, plan.store_id, plan.options
        )
        return self._screen.result(session.watching(job.id))

    @shows_studio_errors
    def tell_plan(self, session: Session, *options: Any) -> View:
        """What the next Generate will do, after anything changed that it depends on."""
        plan = shown_plan(session, *_fields(*options))
        return plan_view(plan, session, self.words, self._exploring(plan), self._mixed_name(plan))

    @shows_studio_errors
    def unpin(
        self, session: Session, event: gr.EventData, typed: object, *options: Any
    ) -> tuple[Session, Any, Any, Any, Any, Any]:
        """Take away one of the things that the next Generate was to be done with."""
        pin, stands = sent(event).text("pin"), standing(typed, options)
        session = session.without(pin).over(session, stands, stands.prompt)
        return (
            session,
            self._screen.card(session) if pin == "mixed" else gr.skip(),
            "" if pin == "seed" else gr.skip(),
            MIDDLE if pin == "daring" else gr.skip(),
            1.0 if pin == "best_of" else gr.skip(),
            False if pin == "explores" else gr.skip(),
        )

    @shows_studio_errors
    def restore(
        self, session: Session, event: gr.EventData, typed: object, *options: Any
    ) -> tuple[View, View, Session, float, str, float, float, bool]:
        """Take the inputs of a dropped PNG's round into the fields."""
        restored = self._studio.restore(sent(event).text("recipe"))
        for notice in restored.notices:
            gr.Warning(plain(notice), duration=8)
        wanted = restored.options
        pinned = replace(
            session.afresh(), store_id=restored.store_id, seed=restored.seed, restored=wanted
        )
        return (
            self._screen.phrases(restored.prompt, None, restored.store_id),
            self._screen.card(pinned),
            pinned.over(session, standing(typed, options), restored.prompt),
            float(restored.num_candidates),
            "",
            notch_of(wanted.strength),
            float(wanted.times),
            wanted.explores,
        )

    @shows_studio_errors
    def put_back(self, session: Session, typed: object, *options: Any) -> tuple[Any, ...]:
        """What stood in the fields before something filled them; the board follows."""
        before, fields = session.put_back(standing(typed, options))
        before, board, timer = self._screen.watch(before)
        phrases, card = (
            self._screen.phrases(fields.prompt, None, before.store_id),
            self._screen.card(before),
        )
        return before, board, timer, card, phrases, *options_of(fields)

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
    def add_colour(self, session: Session, typed: object, event: gr.EventData) -> View:
        """Add a colour of the reference to the phrases."""
        prompt = ", ".join(
            filter(None, (prompt_of(typed), self.words.phrase(sent(event).text("name"))))
        )
        return self._screen.phrases(prompt, None, session.store_id)

    @shows_studio_errors
    def example(
        self, session: Session, event: gr.EventData, typed: object, *options: Any
    ) -> tuple[View, Session, View, gr.Timer]:
        """Ask for a round of an example's phrases."""
        prompt, stands = sent(event).text("prompt"), standing(typed, options)
        count = whole("The number of designs", stands.count)
        job = self._studio.request_round(prompt, count, store_id=session.store_id)
        asked = session.afresh().watching(job.id).over(session, stands, prompt)
        return self._screen.phrases(prompt, None, session.store_id), *self._screen.result(asked)

    @shows_studio_errors
    def tick(self, session: Session) -> Watching:
        """Look how far the round is."""
        return self._screen.watch(session)

    @shows_studio_errors
    def cancel(self, session: Session) -> Watching:
        """Stop the round on the screen."""
        if session.job_id:
            self._studio.cancel(session.job_id)
        return self._screen.watch(session)

    @shows_studio_errors
    def save(self, session: Session, event: gr.EventData) -> tuple[Session, View, View]:
        """Keep the answer to a round."""
        asked = sent(event)
        group_id, ids = asked.whole("group_id"), frozenset(asked.wholes("candidate_ids"))
        before = self._studio.group(group_id).selected_ids
        group = self._studio.select(group_id, ids)
        said = self.saved_sentence(len(ids), len(group.candidates))
        seen = frozenset(asked.wholes("seen_ids")) if "seen_ids" in asked else None
        if before is not None and before not in (ids, seen):
            said = " ".join((said, self.words["saved_over"].format(count=len(before))))
        session = session.answered(Kept(group_id, before, said))
        return session, self._screen.board(session), self._screen.card(session)

    @shows_studio_errors
    def unsave(self, session: Session) -> tuple[Session, View, View]:
        """Put the answer back that was there before the one that was kept last."""
        kept = session.kept
        if kept is None:
            return session, self._screen.board(session), self._screen.card(session)
        self._studio.answer_again(kept.group_id, kept.before)
        session = replace(session, kept=None)
        told = {"told": self.words["unsaved"].format(number=kept.group_id)}
        return session, {**self._screen.board(session), **told}, self._screen.card(session)

    @shows_studio_errors
    def more(
        self, session: Session, candidates: float, event: gr.EventData
    ) -> tuple[Session, View, gr.Timer, View]:
        """Keep the ticks, and ask for more like them."""
        asked = sent(event)
        group_id, ids = asked.whole("group_id"), frozenset(asked.wholes("candidate_ids"))
        count = whole("The number of designs", candidates)
        group = self._studio.group(group_id)
        job = self._studio.request_variations(group_id, ids, count)
        said = self.words["more_saved"].format(count=len(ids), total=len(group.candidates))
        kept = Kept(group_id, group.selected_ids, said)
        shown = self._screen.result(session.watching(job.id).answered(kept))
        return *shown, self._screen.card(session)

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
        return self._screen.result(session.watching(job.id))

    @shows_studio_errors
    def refine(
        self, session: Session, event: gr.EventData, typed: object, *options: Any
    ) -> tuple[View, Session]:
        """Take a round's phrases back into the field; the next round goes on from it."""
        group = self._studio.group(sent(event).whole("group_id"))
        prompt, stands = group.request.generation.prompt, standing(typed, options)
        return self._screen.phrases(prompt, None, session.store_id), session.going_on(
            group.id
        ).over(session, stands, prompt)

    @shows_studio_errors
    def start_afresh(self, session: Session, typed: object, *options: Any) -> tuple[View, Session]:
        """The next round goes on from none, with no phrases yet."""
        return self._screen.phrases("", None, session.store_id), session.afresh().over(
            session, standing(typed, options), ""
        )

    @shows_studio_errors
    def open(
        self, session: Session, event: gr.EventData, typed: object, *options: Any
    ) -> tuple[Session, View, gr.Timer, View, View, float, str, float, float, bool]:
        """Show an earlier round with all that it was asked for; nothing is deleted.

        Its phrases, its store if that is still there, and its options come into the fields.
        """
        group = self._studio.group(sent(event).whole("group_id"))
        prompt, stands = group.request.generation.prompt, standing(typed, options)
        session = self._screen.opened(session, group).over(session, stands, prompt)
        return (
            session,
            {**self._screen.board(session), "arrive": True},
            gr.Timer(active=False),
            self._screen.card(session),
            self._screen.phrases(prompt, None, session.store_id),
            *options_of(fields_of(group)),
        )

    @shows_studio_errors
    def generate_label(self, count: float) -> str:
        """What the button says that it will do."""
        return self.words["generate"].format(count=whole("The number of designs", count))

    @shows_studio_errors
    def tell_cost(self, session: Session, *options: Any) -> dict[str, Any]:
        """What drawing more than is shown costs, before it is asked for."""
        plan = shown_plan(session, *_fields(*options))
        shown = plan.count
        drawn = drawn_for(shown, plan.options.times, self._exploring(plan))
        sentence = cost_sentence(drawn, shown, self._studio.seconds_for(drawn), self.words)
        update: dict[str, Any] = gr.update(value=sentence, visible=bool(sentence))
        return update

    def saved_sentence(self, count: int, total: int) -> str:
        """What to say after an answer was kept."""
        words = self.words
        return words["saved"].format(count=count, total=total) if count else words["saved_none"]

    def _exploring(self, plan: Plan) -> int:
        """How many designs of the next round explore."""
        return exploring_of(plan.count) if self._studio.explores(plan.store_id, plan.options) else 0

    def _mixed_name(self, plan: Plan) -> str:
        """The store whose taste the next round mixes in; empty for none."""
        mixed = plan.options.mixed
        if mixed is None or mixed.store_id is None or plan.store_id is None:
            return ""
        return self._studio.stores.get(mixed.store_id).name

    def _named_round(self) -> CandidateGroup | None:
        """The round that the page's address names; None where it names none that is there."""
        try:
            return self._studio.group(typed_whole("round", page_query().get("round", "")))
        except StudioError:
            return None


def _fields(
    candidates: object, typed_seed: str | None, daring: object, times: object, explores: object
) -> tuple[int, str | None, float, int, bool]:
    """What the options panel sends."""
    return (
        whole("The number of designs", candidates),
        typed_seed,
        number("How daring", daring, 0, DARING),
        whole("Draw for each one shown", times),
        truth("Explore", explores),
    )
