"""The Collections tab: boards of designs out of any rounds, ordered by hand, and shared."""

from typing import Any

import gradio as gr

from studio.domain import CollectedDesign, Collection, Visitor
from studio.services.collecting import CollectionBook, Placed
from studio.services.studio import Studio
from studio.ui.handlers import sent, shows_studio_errors
from studio.ui.scripts import scripted
from studio.ui.tile_board import image_url, large_url, thumbnail_url
from studio.ui.visiting import visited
from studio.ui.words import Words
from studio.values import Sent

View = dict[str, Any]
COVERS = 4


def build_collections_tab(
    studio: Studio, words: Words, tab: gr.Tab, board: gr.HTML, collected: gr.HTML
) -> gr.HTML:
    """Lay out the tab inside the current Blocks; returns its component, for other tabs' events.

    Args:
        studio: what a person can do.
        words: for the screen.
        tab: that is gone to.
        board: whose tiles are put into collections.
        collected: says what was put where.
    """
    on = CollectionHandlers(studio, words)
    shown = book_view(studio.collections, words)
    book = scripted("collection_book", shown, words, "ground", "tile")
    quiet: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
    tab.select(visited(on.refresh), None, book, **quiet)
    book.show(visited(on.show), None, book, **quiet)
    book.start(visited(on.start), None, book, **quiet)
    kept = book.put(visited(on.put), None, book, **quiet)
    kept.failure(visited(on.refresh), None, book, **quiet)
    book.delete(visited(on.delete), None, book, **quiet)
    book.undelete(visited(on.undelete), None, book, **quiet)
    board.collect(visited(on.collect), None, collected, **quiet)
    collected.undo(visited(on.take_back), None, collected, **quiet)
    return book


class CollectionHandlers:
    """What the tab's events do."""

    def __init__(self, studio: Studio, words: Words) -> None:
        self._studio = studio
        self._book = studio.collections
        self.words = words

    def of(self, visitor: Visitor) -> "CollectionHandlers":
        """The same for another visitor."""
        return CollectionHandlers(self._studio.of(visitor), self.words)

    @shows_studio_errors
    def refresh(self) -> View:
        """All as it is now; the script asks for what it has open again while that is there."""
        return {**self._view(None), "is_refresh": True}

    @shows_studio_errors
    def show(self, event: gr.EventData) -> View:
        """Open one."""
        return self._view(sent(event).whole("collection_id"))

    @shows_studio_errors
    def start(self, event: gr.EventData) -> View:
        """Start one, empty."""
        return self._view(self._book.start(sent(event).text("name")).id)

    @shows_studio_errors
    def put(self, event: gr.EventData) -> View:
        """Keep a change, or what was there before it."""
        return self._view(self._book.put(_collection(sent(event))).id)

    @shows_studio_errors
    def delete(self, event: gr.EventData) -> View:
        """Delete one, for now."""
        collection = self._book.get(sent(event).whole("collection_id"))
        self._book.delete(collection.id)
        return {**self._view(None), "deleted": {"id": collection.id, "name": collection.name}}

    @shows_studio_errors
    def undelete(self, event: gr.EventData) -> View:
        """Take that back."""
        return self._view(self._book.undelete(sent(event).whole("collection_id")).id)

    @shows_studio_errors
    def collect(self, event: gr.EventData) -> View:
        """Put designs of the board into a collection, or into a new one."""
        asked = sent(event)
        ids, collection_id = asked.wholes("candidate_ids"), asked.whole_or_none("collection_id")
        if collection_id is None:
            collection, new = self._book.start(asked.text("name"), ids), [*ids]
        else:
            known = {each.candidate_id for each in self._book.get(collection_id).designs}
            new = [each for each in ids if each not in known]
            collection = self._book.add(collection_id, ids)
        said = self.words["collected" if new else "collected_already"]
        undo = {"collection_id": collection.id, "candidate_ids": new} if new else None
        return {"told": said.format(name=collection.name), "undo": undo}

    @shows_studio_errors
    def take_back(self, event: gr.EventData) -> View:
        """Take them out again."""
        asked = sent(event)
        collection = self._book.drop(asked.whole("collection_id"), asked.wholes("candidate_ids"))
        return {"told": self.words["uncollected"].format(name=collection.name), "undo": None}

    def _view(self, collection_id: int | None) -> View:
        return book_view(self._book, self.words, collection_id)


def book_view(book: CollectionBook, words: Words, collection_id: int | None = None) -> View:
    """Every collection with its first pictures, and one that is open."""
    return {
        "collections": [_summary(book, each, words) for each in book.all()],
        "open": None if collection_id is None else _open_view(book, book.get(collection_id), words),
        "deleted": None,
        "gone": [{"id": each, "name": name} for each, name in book.deleted()],
    }


def _summary(book: CollectionBook, collection: Collection, words: Words) -> View:
    count = len(collection.designs)
    first = Collection(id=collection.id, name="", designs=collection.designs[:COVERS])
    return {
        "id": collection.id,
        "name": collection.name,
        "count": words.told("design_count", {"count": count}),
        "covers": [thumbnail_url(each.candidate.image) for each in book.placed(first)],
    }


def _open_view(book: CollectionBook, collection: Collection, words: Words) -> View:
    return {
        "id": collection.id,
        "name": collection.name,
        "notes": collection.notes,
        "revision": collection.revision,
        "designs": [_design_view(each, words) for each in book.placed(collection)],
    }


def _design_view(placed: Placed, words: Words) -> View:
    return {
        "candidate_id": placed.candidate.id,
        "name": placed.design.name,
        "price": placed.design.price,
        "note": placed.design.note,
        "title": placed.title,
        "number": placed.number,
        "round": placed.group.id,
        "store": placed.store,
        "phrases": words.prompt(placed.group.prompt),
        "image": image_url(placed.candidate.image),
        "large": large_url(placed.candidate.image),
    }


def _collection(asked: Sent) -> Collection:
    said = zip(
        asked.wholes("candidate_ids"),
        asked.texts("names"),
        asked.texts("prices"),
        asked.texts("notes_of_designs"),
        strict=False,
    )
    return Collection(
        id=asked.whole("collection_id"),
        name=asked.text("name"),
        notes=asked.text("notes"),
        revision=asked.whole("revision"),
        designs=tuple(
            CollectedDesign(candidate_id=each, name=name, price=price, note=note)
            for each, name, price, note in said
        ),
    )
