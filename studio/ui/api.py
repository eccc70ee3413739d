"""Named endpoints: all that the page can do, for `gradio_client` and other programs."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from gradio.events import api

from studio.design.house_rules import house_rules_of
from studio.domain import CandidateGroup, Store, ValueKindError, Visitor
from studio.services.accounts import role_named
from studio.services.asking import RoundOptions
from studio.services.comparison import request_comparison
from studio.services.likings import Liking
from studio.services.parts import free_names
from studio.services.studio import JobStatus, Studio
from studio.services.swapping import SwapDesk
from studio.services.tastes import TasteState
from studio.services.tech_packs import language_of
from studio.techpack.fields import Field
from studio.techpack.pack import Pack
from studio.techpack.said import Language
from studio.ui.api_values import endpoint
from studio.ui.phrase_field import phrase_view
from studio.ui.taste_view import taste_sentence
from studio.ui.visiting import visited
from studio.ui.words import ENGLISH, Words
from studio.values import json_of

Record = dict[str, Any]


def add_endpoints(studio: Studio) -> None:
    """Add the endpoints to the current Blocks; their docstrings are the API page."""
    endpoints = Endpoints(studio)
    api(visited(endpoints.generate), api_name="generate")
    api(visited(endpoints.job), api_name="job", concurrency_limit=None)
    api(visited(endpoints.cancel), api_name="cancel", concurrency_limit=None)
    api(visited(endpoints.round), api_name="round", concurrency_limit=None)
    api(visited(endpoints.select), api_name="select")
    api(visited(endpoints.unselect), api_name="unselect")
    api(visited(endpoints.more), api_name="more")
    api(visited(endpoints.change), api_name="change")
    api(visited(endpoints.history), api_name="history", concurrency_limit=None)
    api(visited(endpoints.star), api_name="star")
    api(visited(endpoints.delete), api_name="delete")
    api(visited(endpoints.undelete), api_name="undelete")
    api(visited(endpoints.stores), api_name="stores", concurrency_limit=None)
    api(visited(endpoints.favourites), api_name="favourites", concurrency_limit=None)
    api(visited(endpoints.keep_phrase), api_name="keep_phrase")
    api(visited(endpoints.add_store), api_name="add_store")
    api(visited(endpoints.change_store), api_name="change_store")
    api(visited(endpoints.remove_store), api_name="remove_store")
    api(visited(endpoints.house_rules), api_name="house_rules")
    api(visited(endpoints.read), api_name="read", concurrency_limit=None)
    api(visited(endpoints.bring_back_store), api_name="bring_back_store")
    api(visited(endpoints.taste), api_name="taste", concurrency_limit=None)
    api(visited(endpoints.receipt), api_name="receipt")
    api(visited(endpoints.undo_taste), api_name="undo_taste")
    api(visited(endpoints.forget_taste), api_name="forget_taste")
    api(visited(endpoints.say_taste), api_name="say_taste")
    api(visited(endpoints.unsay_taste), api_name="unsay_taste")
    api(visited(endpoints.compare), api_name="compare")
    api(visited(endpoints.blind_test), api_name="blind_test")
    api(visited(endpoints.blind_pairs), api_name="blind_pairs", concurrency_limit=None)
    api(visited(endpoints.vote_blind), api_name="vote_blind")
    api(visited(endpoints.seconds), api_name="seconds", concurrency_limit=None)
    api(visited(endpoints.scores), api_name="scores", concurrency_limit=None)
    api(visited(endpoints.pack), api_name="pack", concurrency_limit=None)
    api(visited(endpoints.correct), api_name="correct")
    api(visited(endpoints.undo_correction), api_name="undo_correction")
    api(visited(endpoints.users), api_name="users", concurrency_limit=None)
    api(visited(endpoints.add_user), api_name="add_user")
    api(visited(endpoints.change_user), api_name="change_user")
    api(visited(endpoints.remove_user), api_name="remove_user")


class Endpoints:
    """The studio's verbs with plain values in and out."""

    def __init__(self, studio: Studio) -> None:
        self._studio = studio
        self.words = Words(ENGLISH, {})

    def of(self, visitor: Visitor) -> "Endpoints":
        """The same for another visitor."""
        return Endpoints(self._studio.of(visitor))

    @endpoint
    def generate(
        self,
        prompt: str,
        num_candidates: int = 8,
        seed: int | None = None,
        store_id: int | None = None,
        strength: float = 1.0,
        times: int = 1,
        explores: bool = False,
    ) -> Record:
        """Queue a round of designs. Returns its job; ask `/job` until its state is "done".

        For a store, strength (0 to 2) says how much its taste counts. With times above 1 so many
        designs are drawn for each one that is shown, and the best are kept. With explores, a
        quarter of a store's designs are those whose ticks would teach most about its taste.
        """
        job = self._studio.request_round(
            prompt,
            num_candidates,
            seed,
            store_id=store_id,
            options=RoundOptions(strength=strength, times=times, explores=explores),
        )
        return job_record(self._studio.status(job.id))

    @endpoint
    def compare(
        self,
        prompt: str,
        first_store_id: int,
        second_store_id: int,
        num_candidates: int = 4,
        seed: int | None = None,
    ) -> list[Record]:
        """Queue the same phrases and seeds for two stores. Returns their jobs.

        It is a single one where the checkpoint draws the same for every store. `/scores` then
        scores either round for either store.
        """
        stores = (first_store_id, second_store_id)
        jobs = request_comparison(self._studio, prompt, num_candidates, stores, seed)
        return [job_record(self._studio.status(job.id)) for job in jobs]

    @endpoint
    def blind_test(
        self,
        prompt: str,
        store_id: int,
        against_store_id: int | None = None,
        num_pairs: int = 8,
        seed: int | None = None,
    ) -> Record:
        """Queue pairs of the same phrases and noise: with a store's taste, and without.

        Or with another store's, where one is named. Returns the test; `/blind_pairs` has its pairs
        once both rounds are drawn.
        """
        desk = SwapDesk(self._studio)
        test = desk.begin(prompt, store_id, against_store_id, num_pairs, seed)
        return {"test_id": test.id, "job_ids": [test.own_job_id, test.other_job_id]}

    @endpoint
    def blind_pairs(self, test_id: int) -> Record:
        """The pairs of a blind test, with the votes so far. Nothing says which is which.

        Once all are voted on, `value` is how often the store's own designs have won in all its
        tests of that kind, and `low` and `high` are the 95% interval.
        """
        desk = SwapDesk(self._studio)
        test = desk.get(test_id)
        share = desk.share(test.store_id, against_none=test.against_id is None)
        return {
            "test_id": test.id,
            "pairs": [
                {
                    "place": each.place,
                    "left": f"images/{each.left.image}.png",
                    "right": f"images/{each.right.image}.png",
                    "is_same": each.is_same,
                    "vote": test.votes.get(each.place),
                }
                for each in desk.pairs(test)
            ],
            **(asdict(share) if desk.is_over(test) else {}),
        }

    @endpoint
    def vote_blind(self, test_id: int, place: int, vote: str) -> Record:
        """Vote "left", "right" or "same" on a pair; the first vote stands. Returns the test."""
        SwapDesk(self._studio).vote(test_id, place, vote)
        return self.blind_pairs(test_id)

    @endpoint
    def seconds(self, num_candidates: int) -> float | None:
        """How long this machine takes for so many designs; nothing before its first round."""
        return self._studio.seconds_for(num_candidates)

    @endpoint
    def job(self, job_id: int) -> Record:
        """How far a job is. `round_id` is set once its state is "done"."""
        return job_record(self._studio.status(job_id))

    @endpoint
    def cancel(self, job_id: int) -> Record:
        """Stop a job that waits or runs."""
        self._studio.cancel(job_id)
        return job_record(self._studio.status(job_id))

    @endpoint
    def round(self, round_id: int) -> Record:
        """A finished round: its candidates with ids, seeds, images and designs, and the answer.

        A design has a value for each family and its measures, and says who chose what. Pictures of
        other checkpoints have none; those of older rounds have lots: phrases that a picture was
        drawn from beside the prompt.
        """
        return group_record(self._studio.group(round_id))

    @endpoint
    def select(self, round_id: int, candidate_ids: list[int]) -> Record:
        """Tick candidates of a round; an empty list says "none of these"."""
        return group_record(self._studio.select(round_id, frozenset(candidate_ids)))

    @endpoint
    def unselect(self, round_id: int) -> Record:
        """Take the answer to a round back: it is unanswered again, and teaches nothing."""
        return group_record(self._studio.answer_again(round_id, None))

    @endpoint
    def favourites(self) -> list[str]:
        """The favourite phrases, in the order of keeping."""
        return list(self._studio.favourites.all())

    @endpoint
    def keep_phrase(self, phrase: str, kept: bool = True) -> list[str]:
        """Make a phrase a favourite, or no longer. Returns all favourites."""
        shelf = self._studio.favourites
        if kept:
            shelf.keep(phrase)
        else:
            shelf.drop(phrase)
        return self.favourites()

    @endpoint
    def more(self, round_id: int, candidate_ids: list[int], num_candidates: int = 8) -> Record:
        """Tick these candidates, and queue a round of more like them. Returns its job."""
        job = self._studio.request_variations(round_id, frozenset(candidate_ids), num_candidates)
        return job_record(self._studio.status(job.id))

    @endpoint
    def change(
        self, round_id: int, candidate_id: int, parts: list[str], num_candidates: int = 8
    ) -> Record:
        """Keep one design but for some parts, and queue a round that draws these again.

        Parts are "neckline", "sleeves", "shape", "colour", "print", "fabric", "details" and
        "wearer". What the prompt asks for stays. Returns the round's job.
        """
        free = free_names(parts)
        job = self._studio.request_change(round_id, candidate_id, free, num_candidates)
        return job_record(self._studio.status(job.id))

    @endpoint
    def history(
        self,
        search: str = "",
        store_id: int | None = None,
        favourites_only: bool = False,
        before_id: int | None = None,
        deleted: bool = False,
    ) -> list[Record]:
        """A page of rounds, newest first; `before_id` goes on below the last one of a page.

        With `deleted`, those that `/undelete` can put back.
        """
        find = self._studio.history.find
        found = find(search, store_id, favourites_only, before_id, deleted=deleted)
        return [group_record(group) for group in found]

    @endpoint
    def star(self, round_id: int, is_favourite: bool = True) -> Record:
        """Star a round, or take its star away."""
        self._studio.history.star(round_id, is_favourite)
        return group_record(self._studio.group(round_id))

    @endpoint
    def delete(self, round_id: int) -> Record:
        """Delete a round; `/undelete` puts it back for 30 days."""
        self._studio.history.delete(round_id)
        return group_record(self._studio.group(round_id))

    @endpoint
    def undelete(self, round_id: int) -> Record:
        """Put a deleted round back."""
        self._studio.history.undelete(round_id)
        return group_record(self._studio.group(round_id))

    @endpoint
    def stores(self) -> list[Record]:
        """The stores that designs can be for, with what each tells about itself."""
        return [self._store_record(store) for store in self._studio.stores.all()]

    @endpoint
    def taste(self, store_id: int) -> Record:
        """What a store's answers have taught since the models were trained.

        `before` and `after` are shares of pairs that its profile alone and its taste put in the
        order of its picks, each round judged by a taste that had not seen it. `likings` are what it
        likes (a lean above 0) and avoids, with the rounds that say so and how sure that is.
        """
        tastes = self._studio.tastes
        return taste_record(tastes.state(store_id), tastes.likings(store_id))

    @endpoint
    def undo_taste(self, store_id: int) -> Record:
        """Bring a store's taste of before its last answers back; these count no more."""
        self._studio.tastes.undo(store_id)
        return self.taste(store_id)

    @endpoint
    def forget_taste(self, store_id: int) -> Record:
        """Go by a store's profile alone; its rounds stay. `/undo_taste` takes that back."""
        self._studio.tastes.reset(store_id)
        return self.taste(store_id)

    @endpoint
    def say_taste(self, store_id: int, family: str, value: str, is_liked: bool) -> Record:
        """Say what a store likes or avoids, whatever was counted: an answer for its next round.

        `/undo_taste` takes it back as it does other answers, `/unsay_taste` at any time.
        """
        self._studio.tastes.say(store_id, family, value, is_liked=is_liked)
        self._studio.tastes.settle(store_id)
        return self.taste(store_id)

    @endpoint
    def unsay_taste(self, store_id: int, family: str, value: str) -> Record:
        """Take back what was said of a value: what was counted counts again."""
        self._studio.tastes.unsay(store_id, family, value)
        self._studio.tastes.settle(store_id)
        return self.taste(store_id)

    @endpoint
    def receipt(self, round_id: int, candidate_id: int, store_id: int | None = None) -> Record:
        """What of a design makes its score for a store, against its round's mean.

        Each part is what changing one family or measure to what two others of the round have there
        would take away, as a mean over two ways from the design to them; `rest` is how far those
        are from the mean. They add up to `total`.
        """
        group = self._studio.group(round_id)
        receipt = self._studio.receipts.receipt(group, candidate_id, store_id)
        parts = [
            {
                **asdict(part),
                "own": part.own,
                "instead": list(part.instead),
                "rounds": list(part.rounds),
            }
            for part in receipt.parts
        ]
        return {
            "total": receipt.total,
            "general": receipt.general,
            "rest": receipt.rest,
            "compared": list(receipt.compared),
            "parts": parts,
        }

    @endpoint
    def add_store(self, name: str, answers: dict[str, Any]) -> Record:
        """Put a store on the list; see `/stores` for what it may answer."""
        return self._store_record(self._studio.stores.add(name, answers))

    @endpoint
    def change_store(self, store_id: int, name: str, answers: dict[str, Any]) -> Record:
        """Replace a store's name and answers."""
        return self._store_record(self._studio.stores.change(store_id, name, answers))

    @endpoint
    def remove_store(self, store_id: int) -> Record:
        """Take a store off the list; its rounds stay, and `/bring_back_store` puts it back."""
        self._studio.stores.remove(store_id)
        return self._store_record(self._studio.stores.get(store_id))

    @endpoint
    def house_rules(
        self, store_id: int, only: dict[str, Any] | None = None, never: dict[str, Any] | None = None
    ) -> Record:
        """Set what a store never sells: family to a list of values, "only" these or "never" those.

        Every round for the store obeys from then on. Without both, its rules are taken away.
        """
        rules = house_rules_of(only or {}, never or {})
        return self._store_record(self._studio.stores.set_house_rules(store_id, rules))

    @endpoint
    def read(self, prompt: str, store_id: int | None = None) -> Record:
        """What is understood of a prompt, as the page shows it; nothing is drawn.

        Each phrase with what it was read as, or the nearest known ones; what is refused, ignored
        and contradicted; and what the house rules of the store change.
        """
        reading = self._studio.read_prompt(prompt, store_id)
        return phrase_view(prompt, reading, None, self.words)

    @endpoint
    def bring_back_store(self, store_id: int) -> Record:
        """Put a removed store back on the list."""
        self._studio.stores.bring_back(store_id)
        return self._store_record(self._studio.stores.get(store_id))

    @endpoint
    def scores(self, round_id: int, store_id: int | None = None) -> list[Record]:
        """Each candidate's score for a store (nothing: general); an empty list without a model.

        Scores are logits, of which only differences within a round count. `pick_chance` is how
        often the store picks the design against one of the round's mean score, as held-out rounds
        say; nothing where the checkpoint doesn't know that.
        """
        group = self._studio.group(round_id)
        scores = self._studio.scores.of_round(group, store_id)
        if scores is None:
            return []
        return [
            {
                "id": candidate_id,
                "total": each.total,
                "general": each.general,
                "own": each.own,
                "pick_chance": scores.pick_chance(candidate_id),
            }
            for candidate_id, each in scores.by_candidate.items()
        ]

    @endpoint
    def pack(self, candidate_id: int, language: str = "en") -> Record:
        """A design's tech pack: every field with its key, its text and on whose word it is.

        A field is "asked", "derived", "person" or "open". Languages are "en", "zh" and "both".
        """
        return pack_record(self._studio.packs.pack(candidate_id), language_of(language))

    @endpoint
    def correct(self, candidate_id: int, field: str, value: str) -> Record:
        """Set a field of a tech pack by hand; `/pack` lists the keys. Returns the field.

        A number is in centimetres, and from 0.2 to 3 times what was derived.
        """
        return self._field_of(self._studio.packs.correct(candidate_id, field, value), field)

    @endpoint
    def undo_correction(self, candidate_id: int, field: str) -> Record:
        """Take the newest correction of a field back. Returns the field."""
        return self._field_of(self._studio.packs.undo(candidate_id, field), field)

    def _field_of(self, pack: Pack, key: str) -> Record:
        return next(field_record(each, "en") for each in pack.fields() if each.key == key)

    @endpoint
    def users(self) -> list[Record]:
        """Who may come into your workspace, and what they may do; for its owners."""
        people = self._studio.accounts.people_of(self._studio.visitor)
        return [{"name": each.name, "role": str(each.role)} for each in people]

    @endpoint
    def add_user(self, name: str, password: str, role: str = "editor") -> list[Record]:
        """Let somebody into your workspace, as "owner", "editor" or "viewer". Returns everybody."""
        self._studio.accounts.let_in(self._studio.visitor, name, password, role_named(role))
        return self.users()

    @endpoint
    def change_user(self, name: str, role: str) -> list[Record]:
        """Let somebody of your workspace do more or less. Returns everybody."""
        self._studio.accounts.let_do(self._studio.visitor, name, role_named(role))
        return self.users()

    @endpoint
    def remove_user(self, name: str) -> list[Record]:
        """Let somebody into your workspace no longer. Returns everybody."""
        self._studio.accounts.let_out(self._studio.visitor, name)
        return self.users()

    def _store_record(self, store: Store) -> Record:
        rules = self._studio.stores.readable_house_rules(store.id)
        return {
            "id": store.id,
            "name": store.name,
            "is_sample": store.is_sample,
            "taught": store.taught,
            "answers": self._studio.stores.answers(store),
            "house_rules": {"only": dict(rules.only), "never": dict(rules.never)},
        }


def pack_record(pack: Pack, language: Language) -> Record:
    """A tech pack as plain values."""
    return {
        "number": pack.brief.number,
        "title": pack.title.told(language),
        "sizes": list(pack.sizes),
        "counts": {str(status): count for status, count in pack.counts().items()},
        "questions": [question.told(language) for question in pack.open_questions()],
        "points": [
            {"letter": row.letter, "key": row.key, "name": row.name.told(language)}
            for row in pack.points
        ],
        "fields": [field_record(field, language) for field in pack.fields()],
    }


def field_record(field: Field, language: Language) -> Record:
    """A field of a tech pack as plain values."""
    return {
        "key": field.key,
        "text": field.said.told(language),
        "status": field.status,
        "by": field.by,
        "at": None if field.at is None else field.at.isoformat(),
        "before": field.before.told(language),
    }


def _design_record(design: str) -> Record | None:
    """A design as plain values; None where there is none, or none that can be read."""
    try:
        return dict(json_of("The design", design)) if design else None
    except (ValueKindError, TypeError, ValueError):
        return None


def taste_record(state: TasteState, likings: Sequence[Liking]) -> Record:
    """What is told of a store's taste."""
    facts = state.facts
    return {
        "told": taste_sentence(state, Words(ENGLISH, {})),
        "rounds": [each.group_id for each in facts.counted],
        "said": len(facts.said),
        "likings": [
            {
                "family": each.family,
                "value": each.value,
                "lean": each.lean,
                "confidence": each.confidence,
                "rounds": list(each.rounds),
                "is_said": each.is_said,
            }
            for each in likings
        ],
        "answered": facts.answered,
        "before": facts.before,
        "after": facts.after,
        "is_sure": facts.is_sure,
        "scales": dict(facts.scales),
        "is_learning": state.is_learning,
        "trouble": state.trouble,
    }


def job_record(status: JobStatus) -> Record:
    """A job as plain values."""
    return {
        "job_id": status.job.id,
        "state": str(status.job.state),
        "message": status.job.message,
        "step": status.progress.step,
        "total_steps": status.progress.total,
        "waiting_before": status.waiting_before,
        "round_id": status.job.group_id,
    }


def group_record(group: CandidateGroup) -> Record:
    """A round as plain values."""
    return {
        "round_id": group.id,
        "parent_id": group.parent_id,
        "prompt": group.prompt,
        "seed": group.request.generation.seed,
        "made_at": group.made_at.isoformat(),
        "store_id": group.request.store_id,
        "is_favourite": group.is_favourite,
        "is_deleted": group.is_deleted,
        "candidates": [
            {
                "id": candidate.id,
                "position": candidate.position,
                "seed": candidate.seed,
                "image": f"images/{candidate.image}.png",
                "design": _design_record(candidate.design),
                "lots": candidate.lots,
                "explores": candidate.explores,
            }
            for candidate in group.candidates
        ],
        "selected_ids": None if group.selected_ids is None else sorted(group.selected_ids),
    }
