"""The Stores tab: who designs are for, and what each store tells about itself."""

from typing import Any

import gradio as gr
from gradio.events import Dependency

from studio.domain import Store, Visitor
from studio.services.known_designs import KnownDesigns
from studio.services.stores import StoreBook
from studio.services.studio import Studio
from studio.services.tastes import TasteBook
from studio.ui.handlers import plain, sent, shows_studio_errors
from studio.ui.scripts import scripted
from studio.ui.store_card import taught_sentence
from studio.ui.taste_view import taste_view
from studio.ui.visiting import visited
from studio.ui.words import Words

View = dict[str, Any]


def build_stores_tab(
    studio: Studio, words: Words, page: gr.Blocks, tab: gr.Tab, saved: Dependency
) -> gr.HTML:
    """Lay out the tab inside the current Blocks; returns its component, for other tabs' events.

    Args:
        studio: what a person can do.
        words: for the screen.
        page: that is opened.
        tab: that is gone to.
        saved: an answer was kept, so that a count has grown.
    """
    on = StoresHandlers(studio, words)
    stores = scripted("store_book", on.show(), words)
    quiet: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
    page.load(visited(on.show), None, stores, **quiet)
    tab.select(visited(on.refresh), None, stores, **quiet)
    saved.then(visited(on.refresh), None, stores, **quiet)
    stores.save(visited(on.save), None, stores, **quiet)
    stores.remove(visited(on.remove), None, stores, **quiet)
    stores.bring_back(visited(on.bring_back), None, stores, **quiet)
    stores.take_back(visited(on.take_back), None, stores, **quiet)
    stores.forget(visited(on.forget), None, stores, **quiet)
    return stores


class StoresHandlers:
    """What the tab's events do."""

    def __init__(self, studio: Studio, words: Words) -> None:
        self._studio = studio
        self._book = studio.stores
        self._tastes = studio.tastes
        self._known = studio.known
        self.words = words

    def of(self, visitor: Visitor) -> "StoresHandlers":
        """The same for another visitor."""
        return StoresHandlers(self._studio.of(visitor), self.words)

    @shows_studio_errors
    def show(self) -> View:
        """The book as it is."""
        return self._view()

    @shows_studio_errors
    def refresh(self) -> View:
        """The list as it is now; what somebody is typing into the form stays."""
        return {**self._view(), "is_refresh": True}

    @shows_studio_errors
    def save(self, event: gr.EventData) -> View:
        """Keep a new store, or what was changed about one."""
        asked = sent(event)
        name, answers = asked.text("name"), asked.record("answers")
        store_id = asked.whole_or_none("store_id")
        if store_id is None:
            store = self._book.add(name, answers)
        else:
            store = self._book.change(store_id, name, answers)
        gr.Info(self.words["store_saved"].format(name=plain(store.name)), duration=4)
        return self._view(edited_id=store.id)

    @shows_studio_errors
    def remove(self, event: gr.EventData) -> View:
        """Take a store off the list."""
        store_id = sent(event).whole("store_id")
        self._book.remove(store_id)
        return self._view(removed=self._book.get(store_id))

    @shows_studio_errors
    def bring_back(self, event: gr.EventData) -> View:
        """Undo a removal."""
        store_id = sent(event).whole("store_id")
        self._book.bring_back(store_id)
        return self._view(edited_id=store_id)

    @shows_studio_errors
    def take_back(self, event: gr.EventData) -> View:
        """Bring a store's taste of before back."""
        store_id = sent(event).whole("store_id")
        self._tastes.undo(store_id)
        return self._told("taste_undone", store_id)

    @shows_studio_errors
    def forget(self, event: gr.EventData) -> View:
        """Go by a store's answers alone."""
        store_id = sent(event).whole("store_id")
        self._tastes.reset(store_id)
        return self._told("taste_forgotten", store_id)

    def _told(self, name: str, store_id: int) -> View:
        said = self.words[name].format(name=plain(self._book.get(store_id).name))
        gr.Info(said, duration=4)
        return self._view(edited_id=store_id)

    def _view(self, edited_id: int | None = None, removed: Store | None = None) -> View:
        tastes, known = self._tastes, self._known
        return book_view(self._book, tastes, known, self.words, edited_id, removed)


def book_view(
    book: StoreBook,
    tastes: TasteBook,
    known: KnownDesigns,
    words: Words,
    edited_id: int | None = None,
    removed: Store | None = None,
) -> View:
    """The list, the questions, the store in the form, and one that can be brought back."""
    return {
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
            _store_view(book, store, _taste_view(tastes, known, store.id, words), words)
            for store in book.all()
        ],
        "edited_id": edited_id,
        "removed": None if removed is None else {"id": removed.id, "name": removed.name},
    }


def _taste_view(tastes: TasteBook, known: KnownDesigns, store_id: int, words: Words) -> View:
    likings = tastes.likings(store_id)
    told = {each.value: known.phrases({each.family: each.value}) for each in likings}
    phrases = {value: next(iter(named.values()), value) for value, named in told.items()}
    return taste_view(tastes.state(store_id), likings, phrases, words)


def _store_view(book: StoreBook, store: Store, taste: View, words: Words) -> View:
    answers = book.answers(store)
    told = [words.answer(answers[each.name]) for each in book.questions if each.name in answers]
    return {
        "id": store.id,
        "name": store.name,
        "is_sample": store.is_sample,
        "summary": " · ".join([*told[:3], taught_sentence(store, words)]),
        "answers": answers,
        "taste": taste,
    }
