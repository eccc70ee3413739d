"""What must hold in a data folder after the studio was killed. A check gives sentences of loss."""

import hashlib
import shutil
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from pathlib import Path

from PIL import Image

from studio.domain import StudioError
from studio.services.backup import restore_backup
from tests.soak.commands import ELSEWHERE, ROUNDS_OF_AN_IMPORT
from tests.soak.ledger import Ledger

_ORPHANS = {
    "a round without the images it was asked for": (
        "SELECT id FROM groups WHERE json_extract(request, '$.generation.num_candidates') != "
        "(SELECT count(*) FROM candidates WHERE group_id = groups.id)"
    ),
    "a round that no job drew": (
        f"SELECT id FROM groups WHERE checkpoint != '{ELSEWHERE}' AND NOT EXISTS "
        "(SELECT 1 FROM jobs WHERE jobs.group_id = groups.id AND jobs.state = 'done')"
    ),
    "an imported round without its answer": (
        f"SELECT id FROM groups WHERE checkpoint = '{ELSEWHERE}' AND "
        "id NOT IN (SELECT group_id FROM ticks)"
    ),
    "a finished job without its round": (
        "SELECT id FROM jobs WHERE state = 'done' AND group_id IS NULL"
    ),
    "a round of an unfinished job": (
        "SELECT id FROM jobs WHERE state != 'done' AND group_id IS NOT NULL"
    ),
    "a candidate without its design": (
        "SELECT id FROM candidates WHERE design = '' OR NOT json_valid(design)"
    ),
    "ticks without an answer": (
        "SELECT group_id FROM ticks WHERE group_id NOT IN (SELECT group_id FROM selections)"
    ),
}


def losses(data: Path, ledger: Ledger) -> list[str]:
    """What is wrong in the database, with the studio dead; empty when nothing is.

    Also settles the ledger: what was under way when the studio died is taken as found.
    """
    with closing(sqlite3.connect(data / "studio.db")) as connection:
        stored = _answers(connection)
        found = [
            *_damage(connection),
            *_broken_promises(connection, stored, ledger),
            *_half_imports(connection, ledger),
        ]
    ledger.settle(stored)
    return found


def lost_in_backups(ledger: Ledger, folder: Path) -> list[str]:
    """What is wrong with the backups that were made: each is put back into a new folder.

    A backup that was killed is whole or isn't there. All are taken off the ledger and the disk.

    Args:
        ledger: which backups, and what had been promised before each.
        folder: for the studios that are put back.
    """
    found = list[str]()
    for target, (has_ended, promised) in ledger.backups.items():
        if target.exists():
            found += _lost_in(target, folder / target.stem, promised, ledger)
            target.unlink()
        elif has_ended:
            found.append(f"the backup {target.name} is gone")
    ledger.backups.clear()
    return found


def _lost_in(target: Path, data: Path, promised: Iterable[int], ledger: Ledger) -> Iterator[str]:
    try:
        backup = restore_backup(target, data)
        if backup.missing:
            yield f"the backup {target.name} lacks pictures: {backup.missing}"
        with closing(sqlite3.connect(data / "studio.db")) as connection:
            stored = _answers(connection)
            yield from _damage(connection)
        for round_id in promised:
            if stored.get(round_id) not in ledger.sent[round_id]:
                yield f"the backup {target.name} lacks the answer to round {round_id}"
    except StudioError as error:
        yield f"the backup {target.name} can't be put back: {error}"
    finally:
        shutil.rmtree(data, ignore_errors=True)


def _half_imports(connection: sqlite3.Connection, ledger: Ledger) -> Iterator[str]:
    """An import is there as a whole or not at all; one that said so stays."""
    for prompt, has_ended in ledger.imports.items():
        there = int(
            connection.execute(
                "SELECT count(*) FROM groups WHERE prompt = ?", (prompt,)
            ).fetchone()[0]
        )
        if there not in (ROUNDS_OF_AN_IMPORT, ROUNDS_OF_AN_IMPORT if has_ended else 0):
            yield f"of the import {prompt!r} {there} rounds are there"
        ledger.imports[prompt] = bool(there)


def strays(data: Path, temporary: Path) -> list[str]:
    """Files that the database doesn't know and rows without a file, once the studio runs again.

    A killed round's files are no strays while the database has them as loose: they will be set
    aside when they are old.

    Call it while no round is being drawn: a file is written before its row.
    """
    with closing(sqlite3.connect(data / "studio.db")) as connection:
        named = {row[0] for row in connection.execute("SELECT image FROM candidates")}
        loose = {row[0] for row in connection.execute("SELECT image FROM loose_images")}
    images = {path for path in (data / "images").rglob("*") if path.is_file()}
    lessons = {path for path in (data / "trainings").rglob("*") if path.is_file()}
    files = {path for path in data.rglob("*") if path.is_file()} - images - lessons
    other = {path.name for path in files} - {
        "studio.db",
        "studio.db-wal",
        "studio.db-shm",
        "studio.lock",
    }
    left = [path.relative_to(temporary) for path in temporary.rglob("*") if path.is_file()]
    missing = named - {path.stem for path in images}
    unnamed = {path.name for path in images if path.name[:64] not in named | loose}
    whole = {path for path in images if path.suffix != ".unfinished"}
    damaged = [path.name for path in sorted(whole) if not _is_whole(path)]
    lists = {
        "images that no row names": unnamed,
        "images that are gone": missing,
        "damaged images": damaged,
        "files of nobody in the data folder": other,
        "files of no training": {path.name for path in lessons if not _is_of_training(path, data)},
        "temporary files that nobody clears up": map(str, left),
    }
    return [f"{what}: {', '.join(sorted(names))}" for what, names in _kept(lists)]


def waiting_jobs(data: Path) -> int:
    """How many jobs wait or run."""
    with closing(sqlite3.connect(data / "studio.db")) as connection:
        row = connection.execute(
            "SELECT count(*) FROM jobs WHERE state IN ('queued', 'running')"
        ).fetchone()
    return int(row[0])


def _answers(connection: sqlite3.Connection) -> dict[int, frozenset[int]]:
    answered = [row[0] for row in connection.execute("SELECT group_id FROM selections")]
    ticks: dict[int, set[int]] = {group_id: set() for group_id in answered}
    for group_id, candidate_id in connection.execute("SELECT group_id, candidate_id FROM ticks"):
        ticks.setdefault(group_id, set()).add(candidate_id)
    return {group_id: frozenset(ids) for group_id, ids in ticks.items()}


def _damage(connection: sqlite3.Connection) -> Iterator[str]:
    verdict = [row[0] for row in connection.execute("PRAGMA integrity_check")]
    if verdict != ["ok"]:
        yield f"the database is damaged: {verdict}"
    for row in connection.execute("PRAGMA foreign_key_check"):
        yield f"a row refers to nothing: {row}"
    for what, query in _ORPHANS.items():
        for row in connection.execute(query):
            yield f"{what}: {row[0]}"


def _broken_promises(
    connection: sqlite3.Connection, stored: dict[int, frozenset[int]], ledger: Ledger
) -> Iterator[str]:
    jobs = {row[0] for row in connection.execute("SELECT id FROM jobs")}
    for job_id in sorted(ledger.jobs - jobs):
        yield f"job {job_id} is gone"
    for round_id, candidates in ledger.rounds.items():
        rows = connection.execute("SELECT id FROM candidates WHERE group_id = ?", (round_id,))
        if {row[0] for row in rows} != candidates:
            yield f"round {round_id} is not as it was shown"
    for round_id, ticks in ledger.answers.items():
        right = {ticks, ledger.unanswered.get(round_id, ticks)}
        if stored.get(round_id) not in right:
            yield f"round {round_id}: {sorted(ticks)} was saved, {stored.get(round_id)} is there"


def _is_of_training(path: Path, data: Path) -> bool:
    """An export, a run, a checkpoint, or what tells of a training."""
    first, *rest = path.relative_to(data / "trainings").parts
    if first in ("runs", "checkpoints"):
        return len(rest) > 1
    named = {"training.json", ".training.json.new", "output.txt", "outcome.json", "cancelled"}
    return first.isdecimal() and (rest[0] == "rounds" or (len(rest) == 1 and rest[0] in named))


def _is_whole(path: Path) -> bool:
    if hashlib.sha256(path.read_bytes()).hexdigest() != path.stem:
        return False
    with Image.open(path) as image:
        image.load()
    return True


def _kept(lists: Mapping[str, Iterable[str]]) -> Iterator[tuple[str, list[str]]]:
    for what, names in lists.items():
        if found := list(names):
            yield what, found
