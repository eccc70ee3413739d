"""Moments: kept in UTC, typed and shown in the store's own zone."""

from datetime import UTC, datetime, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from studio.domain import ValueKindError
from studio.selling.errors import ListingError
from studio.values import moment


def zone_of(name: str) -> tzinfo:
    """A time zone by its name, such as Europe/Berlin.

    Raises:
        ListingError: there is none of that name.
    """
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ListingError(
            f"{name[:60]!r} is no time zone. Write one such as Europe/Berlin or Asia/Shanghai."
        ) from None


def from_local(text: str, zone: str) -> datetime:
    """A moment as somebody in a zone writes it, "2026-10-25 02:30"; an offset in it wins.

    An hour that a clock change repeats means its first time.

    Raises:
        ListingError: it can't be read, or no clock of the zone ever shows it.
    """
    try:
        read = moment("The time", text.strip())
    except ValueKindError:
        raise ListingError("Write a day and a time such as 2026-10-25 18:00.") from None
    if datetime.fromisoformat(text.strip()).tzinfo is not None:
        return read.astimezone(UTC)
    local = read.replace(tzinfo=zone_of(zone))
    back = local.astimezone(UTC).astimezone(local.tzinfo)
    if back.replace(tzinfo=None) != local.replace(tzinfo=None):
        raise ListingError(
            f"The clocks of {zone} leave {text.strip()} out when they change. Choose another hour."
        )
    return local.astimezone(UTC)


def in_zone(instant: datetime, zone: str) -> str:
    """A moment as the clocks of a zone show it, to the minute, with its distance from UTC."""
    return f"{instant.astimezone(zone_of(zone)):%Y-%m-%d %H:%M %z}"


def to_text(instant: datetime) -> str:
    """A moment as rows keep it: UTC, to the second, so that texts sort like moments."""
    return instant.astimezone(UTC).isoformat(timespec="seconds")
