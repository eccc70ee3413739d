"""Who may come in, as whom, and to which workspace: the one place that decides."""

import hashlib
import secrets
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from math import ceil

from studio.domain import (
    LastOwnerError,
    LoginError,
    Role,
    TooManyAttemptsError,
    UnknownUserError,
    UserError,
    UserNameError,
    Visitor,
)
from studio.perfusion.profile import FASHION_SCHEMA
from studio.services.attempts import Attempts
from studio.services.passwords import fits, hashed, new_password
from studio.services.stores import StoreBook
from studio.storage.database import Database
from studio.storage.users import Source, User, UserStore

FIRST_NAME = "studio"
"""What the first workspace is called: whatever was made without a login is in it."""
LOGGED_IN = timedelta(days=14)
LONGEST_NAME = 80
_PER_NAME_AND_ADDRESS, _PER_ADDRESS, _PER_NAME = 5, 25, 100
"""Wrong passwords in a quarter of an hour: a stranger can't lock somebody out from elsewhere."""


class Accounts:
    """Adds users, lets them in, and knows them again.

    Args:
        database: without a visitor: users belong to no workspace.
        now: the time.
        attempts: counts wrong passwords.
    """

    def __init__(
        self,
        database: Database,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        attempts: Attempts | None = None,
    ) -> None:
        self._database = database
        self._users = UserStore(database)
        self._now = now
        self._attempts = attempts or Attempts()

    def add(
        self, name: str, password: str, role: Role = Role.OWNER, workspace: str = FIRST_NAME
    ) -> User:
        """Let somebody in by name and password.

        Args:
            name: to log in with; upper and lower case are the same.
            password: 10 to 200 characters.
            role: in the workspace.
            workspace: its name; made when it is new.

        Raises:
            UserError: the name is taken or can't be used, or the password.
        """
        return self._add("password", _key(name), _name(name), hashed(password), role, workspace)

    def all(self) -> tuple[User, ...]:
        """Every user, by workspace and name."""
        return self._users.all()

    def set_password(self, name: str, password: str) -> None:
        """Give a user another password; all logins of this user end.

        Raises:
            UserError: there is no such user, or the password can't be used.
        """
        user = self._users.get("password", _key(name))
        self._users.change(replace(user, password=hashed(password)))

    def set_role(self, name: str, role: Role, source: Source = "password") -> None:
        """Let a user do more or less; all logins of this user end.

        Raises:
            UserError: there is no such user.
        """
        self._users.change(replace(self._users.get(source, _key(name)), role=role))

    def remove(self, name: str, source: Source = "password") -> None:
        """Let a user in no longer; what is in the workspace stays.

        Raises:
            UserError: there is no such user.
        """
        self._users.remove(self._users.get(source, _key(name)))

    def log_in(self, name: str, password: str, address: str) -> str:
        """Begin a login.

        Args:
            name: as typed.
            password: as typed.
            address: of the machine that asks.

        Returns:
            The token that tells the login; only its hash is kept.

        Raises:
            LoginError: name and password don't fit; it never says which of the two is wrong.
            TooManyAttemptsError: too many were wrong lately.
        """
        key = _key(name)[:LONGEST_NAME]
        limits = {
            f"both {address} {key}": _PER_NAME_AND_ADDRESS,
            f"address {address}": _PER_ADDRESS,
            f"name {key}": _PER_NAME,
        }
        wait_s = self._attempts.wait_s(limits)
        if wait_s > 0:
            raise TooManyAttemptsError(
                f"Too many wrong passwords. Try again in {ceil(wait_s / 60)} minutes."
            )
        user = self._users.find("password", key)
        if not fits(password, "" if user is None else user.password) or user is None:
            self._attempts.failed(limits)
            raise LoginError("That name and that password don't fit.")
        self._attempts.forget(f"both {address} {key}")
        token = secrets.token_urlsafe(32)
        self._users.begin_login(_digest(token), user, self._now(), self._now() + LOGGED_IN)
        return token

    def visitor_of(self, token: str) -> Visitor | None:
        """Who has begun this login; None when it has ended or there is none."""
        user = self._users.of_login(_digest(token), self._now())
        return None if user is None else user.visitor

    def log_out(self, token: str) -> None:
        """End a login; nothing happens to one that has ended."""
        self._users.end_login(_digest(token))

    def known_as(self, source: Source, key: str, name: str) -> Visitor:
        """Who comes with another's word: a proxy's, or Hugging Face's.

        Whoever comes for the first time gets a workspace of their own.

        Args:
            source: whose word it is.
            key: what tells the person from others there, and never changes.
            name: what to call the person.

        Raises:
            UserError: the key is none.
        """
        key = _key(key)
        user = self._users.find(source, key)
        if user is None:
            workspace = f"{source} {key}"
            user = self._add(source, key, _name(name), "", Role.OWNER, workspace)
        return user.visitor

    def invite(self, source: Source, key: str, role: Role, workspace: str = FIRST_NAME) -> User:
        """Give somebody whom another knows a role in a workspace, before they first come.

        Raises:
            UserError: the key is taken or none.
        """
        return self._add(source, _key(key), _name(key), "", role, workspace)

    def people_of(self, owner: Visitor) -> tuple[User, ...]:
        """Everybody who may come into an owner's workspace, by name.

        Raises:
            ForbiddenError: who asks is no owner.
        """
        owner.check_owns()
        return tuple(each for each in self.all() if each.workspace_id == owner.workspace_id)

    def let_in(self, owner: Visitor, name: str, password: str, role: Role) -> User:
        """Let somebody into an owner's workspace; see `add`.

        Raises:
            ForbiddenError: who asks is no owner.
            UserError: the name is taken or can't be used, or the password.
        """
        owner.check_owns()
        return self.add(name, password, role, self._users.workspaces()[owner.workspace_id])

    def let_in_by_new_password(self, owner: Visitor, name: str, role: Role) -> str:
        """Let somebody into an owner's workspace by a password that is made here.

        Returns:
            The password, to be handed on; nobody can read it later.

        Raises:
            StudioError: see `let_in`.
        """
        password = new_password()
        self.let_in(owner, name, password, role)
        return password

    def give_new_password(self, owner: Visitor, name: str) -> str:
        """Another password for somebody of an owner's workspace; all logins of before end.

        Returns:
            The password, to be handed on; nobody can read it later.

        Raises:
            ForbiddenError: who asks is no owner.
            UserError: there is no such user, or one whom somebody else asks for a password.
        """
        user = self._of_owner(owner, name)
        if user.source != "password":
            raise UnknownUserError(f"{user.name} comes in without a password of this studio's.")
        password = new_password()
        self._users.change(replace(user, password=hashed(password)))
        return password

    def let_do(self, owner: Visitor, name: str, role: Role) -> None:
        """Let somebody of an owner's workspace do more or less.

        Raises:
            ForbiddenError: who asks is no owner.
            UserError: there is no such user, or a workspace would have no owner.
        """
        user = self._of_owner(owner, name)
        self._check_owner_left(user, role)
        self._users.change(replace(user, role=role))

    def let_out(self, owner: Visitor, name: str) -> None:
        """Let somebody into an owner's workspace no longer.

        Raises:
            ForbiddenError: who asks is no owner.
            UserError: there is no such user, or a workspace would have no owner.
        """
        user = self._of_owner(owner, name)
        self._check_owner_left(user, None)
        self._users.remove(user)

    def _of_owner(self, owner: Visitor, name: str) -> User:
        """A user of the owner's workspace; one of another's is as good as none."""
        found = [each for each in self.people_of(owner) if each.key == _key(name)]
        if not found:
            raise UnknownUserError(f"There is no user named {name}.")
        return found[0]

    def _check_owner_left(self, user: User, role: Role | None) -> None:
        owners = [
            each
            for each in self.all()
            if each.workspace_id == user.workspace_id and each.role is Role.OWNER
        ]
        if owners == [user] and role is not Role.OWNER:
            raise LastOwnerError(
                "A workspace has at least one owner. Make somebody else one first."
            )

    def _add(
        self, source: Source, key: str, name: str, password: str, role: Role, workspace: str
    ) -> User:
        with self._database.transaction():
            workspace_id = self._users.workspace(workspace, self._now())
            user = User(
                id=0,
                source=source,
                key=key,
                name=name,
                password=password,
                role=role,
                workspace_id=workspace_id,
                workspace=workspace,
            )
            added = self._users.add(user, self._now())
            StoreBook(
                self._database.of(Visitor(workspace_id=workspace_id)), FASHION_SCHEMA
            ).add_samples()
        return added


def workspace_of(database: Database, name: str) -> Database:
    """The database as an owner of the workspace with this name may use it.

    Raises:
        UserError: there is no such workspace.
    """
    return database.of(Visitor(workspace_id=UserStore(database).workspace_id(name)))


def role_named(text: str) -> Role:
    """A role by its name.

    Raises:
        UserError: there is no such role.
    """
    if text not in [*Role]:
        raise UserError(f"A role is {', '.join(Role)}.")
    return Role(text)


def _key(name: str) -> str:
    return " ".join(name.casefold().split())


def _name(name: str) -> str:
    name = " ".join(name.split())
    if not name or not name.isprintable() or len(name) > LONGEST_NAME:
        raise UserNameError(f"A name has 1 to {LONGEST_NAME} characters that can be printed.")
    return name


def _digest(token: str) -> str:
    """What is kept of a token: who reads the database can't log in with that."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()
