"""A tech pack as its panel shows it: every field, on whose word it is, and what is open."""

from typing import Any

from studio.services.tech_packs import language_of
from studio.techpack.fields import Field, Status
from studio.techpack.pack import Pack
from studio.techpack.points import other_labels
from studio.techpack.said import Language, Said
from studio.ui.words import Words

View = dict[str, Any]

CLOSED: View = {"candidate_id": None}
"""The panel before anybody has opened it."""

_STATUSES: dict[Status, str] = {
    "asked": "status_asked",
    "derived": "status_derived",
    "person": "status_person",
    "open": "status_open",
}


def pack_view(candidate_id: int, pack: Pack, words: Words, problem: View | None = None) -> View:
    """The panel with a pack.

    Args:
        candidate_id: the design.
        pack: of it, as it is now.
        words: for the screen.
        problem: the field whose correction was refused, what was typed, and the sentence.
    """
    language = language_of(words["language"])

    def said(text: Said) -> str:
        return text.told(language)

    return {
        "candidate_id": candidate_id,
        "title": said(pack.title),
        "number": pack.brief.number,
        "counts": [
            [status, words[_STATUSES[status]], count] for status, count in pack.counts().items()
        ],
        "questions": [said(question) for question in pack.open_questions()],
        "sizes": [[label, other_labels(label)] for label in pack.sizes],
        "base": pack.base,
        "points": [
            {
                "letter": row.letter,
                "name": said(row.name),
                "how": said(row.how),
                "fields": [_field(each, words, language) for each in (row.tolerance, *row.cells)],
            }
            for row in pack.points
        ],
        "materials": [
            {
                "part": said(line.part),
                "fields": [_field(each, words, language) for each in line.fields],
            }
            for line in pack.materials
        ],
        "lists": [
            [words[heading], [[said(name), _field(each, words, language)] for name, each in rows]]
            for heading, rows in _lists(pack)
            if rows
        ],
        "problem": problem,
    }


def _lists(pack: Pack) -> list[tuple[str, list[tuple[Said, Field]]]]:
    """What has one field a row."""
    care = Said("care label", "洗水标")
    return [
        ("pack_notes", [*((note.part, note.said) for note in pack.notes), (care, pack.care_note)]),
        ("pack_colours", [(dyed.part, dyed.reference) for dyed in pack.colours]),
        ("pack_print", list(pack.artwork.fields) if pack.artwork else []),
        ("pack_house", [(line.part, line.said) for line in pack.house]),
    ]


def _field(field: Field, words: Words, language: Language) -> View:
    return {
        "key": field.key,
        "text": field.said.told(language),
        "status": field.status,
        "status_told": words[_STATUSES[field.status]],
        "note": _note(field, words, language),
    }


def _note(field: Field, words: Words, language: Language) -> str:
    """Who set it and when, and what stood there before."""
    if field.at is None:
        return ""
    by, day = field.by or words["by_hand"], field.at.date().isoformat()
    key = "set_by_before" if field.before else "set_by"
    return words[key].format(by=by, day=day, before=field.before.told(language))
