"""The Stores tab: who designs are for, and what each store tells about itself."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import gradio as gr
from gradio.events import Dependency

from studio.design.families import FAMILIES, GARMENT_FAMILIES, NONE
from studio.design.house_rules import house_rules_of
from studio.domain import Store, Visitor
from studio.services.stores import StoreBook
from studio.services.studio import Studio
from studio.ui.handlers import sent, shows_studio_errors
from studio.ui.scripts import scripted
from studio.ui.store_card import taught_sentence
from studio.ui.taste_view import taste_view
from studio.ui.visiting import visited
from studio.ui.words import Words
from studio.values import Sent

View = dict[str, Any]

FIRST_FAMILIES = ("fabric", "colour", "pattern", "trim", "length", "category")
"""What stores have rules for most often."""


@dataclass(frozen=True)
class StoresTab:
    """The tab's component, for other tabs' events, and those after which a taste is another."""

    book: gr.HTML
    changed: tuple[Dependency, ...]


def build_stores_tab(
    studio: Studio, words: Words, page: gr.Blocks, tab: gr.Tab, answered: Sequence[Dependency]
) -> StoresTab:
    """Lay out the tab inside the current Blocks, and wire its events.

    Args:
        studio: what a person can do.
        words: for the screen.
        page: that is opened.
        tab: that is gone to.
        answered: an answer was kept or taken back, so that a count is another.
    """
    on = StoresHandlers(studio, words)
    stores = scripted("store_book", on.show(), words)
    quiet: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
    page.load(visited(on.show), None, stores, **quiet)
    tab.select(visited(on.refresh), None, stores, **quiet)
    for each in answered:
        each.then(visited(on.refresh), None, stores, **quiet)
    stores.save(visited(on.save), None, stores, **quiet)
    stores.remove(visited(on.remove), None, stores, **quiet)
    stores.bring_back(visited(on.bring_back), None, stores, **quiet)
    stores.look(visited(on.refresh), None, stores, **quiet)
    changed = (
        stores.take_back(visited(on.take_back), None, stores, **quiet),
        stores.forget(visited(on.forget), None, stores, **quiet),
        stores.correct(visited(on.correct), None, stores, **quiet),
        stores.unsay(visited(on.unsay), None, stores, **quiet),
    )
    stores.brought(visited(on.brought), None, stores, **quiet)
    return StoresTab(stores, changed)


@dataclass(frozen=True)
class Undo:
    """What takes an act back: an event of the script, with what it sends."""

    event: str
    data: View


class StoresHandlers:
    """What the tab's events do."""

    def __init__(self, studio: Studio, words: Words) -> None:
        self._studio = studio
        self._book = studio.stores
        self.words = words

    def of(self, visitor: Visitor) -> "StoresHandlers":
        """The same for another visitor."""
        return StoresHandlers(self._studio.of(visitor), self.words)

    @shows_studio_errors
    def show(self) -> View:
        """The book as it is."""
        return book_view(self._studio, self.words)

    @shows_studio_errors
    def refresh(self) -> View:
        """The list as it is now; what somebody is typing into the form stays."""
        return {**book_view(self._studio, self.words), "is_refresh": True}

    @shows_studio_errors
    def save(self, event: gr.EventData) -> View:
        """Keep a new store, or what was changed about one."""
        asked = sent(event)
        name, answers = asked.text("name"), asked.record("answers")
        rules = Sent(asked.record("house_rules"))
        house_rules = house_rules_of(rules.record("only"), rules.record("never"))
        store_id = asked.whole_or_none("store_id")
        if store_id is None:
            store = self._book.add(name, answers, house_rules)
            undo = Undo("remove", {"store_id": store.id})
        else:
            undo = Undo("save", self._as_sent(self._book.get(store_id)))
            self._book.change(store_id, name, answers)
            store = self._book.set_house_rules(store_id, house_rules)
        said = self.words["store_saved"].format(name=store.name)
        return book_view(self._studio, self.words, store.id, said, undo)

    @shows_studio_errors
    def remove(self, event: gr.EventData) -> View:
        """Take a store off the list."""
        store_id = sent(event).whole("store_id")
        self._book.remove(store_id)
        said = self.words["store_removed"].format(name=self._book.get(store_id).name)
        undo = Undo("bring_back", {"store_id": store_id})
        return book_view(self._studio, self.words, None, said, undo)

    @shows_studio_errors
    def bring_back(self, event: gr.EventData) -> View:
        """Undo a removal, at once or later."""
        store_id = sent(event).whole("store_id")
        self._book.bring_back(store_id)
        return book_view(self._studio, self.words, store_id)

    @shows_studio_errors
    def take_back(self, event: gr.EventData) -> View:
        """Bring a store's taste of before back."""
        store_id = sent(event).whole("store_id")
        self._studio.tastes.undo(store_id)
        return self._told("taste_undone", store_id)

    @shows_studio_errors
    def forget(self, event: gr.EventData) -> View:
        """Go by a store's answers alone."""
        store_id = sent(event).whole("store_id")
        self._studio.tastes.reset(store_id)
        return self._told("taste_forgotten", store_id)

    @shows_studio_errors
    def correct(self, event: gr.EventData) -> View:
        """Take in what a person says of a line: it is the other way round."""
        asked, tastes = sent(event), self._studio.tastes
        store_id, family, value = asked.whole("store_id"), asked.text("family"), asked.text("value")
        tastes.say(store_id, family, value, is_liked=asked.truth("is_liked"))
        tastes.settle(store_id)
        about = {"store_id": store_id, "family": family, "value": value}
        return self._told("taste_corrected", store_id, Undo("unsay", about))

    @shows_studio_errors
    def unsay(self, event: gr.EventData) -> View:
        """Go by what was counted again."""
        asked, tastes = sent(event), self._studio.tastes
        store_id = asked.whole("store_id")
        tastes.unsay(store_id, asked.text("family"), asked.text("value"))
        tastes.settle(store_id)
        return self._told("taste_unsaid", store_id)

    @shows_studio_errors
    def brought(self, event: gr.EventData) -> View:
        """Show a store that came with a taste from another studio."""
        store_id = sent(event).whole("store_id")
        self._studio.tastes.settle(store_id)
        said = self.words["taste_came"].format(name=self._book.get(store_id).name)
        undo = Undo("remove", {"store_id": store_id})
        return book_view(self._studio, self.words, store_id, said, undo)

    def _told(self, name: str, store_id: int, undo: Undo | None = None) -> View:
        said = self.words[name].format(name=self._book.get(store_id).name)
        return book_view(self._studio, self.words, store_id, said, undo)

    def _as_sent(self, store: Store) -> View:
        """A store as its form sends it."""
        rules = self._book.readable_house_rules(store.id)
        return {
            "store_id": store.id,
            "name": store.name,
            "answers": self._book.answers(store),
            "house_rules": {"only": dict(rules.only), "never": dict(rules.never)},
        }


def book_view(
    studio: Studio,
    words: Words,
    edited_id: int | None = None,
    told: str = "",
    undo: Undo | None = None,
) -> View:
    """The list, the questions, the store in the form, what was done, and its way back."""
    book = studio.stores
    return {
        "families": families_view(studio, words),
        "rules_note": "" if studio.known.are_drawn else words["house_rules_of_pictures"],
        "questions": [
            {
                "name": question.name,
                "label": words.question(question.name, question.label),
                "kind": question.kind,
                "values": [[value, words.answer(value)] for value in question.values],
            }
            for question in book.questions
        ],
        "stores": [
            _store_view(book, store, _taste_view(studio, store.id, words), words)
            for store in book.all()
        ],
        "removed": [{"id": each.id, "name": each.name} for each in book.removed()],
        "edited_id": edited_id,
        "told": told,
        "undo": None if undo is None else asdict(undo),
    }


def families_view(studio: Studio, words: Words) -> list[View]:
    """What house rules can be about, the families first that stores have rules for most often."""
    labels = studio.family_labels(words["language"])
    names = studio.known.phrases
    return [
        {
            "name": family,
            "label": labels.get(family, family),
            "is_first": family in FIRST_FAMILIES,
            "values": [
                [value, words.phrase(names({family: value})[family])]
                for value in FAMILIES[family]
                if value != NONE
            ],
        }
        for family in sorted(GARMENT_FAMILIES, key=_rank)
    ]


def _rank(family: str) -> int:
    first = family in FIRST_FAMILIES
    return FIRST_FAMILIES.index(family) if first else len(FIRST_FAMILIES)


def _taste_view(studio: Studio, store_id: int, words: Words) -> View:
    tastes, known = studio.tastes, studio.known
    likings = tastes.likings(store_id)
    told = {each.value: known.phrases({each.family: each.value}) for each in likings}
    phrases = {value: next(iter(named.values()), value) for value, named in told.items()}
    return taste_view(tastes.state(store_id), likings, phrases, words)


def _store_view(book: StoreBook, store: Store, taste: View, words: Words) -> View:
    answers, rules = book.answers(store), book.readable_house_rules(store.id)
    told = [words.answer(answers[each.name]) for each in book.questions if each.name in answers]
    return {
        "id": store.id,
        "name": store.name,
        "is_sample": store.is_sample,
        "summary": " · ".join([*told[:3], taught_sentence(store, words)]),
        "answers": answers,
        "house_rules": {"only": dict(rules.only), "never": dict(rules.never)},
        "taste": taste,
    }
