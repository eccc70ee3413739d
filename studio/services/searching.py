"""What somebody searches the history for: words, the number of a round, a store, or days."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from studio.domain import SearchTerm

_BETWEEN_TERMS = re.compile(r"[,;|\n\r\u3001\u3002\uff0c\uff1b]+")
_NUMBER = re.compile(r"(?:#|no\.?|round|第)?\s*(\d{1,15})\s*轮?", re.IGNORECASE)
_MONTHS = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
]
_MONTH_NAMES = {
    name[:length]: place for place, name in enumerate(_MONTHS, 1) for length in (3, 4, len(name))
}
_DAYS_AGO = {"today": 0, "今天": 0, "yesterday": 1, "昨天": 1}
_YEARS = range(1990, 2200)


def search_terms(
    search: str,
    phrases_of: Callable[[str], tuple[str, ...]],
    now: datetime,
    zone: tzinfo | None = None,
) -> tuple[SearchTerm, ...]:
    """Each term of a search; a round must fit all of them, in one way or another.

    Args:
        search: as typed, with commas between terms.
        phrases_of: a term in any language -> the phrases that the models know it by.
        now: for days such as "yesterday", and months without a year.
        zone: where the person is whose days are meant; None for this machine's.
    """
    typed = (" ".join(term.split()) for term in _BETWEEN_TERMS.split(search))
    terms = [term for term in typed if any(each.isalnum() for each in term)]
    return tuple(_term(term, phrases_of(term), now.astimezone(zone)) for term in terms)


def _term(term: str, phrases: tuple[str, ...], now: datetime) -> SearchTerm:
    number = _NUMBER.fullmatch(term)
    days = _days(term.lower(), now.date())
    return SearchTerm(
        words=tuple(
            dict.fromkeys(each for each in ((term,), tuple(term.split()), phrases) if each)
        ),
        round_id=int(number[1]) if number else None,
        between=None if days is None else _moments(*days, now),
    )


def _moments(first: date, last: date, now: datetime) -> tuple[datetime, datetime]:
    """From the beginning of the first day to the end of the last, in UTC."""
    try:
        begin, end = (
            datetime.combine(day, time(), now.tzinfo).astimezone(UTC)
            for day in (first, last + timedelta(days=1))
        )
    except OverflowError:
        return now, now
    return begin, end


def _days(term: str, today: date) -> tuple[date, date] | None:
    if term in _DAYS_AGO:
        day = today - timedelta(days=_DAYS_AGO[term])
        return day, day
    year, month, day_of_month = _parts(term)
    try:
        if day_of_month is not None and month is not None:
            first = date(year or today.year, month, day_of_month)
            if year is None and first > today:
                first = first.replace(year=today.year - 1)
            return first, first
        if month is not None:
            of = year or (today.year if month <= today.month else today.year - 1)
            first = date(of, month, 1)
            return first, (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
        if year is not None and year in _YEARS:
            return date(year, 1, 1), date(year, 12, 31)
    except ValueError:  # 31 February
        return None
    return None


_FORMS = (
    re.compile(r"(?P<year>\d{4})(?:[-/.](?P<month>\d{1,2})(?:[-/.](?P<day>\d{1,2}))?)?"),
    re.compile(r"(?P<day>\d{1,2})\.\s*(?P<month>\d{1,2})\.\s*(?P<year>\d{4})?"),
    re.compile(r"(?:(?P<day>\d{1,2})\.?\s+)?(?P<name>[a-z]{3,9})\.?(?:\s+(?P<year>\d{4}))?"),
    re.compile(r"(?P<name>[a-z]{3,9})\.?\s+(?P<day>\d{1,2})(?:,?\s+(?P<year>\d{4}))?"),
    re.compile(r"(?:(?P<year>\d{4})年)?(?:(?P<month>\d{1,2})月)?(?:(?P<day>\d{1,2})[日号])?"),
)


def _parts(term: str) -> tuple[int | None, int | None, int | None]:
    """Year, month and day of a date in any of its common forms; what is not said is None."""
    for form in _FORMS:
        found = form.fullmatch(term)
        if found is None:
            continue
        said = found.groupdict()
        month = said.get("month") or _MONTH_NAMES.get(said.get("name") or "")
        year, day = said.get("year"), said.get("day")
        if "name" in said and month is None:
            continue
        return (
            int(year) if year else None,
            int(month) if month else None,
            int(day) if day else None,
        )
    return None, None, None
