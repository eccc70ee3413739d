"""Users, their workspaces and their logins."""

import sqlite3
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

from studio.domain import Role, UnknownUserError, UserError, UserNameError, Visitor
from studio.storage.database import Database

Source = Literal["password", "proxy", "huggingface"]
"""Who says that somebody is this user."""


@dataclass(frozen=True, kw_only=True)
class User:
    """Somebody who can log in.

    Attributes:
        source: who says that it is this user.
        key: what tells the user from others of the same source, and never changes.
        name: what to call the person.
        password: hashed; empty where somebody else asks for one.
        role: what the user may do in the workspace.
        workspace: its name.
    """

    id: int
    source: Source
    key: str
    name: str
    password: str
    role: Role
    workspace_id: int
    workspace: str

    @property
    def visitor(self) -> Visitor:
        """Who asks when this user does."""
        return Visitor(workspace_id=self.workspace_id, role=self.role, name=self.name)


class UserStore:
    """Reads and writes `users`, `workspaces` and `logins`; it belongs to no workspace."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def workspace(self, name: str, made_at: datetime) -> int:
        """The id of the workspace with this name, made when it is new."""
        with self._database.transaction() as connection:
            connection.execute(
                "INSERT INTO workspaces (name, made_at) VALUES (?, ?) ON CONFLICT DO NOTHING",
                (name, made_at.isoformat()),
            )
            row = connection.execute("SELECT id FROM workspaces WHERE name = ?", (name,)).fetchone()
        return int(row["id"])

    def workspace_id(self, name: str) -> int:
        """The id of the workspace with this name.

        Raises:
            UserError: there is none.
        """
        found = [each for each, called in self.workspaces().items() if called == name]
        if not found:
            raise UserError(f"There is no workspace {name}: python -m studio.users list.")
        return found[0]

    def workspaces(self) -> dict[int, str]:
        """Id -> name of every workspace."""
        with self._database.reading() as connection:
            rows = connection.execute("SELECT id, name FROM workspaces ORDER BY id").fetchall()
        return {row["id"]: row["name"] for row in rows}

    def add(self, user: User, made_at: datetime) -> User:
        """Keep a new user; `user.id` is not looked at.

        Raises:
            UserError: there is one with that key already.
        """
        try:
            with self._database.transaction() as connection:
                connection.execute(
                    "INSERT INTO users (source, key, name, password, role, workspace_id, made_at) "
                    "VALUES (?, ?, ?, ?, ?, ?, ?)",
                    (
                        user.source,
                        user.key,
                        user.name,
                        user.password,
                        user.role,
                        user.workspace_id,
                        made_at.astimezone(UTC).isoformat(),
                    ),
                )
        except sqlite3.IntegrityError as error:
            raise UserNameError(f"There is a user named {user.name} already.") from error
        return self.get(user.source, user.key)

    def find(self, source: Source, key: str) -> User | None:
        """The user whom a source calls so."""
        return self._one("users.source = ? AND users.key = ?", source, key)

    def get(self, source: Source, key: str) -> User:
        """The same.

        Raises:
            UserError: there is no such user.
        """
        user = self.find(source, key)
        if user is None:
            raise UnknownUserError(f"There is no user named {key}.")
        return user

    def all(self) -> tuple[User, ...]:
        """Every user, by workspace and name."""
        with self._database.reading() as connection:
            rows = connection.execute(f"{_SELECT} ORDER BY workspace_id, users.name").fetchall()
        return tuple(_user(row) for row in rows)

    def change(self, user: User) -> None:
        """Keep a user's role and password; other logins of this user end."""
        with self._database.transaction() as connection:
            connection.execute(
                "UPDATE users SET role = ?, password = ? WHERE id = ?",
                (user.role, user.password, user.id),
            )
            connection.execute("DELETE FROM logins WHERE user_id = ?", (user.id,))

    def remove(self, user: User) -> None:
        """Let somebody in no longer; what is in the workspace stays."""
        with self._database.transaction() as connection:
            connection.execute("DELETE FROM users WHERE id = ?", (user.id,))

    def begin_login(self, token: str, user: User, now: datetime, ends_at: datetime) -> None:
        """Keep a login, and forget those that have ended."""
        with self._database.transaction() as connection:
            connection.execute("DELETE FROM logins WHERE ends_at < ?", (_text(now),))
            connection.execute(
                "INSERT INTO logins (token, user_id, ends_at) VALUES (?, ?, ?)",
                (token, user.id, _text(ends_at)),
            )

    def of_login(self, token: str, now: datetime) -> User | None:
        """Whose login it is; None when there is no such login any more."""
        return self._one(
            "users.id = (SELECT user_id FROM logins WHERE token = ? AND ends_at >= ?)",
            token,
            _text(now),
        )

    def end_login(self, token: str) -> None:
        """Forget a login."""
        with self._database.transaction() as connection:
            connection.execute("DELETE FROM logins WHERE token = ?", (token,))

    def _one(self, condition: str, *values: str) -> User | None:
        with self._database.reading() as connection:
            row = connection.execute(f"{_SELECT} WHERE {condition}", values).fetchone()
        return None if row is None else _user(row)


_SELECT = (
    "SELECT users.*, workspaces.name AS workspace FROM users "
    "JOIN workspaces ON workspaces.id = workspace_id"
)


def _text(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds")


def _user(row: sqlite3.Row) -> User:
    return User(
        id=row["id"],
        source=row["source"],
        key=row["key"],
        name=row["name"],
        password=row["password"],
        role=Role(row["role"]) if row["role"] in [*Role] else Role.VIEWER,  # whoever wrote that
        workspace_id=row["workspace_id"],
        workspace=row["workspace"],
    )
