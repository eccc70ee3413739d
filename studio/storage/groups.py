"""Groups: the rounds that were generated, with their candidates."""

import sqlite3
from datetime import datetime

from studio.domain import (
    Candidate,
    CandidateGroup,
    NewGroup,
    Pace,
    RoundFilter,
    RoundRequest,
    SearchTerm,
    UnknownCandidateError,
    UnknownGroupError,
)
from studio.storage.database import Database
from studio.storage.loose_images import LooseImageStore
from studio.storage.request_rows import (
    readable,
    request_from_text,
    request_to_text,
    time_of,
)
from studio.storage.selections import SelectionStore

_NOTHING_TO_GO_ON_FROM = "The round or the store to go on from is no longer there. Reload the page."


class GroupStore:
    """Reads and writes a workspace's `groups` and `candidates`.

    `count`, `purge` and `image_digests` know all workspaces: they are for the studio itself.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._selections = SelectionStore(database)
        self._loose = LooseImageStore(database)

    def latest_id(self) -> int | None:
        """The id of the newest round."""
        with self._database.reading() as connection:
            row = connection.execute(
                "SELECT max(id) AS id FROM groups WHERE deleted_at IS NULL AND workspace_id = ?",
                (self._database.workspace_id,),
            ).fetchone()
        return None if row["id"] is None else int(row["id"])

    def count(self) -> int:
        """How many rounds all workspaces have, deleted ones that can still come back included."""
        with self._database.reading() as connection:
            return int(connection.execute("SELECT count(*) FROM groups").fetchone()[0])

    def latest_pace(self) -> Pace | None:
        """How long the newest round took whose time was kept."""
        with self._database.reading() as connection:
            rows = connection.execute(
                "SELECT request, seconds FROM groups WHERE seconds IS NOT NULL "
                "AND workspace_id = ? ORDER BY id DESC LIMIT 8",
                (self._database.workspace_id,),
            ).fetchall()
        return next(readable(rows, _pace), None)

    def page(
        self, wanted: RoundFilter, limit: int, before_id: int | None = None
    ) -> tuple[CandidateGroup, ...]:
        """The newest rounds that are wanted, newest first.

        Args:
            wanted: which ones.
            limit: at most so many.
            before_id: go on after this round.
        """
        kept = "deleted_at IS NOT NULL" if wanted.deleted else "deleted_at IS NULL"
        conditions = [kept, "workspace_id = ?"]
        values: list[str | int] = [self._database.workspace_id]
        if wanted.store_id is not None:
            conditions.append("store_id = ?")
            values.append(wanted.store_id)
        if wanted.favourites_only:
            conditions.append("favourite = 1")
        for term in wanted.terms:
            condition, of_term = _condition(term)
            conditions.append(condition)
            values += of_term
        if before_id is not None:
            conditions.append("id < ?")
            values.append(before_id)
        with self._database.reading() as connection:
            rows = connection.execute(
                f"SELECT id FROM groups WHERE {' AND '.join(conditions)} ORDER BY id DESC LIMIT ?",
                (*values, limit),
            ).fetchall()
        return tuple(readable((row["id"] for row in rows), self.get))

    def answered(self, store_id: int | None = None) -> tuple[int, ...]:
        """Ids of the rounds that were answered and not deleted, oldest first."""
        with self._database.reading() as connection:
            rows = connection.execute(
                "SELECT groups.id FROM groups JOIN selections ON selections.group_id = groups.id "
                "WHERE deleted_at IS NULL AND (?1 IS NULL OR store_id = ?1) AND workspace_id = ?2 "
                "ORDER BY groups.id",
                (store_id, self._database.workspace_id),
            ).fetchall()
        return tuple(row["id"] for row in rows)

    def star(self, group_id: int, is_favourite: bool) -> None:
        """Star a round, or take its star away.

        Raises:
            UnknownGroupError: there is no such round.
        """
        self._update("UPDATE groups SET favourite = ? WHERE id = ?", int(is_favourite), group_id)

    def delete(self, group_id: int, deleted_at: datetime) -> None:
        """Take a round out of the history; its rows and files stay for a while.

        Raises:
            UnknownGroupError: there is no such round.
        """
        self._update(
            "UPDATE groups SET deleted_at = ? WHERE id = ?", deleted_at.isoformat(), group_id
        )

    def undelete(self, group_id: int) -> None:
        """Put a deleted round back.

        Raises:
            UnknownGroupError: it is gone for good.
        """
        self._update("UPDATE groups SET deleted_at = NULL WHERE id = ?", group_id)

    def purge(self, deleted_before: datetime, now: datetime, days_of_work: int) -> None:
        """Forget for good what was deleted before then; images that it named alone are loose.

        What somebody has put into a collection stays, and so does what is or was listed: orders
        and production lead back to it.

        Args:
            deleted_before: the clock's word, which may be years ahead.
            now: by the same clock.
            days_of_work: so many different days must have had rounds asked for since.
        """
        with self._database.transaction() as connection:
            named = self.image_digests()
            connection.execute(
                "DELETE FROM groups WHERE deleted_at < ? AND ? <= ("
                "SELECT count(DISTINCT substr(made_at, 1, 10)) FROM jobs "
                "WHERE made_at > groups.deleted_at AND made_at <= ?) AND NOT EXISTS ("
                "SELECT 1 FROM collected JOIN candidates ON candidates.id = candidate_id "
                "JOIN collections ON collections.id = collection_id "
                "WHERE group_id = groups.id AND collections.deleted_at IS NULL) AND NOT EXISTS ("
                "SELECT 1 FROM listings JOIN candidates ON candidates.id = candidate_id "
                "WHERE group_id = groups.id)",
                (deleted_before.isoformat(), days_of_work, now.isoformat()),
            )
            self._loose.enter(named - self.image_digests(), now)

    def add(self, group: NewGroup) -> int:
        """Keep a round; its images are on the disk already.

        Returns:
            The group's id.

        Raises:
            UnknownGroupError: the round it goes on from, or its store, does not exist.
        """
        try:
            with self._database.transaction() as connection:
                self._check_own(connection, group.request)
                cursor = connection.execute(
                    "INSERT INTO groups (workspace_id, "
                    "parent_id, store_id, request, prompt, checkpoint, made_at, seconds) "
                    "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                    (
                        self._database.workspace_id,
                        group.request.parent_id,
                        group.request.store_id,
                        request_to_text(group.request),
                        group.prompt,
                        group.checkpoint,
                        group.made_at.isoformat(),
                        group.seconds,
                    ),
                )
                group_id = int(cursor.lastrowid or 0)
                connection.executemany(
                    "INSERT INTO candidates (group_id, position, seed, image, design, explores) "
                    "VALUES (?, ?, ?, ?, ?, ?)",
                    [
                        (group_id, position, each.seed, each.image, each.design, each.explores)
                        for position, each in enumerate(group.candidates, start=1)
                    ],
                )
                self._loose.leave(each.image for each in group.candidates)
                self._loose.leave(group.request.start_images)
        except sqlite3.IntegrityError as error:
            raise UnknownGroupError(_NOTHING_TO_GO_ON_FROM) from error
        return group_id

    def get(self, group_id: int) -> CandidateGroup:
        """The round with this id, with its latest answer.

        Raises:
            UnknownGroupError: there is none.
            UnreadableRowError: its row was written by something else.
        """
        with self._database.reading() as connection:
            row = connection.execute(
                "SELECT * FROM groups WHERE id = ? AND workspace_id = ?",
                (group_id, self._database.workspace_id),
            ).fetchone()
            if row is None:
                raise UnknownGroupError("That round is no longer there. Reload the page.")
            candidates = connection.execute(
                "SELECT * FROM candidates WHERE group_id = ? ORDER BY position", (group_id,)
            ).fetchall()
        answer = self._selections.of_group(group_id)
        return CandidateGroup(
            id=row["id"],
            parent_id=row["parent_id"],
            request=request_from_text(row["request"]),
            prompt=row["prompt"],
            checkpoint=row["checkpoint"],
            made_at=time_of(row["made_at"]),
            candidates=tuple(_candidate(candidate) for candidate in candidates),
            selected_ids=None if answer is None else answer.candidate_ids,
            is_favourite=bool(row["favourite"]),
            is_deleted=row["deleted_at"] is not None,
        )

    def of_candidate(self, candidate_id: int) -> CandidateGroup:
        """The round that shows this candidate.

        Raises:
            UnknownCandidateError: there is no such candidate.
        """
        with self._database.reading() as connection:
            row = connection.execute(
                "SELECT group_id FROM candidates JOIN groups ON groups.id = group_id "
                "WHERE candidates.id = ? AND workspace_id = ?",
                (candidate_id, self._database.workspace_id),
            ).fetchone()
        if row is None:
            raise UnknownCandidateError("That design is no longer there. Reload the page.")
        return self.get(row["group_id"])

    def of_image(self, image: str) -> CandidateGroup | None:
        """The newest round that shows this picture; None where none does.

        Args:
            image: the SHA-256 of its file.
        """
        with self._database.reading() as connection:
            row = connection.execute(
                "SELECT group_id FROM candidates JOIN groups ON groups.id = group_id "
                "WHERE image = ? AND workspace_id = ? ORDER BY candidates.id DESC LIMIT 1",
                (image, self._database.workspace_id),
            ).fetchone()
        return None if row is None else self.get(row["group_id"])

    def lineage(self, group_id: int, limit: int = 12) -> tuple[CandidateGroup, ...]:
        """The rounds that led to this one, oldest first, itself included; the last `limit`."""
        with self._database.reading() as connection:
            rows = connection.execute(
                """WITH RECURSIVE line (id, parent_id, depth) AS (
                    SELECT id, parent_id, 1 FROM groups WHERE id = ?1 AND workspace_id = ?3
                    UNION ALL
                    SELECT groups.id, groups.parent_id, depth + 1
                    FROM groups JOIN line ON groups.id = line.parent_id
                    WHERE depth < ?2 AND workspace_id = ?3
                ) SELECT id FROM line ORDER BY depth DESC""",
                (group_id, limit, self._database.workspace_id),
            ).fetchall()
        *before, last = (row["id"] for row in rows) if rows else (group_id,)
        return (*readable(before, self.get), self.get(last))

    def shown(self) -> set[tuple[str, tuple[str, ...], str]]:
        """What tells rounds apart: their phrases, their images in order, and the store's key.

        Deleted rounds count, too. The key is "" without a store; where another store answered
        than was asked, the round stands there under both.
        """
        with self._database.reading() as connection:
            rows = connection.execute(
                "SELECT groups.prompt, candidates.group_id, candidates.image, "
                "coalesce(stores.key, '') AS asked, "
                "CASE WHEN json_valid(selections.profile) THEN "
                "coalesce(json_extract(selections.profile, '$.fields.store_id'), '') END "
                "AS answered FROM groups "
                "JOIN candidates ON candidates.group_id = groups.id "
                "LEFT JOIN stores ON stores.id = groups.store_id "
                "LEFT JOIN selections ON selections.group_id = groups.id "
                "WHERE groups.workspace_id = ? ORDER BY candidates.group_id, position",
                (self._database.workspace_id,),
            ).fetchall()
        images: dict[int, list[str]] = {}
        for row in rows:
            images.setdefault(row["group_id"], []).append(row["image"])
        return {
            (row["prompt"], tuple(images[row["group_id"]]), str(key))
            for row in rows
            for key in (row["asked"], row["answered"])
            if key is not None
        }

    def image_digests(self) -> frozenset[str]:
        """The images that a round shows, or that a round or a waiting job starts from."""
        with self._database.reading() as connection:
            rows = connection.execute(
                "SELECT image FROM candidates UNION "
                f"SELECT value FROM groups, {_starts_of('groups')} UNION "
                f"SELECT value FROM jobs, {_starts_of('jobs')}"
            ).fetchall()
        return frozenset(str(row["image"]) for row in rows)

    def _check_own(self, connection: sqlite3.Connection, request: RoundRequest) -> None:
        """Refuse a round that goes on from another workspace's round, or is for its store."""
        for table, row_id in (("groups", request.parent_id), ("stores", request.store_id)):
            found = connection.execute(
                f"SELECT ? IS NULL OR EXISTS "
                f"(SELECT 1 FROM {table} WHERE id = ? AND workspace_id = ?)",
                (row_id, row_id, self._database.workspace_id),
            ).fetchone()
            if not found[0]:
                raise UnknownGroupError(_NOTHING_TO_GO_ON_FROM)

    def _update(self, statement: str, *values: str | int) -> None:
        with self._database.transaction() as connection:
            statement = f"{statement} AND workspace_id = ?"
            values = (*values, self._database.workspace_id)
            if connection.execute(statement, values).rowcount == 0:
                raise UnknownGroupError("That round is no longer there. Reload the page.")


def _plain(sql: str) -> str:
    """Words in small letters with single spaces for what else stands between them."""
    for sign in (",", "-", "/", "\u3001", "\uff0c"):
        sql = f"replace({sql}, '{sign}', ' ')"
    return f"' ' || lower({sql})"


_WORDS = _plain(
    "prompt || ' ' || CASE WHEN json_valid(request) "
    "THEN coalesce(json_extract(request, '$.generation.prompt'), '') ELSE '' END || ' ' || "
    "coalesce((SELECT name FROM stores WHERE stores.id = groups.store_id), '')"
)


def _condition(term: SearchTerm) -> tuple[str, list[str | int]]:
    """SQL that is true of the rounds that fit a term, and its values."""
    ways: list[str] = []
    values: list[str | int] = []
    for texts in term.words:
        # Chinese has no spaces between words, so there a text may stand anywhere.
        sought = [_plain("?") if text.isascii() else "lower(?)" for text in texts]
        ways.append(" AND ".join(f"instr({_WORDS}, {each}) > 0" for each in sought))
        values += texts
    if term.round_id is not None:
        ways.append("id = ?")
        values.append(term.round_id)
    if term.between is not None:
        ways.append("(made_at >= ? AND made_at < ?)")
        values += [each.isoformat() for each in term.between]
    return f"({' OR '.join(ways) or '0'})", values


def _starts_of(table: str) -> str:
    """The pictures that a request starts from, as a table; none where the request is damaged."""
    request = f"CASE WHEN json_valid({table}.request) THEN {table}.request ELSE '{{}}' END"
    return f"json_each({request}, '$.start_images')"


def _pace(row: sqlite3.Row) -> Pace:
    request = request_from_text(row["request"])
    return Pace(max(1, request.generation.num_candidates), max(0.0, row["seconds"]))


def _candidate(row: sqlite3.Row) -> Candidate:
    return Candidate(
        id=row["id"],
        position=row["position"],
        seed=row["seed"],
        image=row["image"],
        design=row["design"],
        lots=row["lots"],
        explores=bool(row["explores"]),
    )
