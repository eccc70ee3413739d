"""Profile fields of one's own: a schema in the export, or a table of users beside the rounds.

Two files may stand in an export:

    profile_schema.json   the fields that profiles have; `python -m training.data.own_fields EXPORT`
                          proposes one from the profiles, to be looked at and changed
    users.csv             a line per store: a column `store_id`, and one for each field; several
                          answers stand between semicolons

Without either, profiles have the fields of a fashion store. A field that no schema knows stops a
training, because to learn without it in silence would be worse.
"""

import argparse
import csv
import logging
import sys
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from studio.domain import ProfileError, StudioError
from studio.perfusion.profile import (
    FASHION_SCHEMA,
    STORE_ID,
    FieldValue,
    Profile,
    ProfileField,
    ProfileSchema,
    schema_for,
)
from studio.perfusion.whole_folders import write_text
from training.data.groups import Rounds, read_rounds, split_of

log = logging.getLogger(__name__)

SCHEMA_FILE, USERS_FILE = "profile_schema.json", "users.csv"
MOST_ANSWERS = 500
"""A field with more different answers is text, and no field."""
_BINS = 5
_SHOWN = 5


def with_users(rounds: Rounds) -> Rounds:
    """The rounds with what the table of users tells of their stores, where there is one.

    Raises:
        ProfileError: the table can't be used.
    """
    path = rounds.folder / USERS_FILE
    if not path.is_file():
        return rounds
    users = read_users(path)
    lacking = sorted({each.store_id for each in rounds.rounds} - users.keys())
    if lacking:
        log.warning(
            "%s has no line for %d stores of the rounds, such as %s; of them it tells nothing",
            path,
            len(lacking),
            ", ".join(lacking[:_SHOWN]),
        )
    told = tuple(
        replace(each, profile=Profile.of(**(dict(each.profile.fields) | users[each.store_id])))
        if each.store_id in users
        else each
        for each in rounds.rounds
    )
    return replace(rounds, rounds=told)


def schema_to_train(rounds: Rounds, trained: ProfileSchema | None = None) -> ProfileSchema:
    """The schema to train with on these rounds.

    Args:
        rounds: of the export, with what its table of users tells.
        trained: of the model that training starts from.

    Raises:
        ProfileError: profiles have fields that the schema doesn't know; the message names them.
    """
    profiles = [each.profile for each in rounds.rounds if split_of(each) == "train"]
    try:
        schema = schema_for(profiles, trained, schema_of(rounds))
    except ProfileError as error:
        raise ProfileError(
            f"{error} To learn from it, look at the schema that python -m "
            f"training.data.own_fields {rounds.folder} proposes, and start from a checkpoint "
            "without adaptive_network and reward_model; or take the field out of the profiles."
        ) from error
    _tell_unlisted(rounds, schema)
    return schema


def schema_of(rounds: Rounds) -> ProfileSchema | None:
    """The export's own schema: as it is written there, or as its table of users has it.

    Raises:
        ProfileError: the file holds none.
    """
    path = rounds.folder / SCHEMA_FILE
    if path.is_file():
        try:
            return ProfileSchema.from_json(path.read_text(encoding="utf-8"))
        except (OSError, UnicodeDecodeError, ProfileError) as error:
            raise ProfileError(
                f"{path} can't be used: {error} Write it anew with python -m "
                f"training.data.own_fields {rounds.folder}."
            ) from error
    if (rounds.folder / USERS_FILE).is_file():
        return propose([each.profile for each in rounds.rounds])
    return None


def propose(
    profiles: Sequence[Profile], known_fields: ProfileSchema = FASHION_SCHEMA
) -> ProfileSchema:
    """A schema for these profiles: a fashion store's fields as they are, others by their answers.

    Numbers are sorted into bins of about equally many profiles.

    Args:
        profiles: of which fields and answers are taken.
        known_fields: taken as they are, with their own answers; the first is who it is.

    Raises:
        ProfileError: a field holds text, or answers of several kinds.
    """
    stores = {profile: dict(profile.fields) for profile in profiles}
    names = list(dict.fromkeys(name for fields in stores.values() for name in fields))
    known = {field.name: field for field in known_fields.fields}
    fields = [known[STORE_ID]]
    fields += [field for field in known_fields.fields[1:] if field.name in names]
    for name in names:
        if name not in known:
            fields.append(_field(name, [each[name] for each in stores.values() if name in each]))
    return ProfileSchema(tuple(fields))


def _field(name: str, values: Sequence[FieldValue]) -> ProfileField:
    numbers = [each for each in values if isinstance(each, float)]
    if numbers and len(numbers) < len(values):
        raise ProfileError(
            f"The field “{name}” holds numbers and texts, such as {numbers[0]:g} and "
            f"{next(each for each in values if not isinstance(each, float))!r}. Make them one kind."
        )
    if numbers:
        cuts = np.quantile(numbers, np.linspace(0, 1, _BINS + 1)[1:-1])
        edges = tuple(dict.fromkeys(float(f"{cut:.4g}") for cut in cuts))
        return ProfileField(name, name, "numeric", edges=edges)
    several = any(isinstance(each, tuple) for each in values)
    answers = {
        answer for each in values for answer in (each if isinstance(each, tuple) else (str(each),))
    }
    if len(answers) > MOST_ANSWERS:
        raise ProfileError(
            f"The field “{name}” has {len(answers):,} different answers, and a field has at most "
            f"{MOST_ANSWERS}. Sort them into fewer, or leave it out."
        )
    return ProfileField(name, name, "multi" if several else "categorical", tuple(sorted(answers)))


def read_users(path: Path) -> dict[str, dict[str, FieldValue]]:
    """Store -> its fields, out of a table of users; empty cells tell nothing.

    A column is of numbers where every cell is one.

    Raises:
        ProfileError: it has no column of stores, or a store stands in two lines.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise ProfileError(f"{path} can't be read as a table: {error}") from error
    columns = list(rows[0]) if rows else []
    if STORE_ID not in columns or None in columns:
        raise ProfileError(
            f"{path} needs a first line with a column {STORE_ID} and a column for each field, and "
            "as many cells in each line below."
        )
    cells = {name: [(row[name] or "").strip() for row in rows] for name in columns}
    twice = [name for name, count in Counter(cells[STORE_ID]).items() if count > 1]
    if twice:
        raise ProfileError(f"{path} has more than one line for {', '.join(twice[:_SHOWN])}.")
    read = {name: answers_of(each) for name, each in cells.items() if name != STORE_ID}
    return {
        store: {name: each[row] for name, each in read.items() if each[row] not in ("", ())}
        for row, store in enumerate(cells[STORE_ID])
    }


def answers_of(cells: Sequence[str]) -> list[FieldValue]:
    """A column's cells as answers: numbers where all are, several between semicolons, or texts."""
    filled = [cell for cell in cells if cell]
    try:
        numbers = {cell: float(cell) for cell in filled}
    except ValueError:
        pass
    else:
        return [numbers.get(cell, "") for cell in cells]
    if any(";" in cell for cell in filled):
        return [tuple(part.strip() for part in cell.split(";") if part.strip()) for cell in cells]
    return list(cells)


def _tell_unlisted(rounds: Rounds, schema: ProfileSchema) -> None:
    """Name the answers that the schema has no place for: to the model they are *unknown*."""
    found = Counter[str]()
    for profile in {each.profile for each in rounds.rounds}:
        try:
            notices = schema.encode(profile).notices
        except ProfileError:  # these rounds are counted elsewhere
            continue
        found.update(each.message for each in notices if each.field != STORE_ID)
    for message, count in found.most_common(_SHOWN):
        log.warning("%s (%d profiles; to the model it is unknown)", message, count)


def main(arguments: Iterable[str] | None = None) -> int:
    """Write the schema that an export's profiles propose; returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m training.data.own_fields", description=__doc__)
    parser.add_argument("export", type=Path)
    parser.add_argument("--replace", action="store_true", help="where there is a schema already")
    options = parser.parse_args(None if arguments is None else list(arguments))
    target: Path = options.export / SCHEMA_FILE
    try:
        rounds = with_users(read_rounds(options.export))
        schema = propose([each.profile for each in rounds.rounds])
        if target.exists() and not options.replace:
            raise ProfileError(f"{target} is there already. Change it, or give --replace.")
    except StudioError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    write_text(target, schema.to_json() + "\n")
    own: Mapping[str, ProfileField] = {each.name: each for each in schema.fields}
    for name, field in own.items():
        if name != STORE_ID:
            sys.stdout.write(f"{name}: {field.kind}, {', '.join(field.answers[:_SHOWN])} ...\n")
    sys.stdout.write(f"{target}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
