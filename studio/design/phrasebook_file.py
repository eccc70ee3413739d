"""The file of a phrasebook: `phrasebook.json` in a checkpoint's folder."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from studio.design.rules import Rule
from studio.domain import CheckpointError

PHRASEBOOK_FILE = "phrasebook.json"
SCHEMA_VERSION = 2

Book = TypeVar("Book")


def read_record(path: Path, make: Callable[[dict[str, Any]], Book]) -> Book:
    """What `make` makes of a phrasebook's file, or of the one in a folder.

    Args:
        path: of either.
        make: takes the fields; a ValueError, TypeError or KeyError says that they can't be used.

    Raises:
        CheckpointError: the file is missing, broken or of another version.
    """
    path = file_at(path)
    try:
        record = json.loads(path.read_text(encoding="utf-8-sig"))
        version = record.pop("schema_version")
        if version == SCHEMA_VERSION:
            return make(_from_json(record))
    except OSError as error:
        raise CheckpointError(
            f"The phrasebook {path} cannot be read. Restore it from the checkpoint."
        ) from error
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise CheckpointError(
            f"The phrasebook {path} is broken. Restore it from the checkpoint."
        ) from error
    raise CheckpointError(
        f"The phrasebook {path} has version {version}, but this studio reads version "
        f"{SCHEMA_VERSION}. Use the studio that came with the checkpoint."
    )


def write_record(path: Path, record: dict[str, Any]) -> None:
    """Write the fields of a phrasebook to a file, or into a folder."""
    text = json.dumps({"schema_version": SCHEMA_VERSION, **record}, ensure_ascii=False, indent=1)
    file_at(path).write_text(text + "\n", encoding="utf-8")


def file_at(path: Path) -> Path:
    """The file itself, of its own path or of its folder's."""
    return path / PHRASEBOOK_FILE if path.is_dir() else path


def _from_json(record: dict[str, Any]) -> dict[str, Any]:
    """The constructor's arguments, with JSON's lists as tuples again."""
    return {
        **record,
        "families": {family: tuple(values) for family, values in record["families"].items()},
        **{
            name: {typed: tuple(phrases) for typed, phrases in record[name].items()}
            for name in ("related", "spelled_out")
        },
        "rules": tuple(
            Rule(
                rule["family"],
                tuple(rule["values"]),
                rule["other"],
                tuple(rule["allowed"]),
                rule["also"] and (rule["also"][0], tuple(rule["also"][1])),
            )
            for rule in record["rules"]
        ),
        **{name: tuple(record[name]) for name in ("fillers", "negations", "suggestions")},
    }
