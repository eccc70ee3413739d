"""The card beside the phrases: the store that designs are for.

Its script sends `choose`, `mix` and `edit`.
"""

from collections.abc import Sequence
from typing import Any

from studio.domain import Store
from studio.services.stores import StoreBook
from studio.services.tastes import TasteBook, TasteState
from studio.ui.taste_view import taste_sentence
from studio.ui.words import Words


def card_view(
    book: StoreBook, tastes: TasteBook, store_id: int | None, words: Words, note: str = ""
) -> dict[str, Any]:
    """Every store to choose from, what is known about the chosen one, and a note below."""
    stores = book.all()
    chosen = next((store for store in stores if store.id == store_id), None)
    return {
        "stores": store_names(stores),
        "current": (
            None if chosen is None else _chosen_view(book, chosen, tastes.state(chosen.id), words)
        ),
        "note": note,
    }


def store_names(stores: Sequence[Store]) -> list[dict[str, Any]]:
    """Ids and names, for lists to choose from; own stores before the sample stores."""
    return [
        {"id": store.id, "name": store.name, "is_sample": store.is_sample}
        for store in sorted(stores, key=lambda store: store.is_sample)
    ]


def absence_note(can_score: bool, is_personal: bool, words: Words) -> str:
    """What the checkpoint can't do yet for a store, told once; empty when it can do all."""
    if can_score and is_personal:
        return ""
    if can_score:
        return words["no_adaptive_network"]
    return words["no_reward_model"] if is_personal else words["no_personal_models"]


def taught_sentence(store: Store, words: Words) -> str:
    """How many rounds the store has answered."""
    return words.told("taught", {"count": store.taught})


def _chosen_view(book: StoreBook, store: Store, taste: TasteState, words: Words) -> dict[str, Any]:
    answers = book.answers(store)
    return {
        "id": store.id,
        "name": store.name,
        "summary": taught_sentence(store, words),
        "taste": [taste_sentence(taste, words)] if taste.facts.rounds or taste.facts.said else [],
        "learning": words["taste_learning"] if taste.is_learning else "",
        "rows": [
            [words.question(question.name, question.label), words.answer(answers[question.name])]
            for question in book.questions
            if question.name in answers
        ],
    }
